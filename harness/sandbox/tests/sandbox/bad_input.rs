//! Whatever comes, an operation answers in its documented shape, and the next request is unharmed.

use serde_json::Value;

use crate::bench::{
    Bench, CHECK_XML, CUBE_ORDER, REGISTER_XML, VAS_CHECK, VAS_REGISTER, element, member, signed,
};
use crate::client::{self, Answer};

const IVR: [&str; 3] = ["/unicom-ivr/ivrbaoyue", "/unicom-ivr/ivrquxiao", "/unicom-ivr/ivrchaxun"];
const VAS: [&str; 2] = [VAS_CHECK, VAS_REGISTER];

fn is_ivr_shape(answer: &Answer) {
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json; charset=GBK"));
    let json: Value = serde_json::from_str(&answer.gbk()).expect("JSON");
    for name in ["phone", "productid", "code", "err_code", "cause"] {
        assert!(json[name].is_string(), "{name} in {json}");
    }
    assert_eq!(json["code"] == "0", json["err_code"] == "0", "{json}");
    assert_eq!(json.get("status_code").is_some(), json.get("status_value").is_some(), "{json}");
}

fn is_vas_shape(answer: &Answer) {
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/xml; charset=UTF-8"));
    let xml = answer.text();
    let mut reader = quick_xml::Reader::from_str(&xml);
    while reader.read_event().expect("XML") != quick_xml::events::Event::Eof {}
    assert!(["0", "1"].contains(&element(&xml, "error_id").as_str()), "{xml}");
    assert!(!["", "-"].contains(&element(&xml, "error_desc").as_str()), "{xml}");
    assert_ne!(element(&xml, "msisdn"), "-", "{xml}");
}

/// The envelope, or a page of resources; never a page that is refused too.
fn is_jsms_shape(answer: &Answer) {
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json;charset=UTF-8"));
    let json: Value = serde_json::from_str(&answer.text()).expect("JSON");
    if json.get("pageNo").is_some() {
        assert!(json["data"].is_array() && json.get("success").is_none(), "{json}");
        return;
    }
    let success = json["success"].as_bool().expect("a flag");
    assert_eq!((&json["fail"], &json["failure"]), (&Value::from(!success), &Value::from(!success)), "{json}");
    assert_eq!(json["code"].is_null(), success, "{json}");
    assert!(json["msg"].as_str().is_some_and(|text| !text.is_empty()), "{json}");
}

fn is_cube_shape(answer: &Answer) {
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let json: Value = serde_json::from_str(&answer.text()).expect("JSON");
    assert_eq!(json["success"], json["code"] == "0000", "{json}");
    assert_eq!(json["success"], json["data"].is_object(), "{json}");
    assert!(json["message"].as_str().is_some_and(|message| !message.is_empty()), "{json}");
}

/// SplitMix64: the same storm every time.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) as usize % limit
    }

    /// A body with some bytes changed, dropped, doubled or cut off.
    pub fn mutated(&mut self, body: &str) -> Vec<u8> {
        let mut bytes = body.as_bytes().to_vec();
        for _ in 0..=self.below(4) {
            let (from, to) = (self.below(bytes.len().max(1)), self.below(bytes.len().max(1)));
            let range = from.min(to)..from.max(to);
            match self.below(5) {
                0 => bytes.truncate(from),
                1 => drop(bytes.drain(range)),
                2 => bytes.insert(from.min(bytes.len()), self.below(256) as u8),
                3 => bytes
                    .splice(from..from, b"<>&\"{}]!%\\".iter().copied().skip(self.below(10)).take(2))
                    .for_each(drop),
                _ => bytes.extend_from_within(range),
            }
        }
        bytes
    }

    /// A value of a query: characters as they are, escapes that are right, wrong, or no text in any charset.
    pub fn value(&mut self) -> String {
        let piece = |random: &mut Random| match random.below(8) {
            0 => format!("%{:02X}", random.below(256)),
            1 => format!("%{:02x}%{:02x}", 0x81 + random.below(126), 0x40 + random.below(190)),
            2 => "%".to_owned(),
            3 => "%zz".to_owned(),
            4 => "é联".to_owned(),
            5 => "13000000001".to_owned(),
            6 => "<&\"'+;=/?".chars().skip(random.below(9)).take(1).collect(),
            _ => random.below(1_000_000_000).to_string(),
        };
        (0..self.below(6)).map(|_| piece(self)).collect()
    }

    pub fn query(&mut self, names: &[&str]) -> String {
        let pair = |random: &mut Random| format!("{}={}", names[random.below(names.len())], random.value());
        (0..self.below(7)).map(|_| pair(self)).collect::<Vec<_>>().join("&").replace(['"', '<'], "%22")
    }
}

