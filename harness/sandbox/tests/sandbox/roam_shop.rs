//! The mall as somebody who is logged in uses it.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::bench::Bench;
use crate::client::{self, Answer};

/// Somebody who is logged in.
pub struct Shop {
    pub address: SocketAddr,
    pub session: String,
    pub user: u64,
}

/// Parameters by name.
pub type Parameters<'a> = &'a [(&'a str, &'a str)];

/// Twelve days at the document's price (#37): 411.20.
pub const TWELVE_DAYS: Parameters = &[
    ("productid", "5"),
    ("quantity", "1"),
    ("effect_datetime", "2016-07-25 00:00:00"),
    ("failure_datetime", "2016-08-05 23:59:59"),
    ("areaname", "美国"),
];

/// Eight days and 300 minutes (#56): 31.00.
pub const EIGHT_DAYS: Parameters = &[
    ("productid", "7"),
    ("quantity", "1"),
    ("effect_datetime", "2016-07-18 00:00:00"),
    ("failure_datetime", "2016-07-25 23:59:59"),
    ("call_duration", "300"),
];

/// A card: 50.00.
pub const CARD: Parameters = &[("productid", "1"), ("quantity", "1")];

/// Two days of traffic, long after the sandbox's now.
pub const TRAFFIC: Parameters = &[
    ("productid", "2"),
    ("quantity", "1"),
    ("effect_datetime", "2030-01-01 00:00:00"),
    ("failure_datetime", "2030-01-02 23:59:59"),
    ("areaname", "泰国"),
];

/// An address in Hangzhou.
pub const ADDRESS: Parameters = &[
    ("consignee", "示例人"),
    ("email", "someone@shop.example"),
    ("mobile", "17100000007"),
    ("province", "31"),
    ("city", "383"),
    ("district", "3233"),
    ("address", "示例路1号"),
];

pub const LOGIN: &str = "/uc/services/login";

pub fn path(operation: &str) -> String {
    match operation.starts_with('/') {
        true => format!("/roam{operation}"),
        false => format!("/roam/uc/services/{operation}"),
    }
}

/// `name=value` with everything but letters and digits percent-encoded.
pub fn encoded(parameters: Parameters) -> String {
    let encode = |text: &str| -> String {
        let byte = |byte: u8| match byte.is_ascii_alphanumeric() {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        };
        text.bytes().map(byte).collect()
    };
    let pair = |(name, value): &(&str, &str)| format!("{}={}", encode(name), encode(value));
    parameters.iter().map(pair).collect::<Vec<_>>().join("&")
}

pub fn parsed(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200);
    serde_json::from_str(&answer.text()).unwrap_or_else(|error| panic!("{error}: {}", answer.text()))
}

pub fn login(address: SocketAddr, name: &str, password: &str) -> Value {
    let query = encoded(&[("username", name), ("password", password)]);
    parsed(&client::get(address, &format!("{}?{query}", path(LOGIN))))
}

impl Shop {
    pub fn open(address: SocketAddr, name: &str, password: &str) -> Shop {
        let answer = login(address, name, password);
        let session = answer["sessionid"].as_str().expect("a session").to_owned();
        let user = &answer["userid"];
        let user = user.as_u64().or_else(|| user.as_str()?.parse().ok()).expect("a user");
        Shop { address, session, user }
    }

    /// Customer number 7.
    pub fn customer(bench: &Bench) -> Shop {
        Shop { user: 7, ..Shop::open(bench.address(), "member7", "member7-pass") }
    }

    /// Customer number 8.
    pub fn other(bench: &Bench) -> Shop {
        Shop { user: 8, ..Shop::open(bench.address(), "member8", "member8-pass") }
    }

    /// Somebody of operations.
    pub fn staff(bench: &Bench) -> Shop {
        Shop { user: 100, ..Shop::open(bench.address(), "operator1", "operator1-pass") }
    }

    fn with_session(&self, parameters: Parameters) -> String {
        let user = self.user.to_string();
        encoded(&[&[("userid", user.as_str()), ("sessionid", self.session.as_str())], parameters].concat())
    }

    /// By GET, as it came.
    pub fn raw(&self, operation: &str, parameters: Parameters) -> Answer {
        client::get(self.address, &format!("{}?{}", path(operation), self.with_session(parameters)))
    }

    /// By GET.
    pub fn get(&self, operation: &str, parameters: Parameters) -> Value {
        parsed(&self.raw(operation, parameters))
    }

    /// By POST of a form.
    pub fn form(&self, operation: &str, parameters: Parameters) -> Value {
        let body = self.with_session(parameters);
        let form = "application/x-www-form-urlencoded";
        parsed(&client::post(self.address, &path(operation), form, body.as_bytes()))
    }

    /// By POST of JSON, with session and user added.
    pub fn json(&self, operation: &str, mut body: Value) -> Value {
        body["userid"] = json!(self.user);
        body["sessionid"] = json!(self.session);
        let media_type = "application/json; charset=utf8";
        parsed(&client::post(self.address, &path(operation), media_type, body.to_string().as_bytes()))
    }

    /// A new order's id.
    pub fn order(&self, parameters: Parameters) -> String {
        id(&self.get("order_submit", parameters)["result"]["order"])
    }

    /// A new order's id; it is paid.
    pub fn paid(&self, parameters: Parameters) -> String {
        let order = self.order(parameters);
        self.pay(&order);
        order
    }

    pub fn pay(&self, order: &str) -> Value {
        self.form("order_paying", &[("orderid", order), ("payid", "1"), ("payvoucher", "000011112222")])
    }

    /// An order with its lines, from the list.
    pub fn listed(&self, order: &str) -> Value {
        let orders = self.get("order_gets", &[("pagesize", "1000")]);
        let orders = orders["result"]["orders"].as_array().expect("orders").clone();
        orders.into_iter().find(|listed| id(listed) == order).unwrap_or(Value::Null)
    }

    /// Ids of a list in the result.
    pub fn ids(&self, operation: &str, parameters: Parameters, list: &str) -> Vec<String> {
        let answer = self.get(operation, parameters);
        answer["result"][list].as_array().expect("a list").iter().map(id).collect()
    }

    /// The payment page's hidden inputs, in their order.
    pub fn payment_page(&self, order: &str) -> Vec<(String, String)> {
        let parameters: Parameters = &[("orderid", order), ("payid", "2")];
        inputs(&self.raw("order_paying", parameters).text())
    }
}

/// The `id` of a thing.
pub fn id(thing: &Value) -> String {
    thing["id"].to_string()
}

/// Names and values of the hidden inputs of a page.
pub fn inputs(page: &str) -> Vec<(String, String)> {
    let input = |text: &str| {
        let (name, rest) = text.split_once("\" value=\"")?;
        let (value, _) = rest.split_once("\"/>")?;
        Some((name.to_owned(), value.to_owned()))
    };
    page.split("<input type=\"hidden\" name=\"").skip(1).filter_map(input).collect()
}

/// The members of a value, some of them.
pub fn some(value: &Value, names: &[&str]) -> Value {
    names
        .iter()
        .map(|name| ((*name).to_owned(), value[*name].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Whether it is this number.
pub fn is(number: &Value, text: &str) -> bool {
    number.as_u64().is_some_and(|number| text.parse() == Ok(number))
}

pub fn error(answer: &Value) -> u64 {
    assert_eq!(answer["error_no"] == 0, answer["error_info"] == "成功", "{answer}");
    answer["error_no"].as_u64().expect("a number")
}
