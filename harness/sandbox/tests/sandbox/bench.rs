//! A sandbox with a partner, the same every time, and the requests of the APIs.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use proofmark_sandbox::{Clock, Options, Sandbox};
use serde_json::Value;
use sha1::Sha1;

use crate::client::{self, Answer};
use crate::partner::Partner;

/// 2026-01-31T17:00:00Z, which is the first of February in UTC+8.
pub const NOW: u64 = 1_769_878_800;

/// How long slow faults are slow here.
pub const SLOW: Duration = Duration::from_secs(3);

const SECRET: &str = "test-secret";
const ACCESS_CODE: &str = "P900001";

pub struct Bench {
    pub sandbox: Sandbox,
    pub partner: Partner,
}

impl Bench {
    pub fn new(faults: &[&str]) -> Bench {
        Bench::start(faults, Options::default().seed)
    }

    /// Another one than the others.
    pub fn seeded(seed: u64) -> Bench {
        Bench::start(&[], seed)
    }

    fn start(faults: &[&str], seed: u64) -> Bench {
        let partner = Partner::start();
        let credentials = [("CUBE_SECRET", SECRET), ("CUBE_ACCESS_CODE", ACCESS_CODE), ("HOME", "/")];
        let sandbox = Sandbox::start(Options {
            callback_url: Some(partner.url("/notify?from=sandbox")),
            faults: faults.iter().map(|name| (*name).to_owned()).collect(),
            credentials: credentials.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            callback_delay: Duration::from_millis(1),
            fault_delay: SLOW,
            clock: Clock::Fixed(SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)),
            seed,
            ..Options::default()
        })
        .expect("a sandbox");
        Bench { sandbox, partner }
    }

    pub fn address(&self) -> SocketAddr {
        self.sandbox.address()
    }

    /// `operation` is `ivrbaoyue`, `ivrquxiao` or `ivrchaxun`.
    pub fn ivr(&self, operation: &str, phone: &str, product: &str) -> Answer {
        let query = format!("phone={phone}&productid={product}&order_time=20260131120000");
        client::get(self.address(), &format!("/unicom-ivr/{operation}?{query}"))
    }

    /// The check by GET; a parameter is left out by giving it as `""`.
    pub fn vas_check(&self, requestid: &str, service: &str, package: &str) -> Answer {
        let pairs =
            [("requestid", requestid), ("msisdn", "84900000001"), ("service", service), ("package", package)];
        client::get(self.address(), &format!("{VAS_CHECK}?{}", query(&pairs)))
    }

    /// The registration (`1`) or cancellation (`2`) by GET.
    pub fn vas_register(&self, queue_id: &str, reg_type: &str) -> Answer {
        let pairs = [
            ("queueID", queue_id),
            ("msisdn", "84900000001"),
            ("regType", reg_type),
            ("service_id", "1000625"),
            ("package_id", "1003013"),
        ];
        client::get(self.address(), &format!("{VAS_REGISTER}?{}", query(&pairs)))
    }

    /// An order's detail.
    pub fn jsms_order(&self, id: &str) -> Answer {
        client::get(self.address(), &format!("/jsms/demandOrder/{id}"))
    }

    /// A POST of the order desk: a path such as `peidan/huitui`, and a form.
    pub fn jsms(&self, path: &str, form: &str) -> Answer {
        let content_type = "application/x-www-form-urlencoded";
        client::post(self.address(), &format!("/jsms/{path}"), content_type, form.as_bytes())
    }

    pub fn vas_post(&self, path: &str, body: &str) -> Answer {
        client::post(self.address(), path, "text/xml; charset=UTF-8", body.as_bytes())
    }

    /// An order like the documented one, signed, with some fields changed or (as `""`) left out.
    pub fn cube(&self, changes: &[(&str, &str)]) -> Answer {
        self.cube_post(&[], &signed(changes))
    }

    pub fn cube_post(&self, headers: &[(&str, &str)], body: &str) -> Answer {
        client::request(self.address(), "POST", CUBE_ORDER, headers, body.as_bytes())
    }
}