#[test]
fn a_storm_of_queries() {
    let bench = Bench::new(&[]);
    let mut random = Random(1);
    for round in 0..300 {
        let query = random.query(&["phone", "productid", "order_time", "x", "%FF"]);
        is_ivr_shape(&client::get(bench.address(), &format!("{}?{query}", IVR[round % 3])));
        let query =
            random.query(&["requestid", "msisdn", "service", "package", "queueID", "regType", "service_id"]);
        is_vas_shape(&client::get(bench.address(), &format!("{}?{query}", VAS[round % 2])));
    }
    assert_eq!(member(&bench.ivr("ivrchaxun", "13000000001", "p").gbk(), "/code"), "\"0\"");
}

#[test]
fn a_storm_of_forms() {
    let bench = Bench::new(&[]);
    let mut random = Random(3);
    let paths = [
        "order/resource/query",
        "peidan/daipipei",
        "peidan/pipeichenggong",
        "peidan/huitui",
        "peidan/faqixuqiu",
    ];
    let names = [
        "orderId",
        "orderId=D000120170621&resourceIds",
        "resourceIds",
        "remark",
        "rows",
        "page",
        "state",
        "%FF",
    ];
    for round in 0..400 {
        let form = random.query(&names);
        is_jsms_shape(&bench.jsms(paths[round % 5], &form));
        let form =
            random.mutated("orderId=D000120170621&resourceIds=T000120170621&remark=%E8%AE%A2&rows=2&page=1");
        let form_type = "application/x-www-form-urlencoded";
        is_jsms_shape(&client::post(
            bench.address(),
            &format!("/jsms/{}", paths[round % 5]),
            form_type,
            &form,
        ));
        let id = random.value().replace(['"', '<', ' ', '?'], "%22");
        is_jsms_shape(&bench.jsms_order(&id));
    }
    assert_eq!(member(&bench.jsms_order("D000120170621").text(), "/success"), "true");
    let huge = format!("orderId=D000120170621&remark={}", "x".repeat(1 << 20));
    assert_eq!(member(&bench.jsms("peidan/daipipei", &huge).text(), "/code"), "\"1003\"");
    let many = format!("orderId=D000220170621{}", "&resourceIds=T000120170621".repeat(20_000));
    assert_eq!(member(&bench.jsms("peidan/daipipei", &many).text(), "/code"), "null");
    let different: String = (0..50_000).map(|number| format!("&resourceIds=T{number}")).collect();
    let different = format!("orderId=D000220170621{different}");
    assert_eq!(member(&bench.jsms("peidan/daipipei", &different).text(), "/code"), "\"1002\"");
}

#[test]
fn a_storm_of_bodies() {
    let bench = Bench::new(&[]);
    let mut random = Random(2);
    let order = signed(&[]);
    for _ in 0..300 {
        is_vas_shape(&client::post(bench.address(), VAS_CHECK, "text/xml", &random.mutated(CHECK_XML)));
        is_vas_shape(&client::post(bench.address(), VAS_REGISTER, "text/xml", &random.mutated(REGISTER_XML)));
        is_cube_shape(&client::post(
            bench.address(),
            CUBE_ORDER,
            "application/json",
            &random.mutated(&order),
        ));
    }
    assert_eq!(member(&bench.cube(&[]).text(), "/code"), "\"0000\"");
    assert_eq!(element(&bench.vas_post(VAS_CHECK, CHECK_XML).text(), "error_id"), "0");
}

