//! Orders of document 004.

use crate::bench::{Bench, member, order_fields, sign, signed};
use crate::client::Answer;

/// code, success, data
fn summary(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let json = answer.text();
    assert_ne!(member(&json, "/message"), "\"\"");
    ["/code", "/success", "/data"].map(|path| member(&json, path)).join(" ")
}

fn refused(code: &str) -> String {
    format!("\"{code}\" false null")
}

/// From Python 3: base64(hmac.new(b'test-secret', canonical.encode(), 'sha1').digest()) of the fields in `bench`.
#[test]
fn the_signature_is_the_assumed_one() {
    assert_eq!(sign(&order_fields()), "zO9tWHSY/Qf1Xg/NnC0ri5Ud4vk=");
    let bench = Bench::new(&[]);
    let changes = [("sign", "zO9tWHSY/Qf1Xg/NnC0ri5Ud4vk=")];
    assert_eq!(member(&bench.cube(&changes).text(), "/code"), "\"0000\"");
}

#[test]
fn the_documented_order() {
    let bench = Bench::new(&[]);
    let json = bench.cube(&[]).text();
    let id = member(&json, "/data/order_id");
    let number = id.strip_prefix("\"ORDER_").and_then(|rest| rest.strip_suffix('"')).unwrap();
    assert!(number.len() == 17 && number.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
    let expected = format!(
        "{{\"code\":\"0000\",\"data\":{{\"sign\":null,\"order_id\":{id},\"order_start_date\":null,\
         \"order_expire_date\":null}},\"message\":\"成功\",\"success\":true}}"
    );
    assert_eq!(json, expected);
    assert_ne!(member(&bench.cube(&[]).text(), "/data/order_id"), id);
}

#[test]
fn order_ids_and_credentials_depend_on_the_seed_only() {
    let id = |bench: &Bench| member(&bench.cube(&[]).text(), "/data/order_id");
    let (one, two) = (Bench::new(&[]), Bench::new(&[]));
    assert_eq!([id(&one), id(&one)], [id(&two), id(&two)]);
}

#[test]
fn an_opened_order_has_dates_of_utc_plus_8() {
    let bench = Bench::new(&[]);
    for (package, package_type, periods, expire) in [
        ("DP20190726001200", "0", "1", "20260202"),
        ("DP20190726001201", "1", "30", "20260303"),
        ("DP20190726001274", "2", "1", "20260301"),
        ("DP20190726001274", "2", "999", "21090501"),
        ("DP20190726001203", "3", "2", "20260801"),
        ("DP20190726001204", "4", "1", "20260801"),
        ("DP20190726001205", "5", "1", "20270201"),
    ] {
        let changes = [
            ("is_open", "1"),
            ("package_code", package),
            ("package_type", package_type),
            ("order_period", periods),
        ];
        let json = bench.cube(&changes).text();
        assert_eq!(member(&json, "/data/order_start_date"), "\"20260201\"");
        assert_eq!(member(&json, "/data/order_expire_date"), format!("\"{expire}\""), "{package}");
    }
}

#[test]
fn refusals_have_codes_of_their_own() {
    let bench = Bench::new(&[]);
    for (changes, code) in [
        ([("device_id", "")], "1003"),
        ([("sign", "")], "1003"),
        ([("is_open", "2")], "1005"),
        ([("package_type", "6")], "1005"),
        ([("pay_type", "3")], "1005"),
        ([("version", "1.0")], "1005"),
        ([("timestamp", "1643253")], "1006"),
        ([("test_flow", "much")], "1006"),
        ([("pay_amount", "1.234")], "1007"),
        ([("pay_amount", "-1")], "1007"),
        ([("pay_amount", ".5")], "1007"),
        ([("order_period", "0")], "1008"),
        ([("order_period", "1000")], "1008"),
        ([("order_period", "+1")], "1008"),
        ([("access_code", "P900002")], "2001"),
        ([("sign", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")], "2002"),
        ([("sign", "not base64")], "2002"),
        ([("device_id", "89990000000000000001")], "3001"),
        ([("device_id", "8900000000000000001")], "3001"),
        ([("package_code", "DP20190726009999")], "3002"),
        ([("package_type", "3")], "3003"),
    ] {
        assert_eq!(summary(&bench.cube(&changes)), refused(code), "{changes:?}");
    }
}

#[test]
fn what_is_optional_may_be_left_out() {
    let bench = Bench::new(&[]);
    let code = |changes: &[(&str, &str)]| member(&bench.cube(changes).text(), "/code");
    assert_eq!(code(&[("pay_type", "")]), "\"0000\"");
    assert_eq!(code(&[("pay_amount", "12.5")]), "\"0000\"");
    assert_eq!(code(&[("pay_amount", "12.50")]), "\"0000\"");
    assert_eq!(code(&[("undocumented", "but signed")]), "\"0000\"");
}

#[test]
fn a_body_changed_after_signing_is_refused() {
    let bench = Bench::new(&[]);
    let body = signed(&[]);
    assert_eq!(summary(&bench.cube_post(&[], &body.replace("中国", "美国"))), refused("2002"));
    assert_eq!(summary(&bench.cube_post(&[], &body.replace("\"pay_type\":\"2\",", ""))), refused("2002"));
    let escaped = body.replace("中", "\\u4e2d");
    assert_eq!(
        member(&bench.cube_post(&[], &escaped).text(), "/code"),
        "\"0000\"",
        "the same text, written otherwise"
    );
}

#[test]
fn bodies_that_are_no_object_of_strings_are_refused() {
    let bench = Bench::new(&[]);
    let body = signed(&[]);
    for (body, code) in [
        (String::new(), "1001"),
        ("null".to_owned(), "1001"),
        ("[]".to_owned(), "1001"),
        (body[..body.len() - 1].to_owned(), "1001"),
        (body.replace("\"is_open\":\"0\"", "\"is_open\":\"0\",\"is_open\":\"0\""), "1001"),
        (body.replace("\"is_open\":\"0\"", "\"is_open\":0"), "1004"),
        (body.replace("\"pay_type\":\"2\"", "\"pay_type\":null"), "1004"),
    ] {
        assert_eq!(summary(&bench.cube_post(&[], &body)), refused(code), "{body}");
    }
}

#[test]
fn headers_count() {
    let bench = Bench::new(&[]);
    let ask = |name, value| bench.cube_post(&[(name, value)], &signed(&[])).text();
    assert_eq!(member(&ask("Accept-Language", "en-US"), "/message"), "\"Success\"");
    assert_eq!(member(&ask("Accept-Language", "zh-CN"), "/message"), "\"成功\"");
    assert_eq!(member(&ask("Accept-Language", "de"), "/message"), "\"成功\"");
    assert_eq!(member(&ask("Content-Type", "application/json"), "/code"), "\"0000\"");
    assert_eq!(member(&ask("Content-Type", "text/plain"), "/code"), "\"1002\"");
    assert_eq!(member(&ask("Content-Type", "application/json; charset=GBK"), "/code"), "\"1002\"");
    let english = bench.cube_post(&[("Accept-Language", "en")], "{}").text();
    assert_eq!(member(&english, "/message"), "\"The field access_code is missing\"");
}
