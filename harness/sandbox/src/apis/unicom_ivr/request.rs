//! The request: three parameters, of which the query has two.

use crate::dates::is_compact_datetime;
use crate::fault::Faults;
use crate::gbk;
use crate::parameters::{Parameter, Parameters};

use super::faults;
use super::refusal::Refusal;

/// Prefixes of China Unicom's mobile numbers.
const PREFIXES: [&str; 10] = ["130", "131", "132", "155", "156", "166", "175", "176", "185", "186"];

/// The longest productid, in characters.
const LONGEST_PRODUCT: usize = 32;

/// A request as it came.
#[derive(Debug)]
pub(super) struct Request {
    parameters: Parameters,
    longest_product: usize,
}

/// Whose subscription to what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Subscriber {
    pub(super) phone: String,
    pub(super) product: String,
}

impl Request {
    /// Reads a query string that is percent-encoded GBK.
    pub(super) fn read(faults: &Faults, query: &str) -> Request {
        let parameters = if faults.has(&faults::QUERY_READ_AS_UTF8) {
            Parameters::from_query(query, |bytes| {
                Some(String::from_utf8_lossy(bytes).replace('\u{FFFD}', "?"))
            })
        } else {
            Parameters::from_query(query, gbk::decode)
        };
        let unlimited = faults.has(&faults::PRODUCT_LENGTH_NOT_CHECKED);
        Request { parameters, longest_product: if unlimited { usize::MAX } else { LONGEST_PRODUCT } }
    }

    /// The phone to repeat in the answer; empty if it is missing or not GBK.
    pub(super) fn echoed_phone(&self) -> &str {
        self.parameters.get("phone").echo()
    }

    /// The productid to repeat in the answer; empty if it is missing or not GBK.
    pub(super) fn echoed_product(&self) -> &str {
        self.parameters.get("productid").echo()
    }

    /// A phone and a productid that look as they should. Whether the carrier knows them is another question.
    pub(super) fn subscriber(&self) -> Result<Subscriber, Refusal> {
        let phone = self.required("phone")?;
        let product = self.required("productid")?;
        if phone.len() != 11 || !phone.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::Malformed("phone"));
        }
        if product.chars().count() > self.longest_product || product.chars().any(char::is_control) {
            return Err(Refusal::Malformed("productid"));
        }
        Ok(Subscriber { phone: phone.to_owned(), product: product.to_owned() })
    }

    /// An order_time that is a moment.
    pub(super) fn order_time(&self, faults: &Faults) -> Result<String, Refusal> {
        let order_time = self.required("order_time")?;
        if is_compact_datetime(order_time) || faults.has(&faults::ORDER_TIME_NOT_CHECKED) {
            Ok(order_time.to_owned())
        } else {
            Err(Refusal::Malformed("order_time"))
        }
    }

    fn required(&self, name: &'static str) -> Result<&str, Refusal> {
        match self.parameters.get(name) {
            Parameter::Given(text) => Ok(text),
            Parameter::Missing => Err(Refusal::Missing(name)),
            Parameter::Unreadable => Err(Refusal::Malformed(name)),
        }
    }
}

impl Subscriber {
    /// Whether the number is one of China Unicom's.
    pub(super) fn is_known(&self) -> bool {
        PREFIXES.iter().any(|prefix| self.phone.starts_with(prefix))
    }

    /// Whether the carrier's later processing of an order fails.
    pub(super) fn order_will_fail(&self) -> bool {
        self.product.starts_with("fail")
    }
}
