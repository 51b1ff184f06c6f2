//! Orders, cancellations, queries and callbacks of document 000.

use std::time::{Duration, Instant};

use proofmark_sandbox::{Options, Sandbox};

use crate::bench::{Bench, member};
use crate::client::{self, Answer};
use crate::partner::{PATIENCE, Partner, SILENCE};

const PHONE: &str = "13000000001";

/// `'联通包月'.encode('gbk')`, percent-encoded, from Python 3.
const PRODUCT: &str = "%C1%AA%CD%A8%B0%FC%D4%C2";

/// code, err_code, status_code, status_value
fn summary(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json; charset=GBK"));
    let json = answer.gbk();
    assert_ne!(member(&json, "/cause"), "\"\"");
    ["/code", "/err_code", "/status_code", "/status_value"].map(|path| member(&json, path)).join(" ")
}

#[test]
fn an_answer_is_gbk_to_the_byte() {
    let bench = Bench::new(&[]);
    let answer = bench.ivr("ivrbaoyue", PHONE, PRODUCT);
    // From Python 3: '{…"productid":"联通包月"…"cause":"订购受理成功"…"status_value":"已订购"}'.encode('gbk')
    let expected: &[u8] = b"{\"phone\":\"13000000001\",\"productid\":\"\xC1\xAA\xCD\xA8\xB0\xFC\xD4\xC2\",\
        \"code\":\"0\",\"err_code\":\"0\",\"cause\":\"\xB6\xA9\xB9\xBA\xCA\xDC\xC0\xED\xB3\xC9\xB9\xA6\",\
        \"status_code\":\"1\",\"status_value\":\"\xD2\xD1\xB6\xA9\xB9\xBA\"}";
    assert_eq!(answer.body.escape_ascii().to_string(), expected.escape_ascii().to_string());
    assert_eq!(answer.header("content-type"), "application/json; charset=GBK");
}

#[test]
fn the_second_byte_of_a_character_may_be_a_backslash() {
    let bench = Bench::new(&[]);
    let answer = bench.ivr("ivrchaxun", PHONE, "%81%5C%5c%22");
    let expected = b"\"productid\":\"\x81\\\\\\\\\"\"";
    assert!(
        answer.body.windows(expected.len()).any(|window| window == expected),
        "{}",
        answer.body.escape_ascii()
    );
    assert_eq!(member(&answer.gbk(), "/productid"), "\"乗\\\\\\\"\"");
}

