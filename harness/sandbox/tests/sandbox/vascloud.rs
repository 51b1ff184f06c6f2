//! Checks and registrations of document 003.

use crate::bench::{Bench, CHECK_XML, REGISTER_XML, VAS_CHECK, VAS_REGISTER, element};
use crate::client::{self, Answer};

/// error_id and error_desc
fn summary(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/xml; charset=UTF-8"));
    let xml = answer.text();
    format!("{} {}", element(&xml, "error_id"), element(&xml, "error_desc"))
}

#[test]
fn the_documented_check() {
    let bench = Bench::new(&[]);
    let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<RPLY name=\"CheckServiceInfo\">\n    \
        <requestid>1494245578082</requestid>\n    <msisdn>84900000001</msisdn>\n    <service>1000161</service>\n    \
        <package>1003013</package>\n    <status>1</status>\n    <error_id>0</error_id>\n    \
        <error_desc>Success</error_desc>\n</RPLY>\n";
    assert_eq!(bench.vas_post(VAS_CHECK, CHECK_XML).text(), expected);
    assert_eq!(bench.vas_check("1494245578082", "1000161", "1003013").text(), expected);
}

#[test]
fn the_documented_registration() {
    let bench = Bench::new(&[]);
    let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ACCESSGW>\n  <MODULE>SDP NOTIFIER</MODULE>\n  \
        <MESSAGE_TYPE>RESPONSE</MESSAGE_TYPE>\n  <COMMAND>\n    <error_id>0</error_id>\n    \
        <error_desc>successfully</error_desc>\n    <queueID>5196664</queueID>\n    <msisdn>84900000001</msisdn>\n    \
        <service_id>1000625</service_id>\n    <package_id>1003013</package_id>\n  </COMMAND>\n</ACCESSGW>\n";
    assert_eq!(bench.vas_post(VAS_REGISTER, REGISTER_XML).text(), expected);
}

#[test]
fn registrations_have_state() {
    let bench = Bench::new(&[]);
    let ask = |queue_id, reg_type| summary(&bench.vas_register(queue_id, reg_type));
    assert_eq!(ask("1", "2"), "1 Thue bao chua dang ky goi dich vu");
    assert_eq!(ask("2", "1"), "0 successfully");
    assert_eq!(ask("3", "1"), "1 Thue bao da dang ky goi dich vu");
    assert_eq!(summary(&bench.vas_check("1", "1000625", "1003013")), "0 Success");
    assert_eq!(ask("4", "2"), "0 successfully");
    assert_eq!(ask("5", "2"), "1 Thue bao chua dang ky goi dich vu");
    assert_eq!(ask("6", "1"), "0 successfully");
}

#[test]
fn a_notification_sent_again_is_answered_again() {
    let bench = Bench::new(&[]);
    let ask = |queue_id, reg_type| summary(&bench.vas_register(queue_id, reg_type));
    assert_eq!(ask("7", "1"), "0 successfully");
    assert_eq!(ask("7", "1"), "0 successfully");
    assert_eq!(ask("07", "1"), "0 successfully", "the same bigint");
    assert_eq!(ask("8", "2"), "0 successfully");
    assert_eq!(ask("7", "1"), "0 successfully", "answered, but not registered again");
    assert_eq!(ask("9", "2"), "1 Thue bao chua dang ky goi dich vu");
    assert_eq!(ask("9", "1"), "0 successfully", "another content is another notification");
}

#[test]
fn wrong_and_missing_parameters_are_refused_with_their_echo() {
    let bench = Bench::new(&[]);
    let wrong = "1 Sai hoac thieu tham so";
    for query in [
        "",
        "requestid=1&msisdn=84900000001&service=1000161",
        "requestid=x&msisdn=84900000001&service=1000161&package=1003013",
        "requestid=12345678901234567890&msisdn=84900000001&service=1000161&package=1003013",
        "requestid=1&msisdn=0900000001&service=1000161&package=1003013",
        "requestid=1&msisdn=8490000000&service=1000161&package=1003013",
        "requestid=1&requestid=1&msisdn=84900000001&service=1000161&package=1003013",
        "requestid=1&msisdn=84900000001&service=1000161&package=%FF",
        "requestid=1&msisdn=84900000001&service=1000161&package=1003013&note=%00",
    ] {
        let answer = client::get(bench.address(), &format!("{VAS_CHECK}?{query}"));
        assert_eq!(summary(&answer), wrong, "{query}");
    }
    let unknown = bench.vas_check("1", "1", "1003013");
    assert_eq!(summary(&unknown), "1 Dich vu khong ton tai");
    assert_eq!(summary(&bench.vas_check("1", "1000161", "1")), "1 Goi dich vu khong ton tai");
    let markup = bench.vas_check("1", "%3Cb%3E%26%22%0D", "1003013").text();
    assert_eq!(element(&markup, "service"), "&lt;b&gt;&amp;\"&#13;");
    assert_eq!(element(&markup, "status"), "1");
}