#[test]
fn huge_and_deep_bodies() {
    let bench = Bench::new(&[]);
    let filler = "x".repeat(1 << 20);
    let huge_xml = CHECK_XML.replace("CSKH", &filler);
    is_vas_shape(&bench.vas_post(VAS_CHECK, &huge_xml));
    assert_eq!(element(&bench.vas_post(VAS_CHECK, &huge_xml).text(), "error_id"), "1");
    let fitting = CHECK_XML.replace("CSKH", &filler[CHECK_XML.len()..]);
    assert_eq!(element(&bench.vas_post(VAS_CHECK, &fitting).text(), "error_id"), "0");
    assert_eq!(member(&bench.cube(&[("package_name", &filler)]).text(), "/code"), "\"1001\"");
    let deep_xml = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    is_vas_shape(&bench.vas_post(VAS_CHECK, &deep_xml));
    is_cube_shape(&bench.cube_post(&[], &format!("{{\"a\":{}", "[".repeat(500_000))));
    let laughs = format!(
        "<!DOCTYPE RQST [<!ENTITY a \"{filler}\">]>{}",
        CHECK_XML.replace("CSKH", &"&a;".repeat(1000))
    );
    is_vas_shape(&bench.vas_post(VAS_CHECK, &laughs));
}

/// The fault that expands entities must not be a way to fill the machine's memory.
#[test]
fn expanded_entities_are_bounded() {
    let bench = Bench::new(&["vas-entities-expanded"]);
    let long = "1".repeat(300_000);
    let body = format!(
        "<!DOCTYPE RQST [<!ENTITY a \"{long}\">]>{}",
        CHECK_XML.replace("1000161", &"&a;".repeat(200_000))
    );
    assert_eq!(element(&bench.vas_post(VAS_CHECK, &body).text(), "service"), "");
}

#[test]
fn bodies_that_never_end_or_break_off() {
    let bench = Bench::new(&[]);
    let chunked = |body: &str| {
        let head = format!(
            "POST {CUBE_ORDER} HTTP/1.1\r\nHost: sandbox.example\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        client::send(bench.address(), format!("{head}{body}").as_bytes())
    };
    let order = signed(&[]);
    let whole = chunked(&format!("{:x}\r\n{order}\r\n0\r\n\r\n", order.len())).expect("an answer");
    assert_eq!(member(&whole.text(), "/code"), "\"0000\"");
    let broken = chunked("5\r\n{\"a\":\r\nnot a length\r\n");
    assert!(
        broken.is_none_or(|answer| answer.status == 400 || member(&answer.text(), "/code") == "\"1001\"")
    );
}

/// What is not HTTP is hyper's to answer, with 400 or by closing; it must not stop the server.
#[test]
fn what_is_not_http() {
    let bench = Bench::new(&[]);
    let raw_gbk =
        b"GET /unicom-ivr/ivrchaxun?phone=13000000001&productid=\xC1\xAA HTTP/1.1\r\nHost: a\r\n\r\n";
    let long =
        format!("GET /unicom-ivr/ivrchaxun?productid={} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(100_000));
    let junk: [&[u8]; 5] =
        [raw_gbk, b"\x00\x01\x02\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n\r\n", long.as_bytes()];
    for request in junk {
        if let Some(answer) = client::send_and_finish(bench.address(), request) {
            assert!((400..500).contains(&answer.status), "{}", answer.status);
        }
    }
    assert_eq!(member(&bench.ivr("ivrchaxun", "13000000001", "p").gbk(), "/code"), "\"0\"");
}