#[test]
fn order_query_and_cancel_agree() {
    let bench = Bench::new(&[]);
    let ask = |operation| summary(&bench.ivr(operation, PHONE, "p1"));
    assert_eq!(ask("ivrchaxun"), r#""0" "0" "0" "未订购""#);
    assert_eq!(ask("ivrquxiao"), r#""1" "105" "0" "未订购""#);
    assert_eq!(ask("ivrbaoyue"), r#""0" "0" "1" "已订购""#);
    assert_eq!(ask("ivrchaxun"), r#""0" "0" "1" "已订购""#);
    assert_eq!(ask("ivrbaoyue"), r#""1" "104" "1" "已订购""#);
    assert_eq!(ask("ivrquxiao"), r#""0" "0" "2" "已取消""#);
    assert_eq!(ask("ivrchaxun"), r#""0" "0" "2" "已取消""#);
    assert_eq!(ask("ivrquxiao"), r#""1" "105" "2" "已取消""#);
    assert_eq!(ask("ivrbaoyue"), r#""0" "0" "1" "已订购""#);
}

#[test]
fn state_is_per_number_and_product() {
    let bench = Bench::new(&[]);
    let status = |phone, product| member(&bench.ivr("ivrchaxun", phone, product).gbk(), "/status_code");
    bench.ivr("ivrbaoyue", PHONE, "p1");
    assert_eq!(status(PHONE, "p1"), "\"1\"");
    assert_eq!(status(PHONE, "p2"), "\"0\"");
    assert_eq!(status("18600000001", "p1"), "\"0\"");
}

#[test]
fn refusals_have_codes_of_their_own() {
    let bench = Bench::new(&[]);
    let ask = |query: &str| summary(&client::get(bench.address(), &format!("/unicom-ivr/ivrbaoyue?{query}")));
    let time = "order_time=20260131120000";
    assert_eq!(ask(&format!("productid=p&{time}")), r#""1" "101" - -"#);
    assert_eq!(ask(&format!("phone=&productid=p&{time}")), r#""1" "101" - -"#);
    assert_eq!(ask(&format!("phone={PHONE}&productid=p")), r#""1" "101" - -"#);
    assert_eq!(ask(&format!("phone=1300000000&productid=p&{time}")), r#""1" "102" - -"#);
    assert_eq!(ask(&format!("phone={PHONE}&productid={}&{time}", "p".repeat(33))), r#""1" "102" - -"#);
    assert_eq!(ask(&format!("phone={PHONE}&productid=p&order_time=20260230120000")), r#""1" "102" - -"#);
    assert_eq!(ask(&format!("phone={PHONE}&phone={PHONE}&productid=p&{time}")), r#""1" "102" - -"#);
    assert_eq!(ask(&format!("phone=13900000001&productid=p&{time}")), r#""1" "103" - -"#);
    assert_eq!(
        ask(&format!("phone={PHONE}&productid={}&{time}", PRODUCT.repeat(8))),
        r#""0" "0" "1" "已订购""#
    );
}

#[test]
fn echoes_repeat_the_request_and_are_empty_without() {
    let bench = Bench::new(&[]);
    let echo = |query: &str| {
        let json = client::get(bench.address(), &format!("/unicom-ivr/ivrchaxun?{query}")).gbk();
        [member(&json, "/phone"), member(&json, "/productid")]
    };
    assert_eq!(echo(""), ["\"\"", "\"\""]);
    assert_eq!(echo("phone=12&productid=a%22+b"), ["\"12\"", "\"a\\\" b\""]);
    assert_eq!(echo("phone=%FF&productid=%zz"), ["\"\"", "\"\""]);
}

#[test]
fn an_order_is_reported_by_a_callback() {
    let bench = Bench::new(&[]);
    bench.ivr("ivrbaoyue", PHONE, PRODUCT);
    let expected = format!(
        "GET /notify?from=sandbox&mobile={PHONE}&order_time=20260131120000&result=0&productid={PRODUCT}"
    );
    assert_eq!(bench.partner.next(PATIENCE), Some(expected));
    bench.ivr("ivrquxiao", PHONE, PRODUCT);
    let expected = format!(
        "GET /notify?from=sandbox&mobile={PHONE}&order_time=20260131120000&result=2&productid={PRODUCT}"
    );
    assert_eq!(bench.partner.next(PATIENCE), Some(expected));
}

#[test]
fn an_order_can_fail_later() {
    let bench = Bench::new(&[]);
    assert_eq!(summary(&bench.ivr("ivrbaoyue", PHONE, "fail1")), r#""0" "0" "1" "已订购""#);
    let expected =
        format!("GET /notify?from=sandbox&mobile={PHONE}&order_time=20260131120000&result=1&productid=fail1");
    assert_eq!(bench.partner.next(PATIENCE), Some(expected));
    assert_eq!(summary(&bench.ivr("ivrchaxun", PHONE, "fail1")), r#""0" "0" "0" "未订购""#);
    assert_eq!(summary(&bench.ivr("ivrbaoyue", PHONE, "fail1")), r#""0" "0" "1" "已订购""#);
}

#[test]
fn a_refused_request_is_not_reported() {
    let bench = Bench::new(&[]);
    bench.ivr("ivrbaoyue", "13900000001", "p");
    bench.ivr("ivrquxiao", PHONE, "p");
    bench.ivr("ivrchaxun", PHONE, "p");
    assert_eq!(bench.partner.next(SILENCE), None);
}

const FAILING_ORDER: &str = "ivrbaoyue?phone=13000000001&productid=fail&order_time=20260131120000";

#[test]
fn a_callback_url_may_be_no_more_than_a_host() {
    let partner = Partner::start();
    let sandbox =
        Sandbox::start(Options { callback_url: Some(partner.url("")), ..Options::default() }).unwrap();
    client::get(sandbox.address(), &format!("/unicom-ivr/{FAILING_ORDER}"));
    let expected = format!("GET /?mobile={PHONE}&order_time=20260131120000&result=1&productid=fail");
    assert_eq!(partner.next(PATIENCE), Some(expected));
}

#[test]
fn orders_are_processed_later_without_a_partner_too() {
    let processed = Duration::from_millis(1);
    let sandbox = Sandbox::start(Options { callback_delay: processed, ..Options::default() }).unwrap();
    let ask = |path: &str| client::get(sandbox.address(), &format!("/unicom-ivr/{path}"));
    assert_eq!(summary(&ask(FAILING_ORDER)), r#""0" "0" "1" "已订购""#);
    let start = Instant::now();
    while summary(&ask("ivrchaxun?phone=13000000001&productid=fail")) != r#""0" "0" "0" "未订购""# {
        assert!(start.elapsed() < PATIENCE, "the order never failed");
    }
}