#[test]
fn optional_parameters_are_checked_when_they_are_there() {
    let bench = Bench::new(&[]);
    for (from, to) in [
        ("<price>3000<", "<price>3,000<"),
        ("<startTime>1507024188340<", "<startTime>yesterday<"),
        ("<subcribeTime>20171003164946<", "<subcribeTime>20171303164946<"),
        ("<updateTime/>", "<updateTime>now</updateTime>"),
        ("<regType>1<", "<regType>3<"),
        ("<price>3000</price>", "<price>3000</price><price>3000</price>"),
        ("<cpURL>", "<cpURL><b/>"),
        ("<MODULE>SDP<", "<MODULE>SDQ<"),
        ("<MESSAGE_TYPE>NOTIFY</MESSAGE_TYPE>", ""),
    ] {
        assert!(REGISTER_XML.contains(from), "{from}");
        let answer = bench.vas_post(VAS_REGISTER, &REGISTER_XML.replace(from, to));
        assert_eq!(summary(&answer), "1 Sai hoac thieu tham so", "{to}");
    }
    let shortest = "<ACCESSGW><MODULE>SDP</MODULE><MESSAGE_TYPE>NOTIFY</MESSAGE_TYPE><COMMAND><queueID>1</queueID>\
        <msisdn>84900000001</msisdn><regType>1</regType><service_id>1000161</service_id>\
        <package_id>1003014</package_id><price/></COMMAND></ACCESSGW>";
    assert_eq!(summary(&bench.vas_post(VAS_REGISTER, shortest)), "0 successfully");
}

#[test]
fn bodies_that_are_no_documented_xml_get_the_documented_error() {
    let bench = Bench::new(&[]);
    let dtd = format!("<!DOCTYPE RQST [<!ENTITY s \"1000161\">]>{}", CHECK_XML.replace("1000161", "&s;"));
    let wrong_name = CHECK_XML.replace("CheckServiceInfo", "Check");
    let prefixed = CHECK_XML.replace("RQST", "x:RQST");
    for body in ["", "{}", "<RQST>", "<RPLY/>", REGISTER_XML, &dtd, &wrong_name, &prefixed] {
        let answer = bench.vas_post(VAS_CHECK, body);
        assert_eq!(summary(&answer), "1 Sai hoac thieu tham so", "{body}");
        assert_eq!(element(&answer.text(), "msisdn"), "");
    }
    assert_eq!(summary(&bench.vas_post(VAS_REGISTER, CHECK_XML)), "1 Sai hoac thieu tham so");
}

#[test]
fn the_media_type_counts() {
    let bench = Bench::new(&[]);
    let ask = |headers: &[(&str, &str)]| {
        summary(&client::request(bench.address(), "POST", VAS_CHECK, headers, CHECK_XML.as_bytes()))
    };
    assert_eq!(ask(&[]), "0 Success");
    assert_eq!(ask(&[("Content-Type", "application/xml")]), "0 Success");
    assert_eq!(ask(&[("Content-Type", "text/xml;charset=\"utf-8\"")]), "0 Success");
    assert_eq!(ask(&[("Content-Type", "application/json")]), "1 Sai hoac thieu tham so");
    assert_eq!(ask(&[("Content-Type", "text/xml; charset=GBK")]), "1 Sai hoac thieu tham so");
    assert_eq!(
        ask(&[("Content-Type", "text/xml"), ("Content-Type", "text/xml")]),
        "1 Sai hoac thieu tham so"
    );
}