pub const VAS_CHECK: &str = "/vascloud/vascloud/v1/notify_check.html";
pub const VAS_REGISTER: &str = "/vascloud/vascloud/v1/notify_reg.html";
pub const CUBE_ORDER: &str = "/cube/cube/v4/package/orderPackage";

/// The documented check, with other numbers.
pub const CHECK_XML: &str = "<RQST> \n   <name>CheckServiceInfo</name> \n   <requestid>1494245578082</requestid>  \n   \
    <msisdn>84900000001</msisdn>  \n   <service>1000161</service>  \n   <package>1003013</package>  \n   \
    <note>CSKH</note>  \n   <service_url>URL CP cung cấp</service_url>    \n   <channel>WEB</channel>  \n</RQST>\n";

/// The documented registration, with other numbers.
pub const REGISTER_XML: &str = "<ACCESSGW>\n<MODULE>SDP</MODULE>\n<MESSAGE_TYPE>NOTIFY</MESSAGE_TYPE>\n<COMMAND>\n\
    <queueID>5196664</queueID>\n <resultCode>0</resultCode>\n <errorDesc>OK</errorDesc>\n \
    <startTime>1507024188340</startTime>\n <startTimeCP>1507024188340</startTimeCP>\n \
    <cpURL>http://partner.example/vascloud/v1/notify_sub</cpURL>\n <regID>15375326</regID>\n \
    <msisdn>84900000001</msisdn>\n <regType>1</regType>\n <channel>SMS</channel>\n <service_id>1000625</service_id>\n \
    <package_id>1003013</package_id>\n <originalprice>3000</originalprice>\n <price>3000</price>\n \
    <commandcode>DK L1</commandcode>\n <serviceCode>LOVETV</serviceCode>\n <packageCode>NGAY</packageCode>\n \
    <subpackageCode>NGAY</subpackageCode>\n <autoRenew>1</autoRenew>\n <subcribeTime>20171003164946</subcribeTime>\n \
    <expiredTime>20171004000000</expiredTime>\n <updateTime/>\n</COMMAND>\n</ACCESSGW>\n";

fn query(pairs: &[(&str, &str)]) -> String {
    let given = pairs.iter().filter(|(_, value)| !value.is_empty());
    given.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// The fields of an order like the documented one, without `sign`.
pub fn order_fields() -> BTreeMap<String, String> {
    [
        ("access_code", ACCESS_CODE),
        ("device_id", "89000000000000000001"),
        ("global_order", "0"),
        ("is_open", "0"),
        ("order_period", "1"),
        ("package_code", "DP20190726001274"),
        ("package_name", "C_M_0_P_中国20M不限速月套餐"),
        ("package_type", "2"),
        ("pay_amount", "0"),
        ("pay_rst", "1"),
        ("pay_type", "2"),
        ("test_flow", "0"),
        ("test_flow_flag", "0"),
        ("timestamp", "1700000000"),
        ("version", "2.0"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

/// An order's body with some fields changed or (as `""`) left out; signed unless `sign` is among the changes.
pub fn signed(changes: &[(&str, &str)]) -> String {
    let mut fields = order_fields();
    fields.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    fields.retain(|_, value| !value.is_empty());
    if !changes.iter().any(|(name, _)| *name == "sign") {
        fields.insert("sign".to_owned(), sign(&fields));
    }
    let members: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), Value::from(value.as_str())))
        .collect();
    format!("{{{}}}", members.join(","))
}

pub fn sign(fields: &BTreeMap<String, String>) -> String {
    let canonical: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut mac = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(canonical.join("&").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// A member of a JSON answer as JSON text; `-` if it is not there. `path` is a JSON pointer.
pub fn member(json: &str, path: &str) -> String {
    let value: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
    value.pointer(path).map_or("-".to_owned(), Value::to_string)
}

/// The text of the only element of this name; `-` if there is none.
pub fn element(xml: &str, name: &str) -> String {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    xml.split_once(&open)
        .and_then(|(_, rest)| rest.split_once(&close))
        .map_or("-".to_owned(), |(text, _)| text.to_owned())
}
