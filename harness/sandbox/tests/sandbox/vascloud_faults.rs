//! What the faults of `vascloud` look like.

use crate::bench::{Bench, CHECK_XML, REGISTER_XML, VAS_CHECK, VAS_REGISTER, element};
use crate::client::{self, Answer};
use crate::faults::Case;

fn check(bench: &Bench) -> Answer {
    bench.vas_post(VAS_CHECK, CHECK_XML)
}

fn register(bench: &Bench) -> Answer {
    bench.vas_post(VAS_REGISTER, REGISTER_XML)
}

fn error_id(answer: &Answer) -> String {
    element(&answer.text(), "error_id")
}

/// The `error_id` of notifications, each a queueID and a regType.
fn notifications(bench: &Bench, notifications: &[(&str, &str)]) -> String {
    let answers =
        notifications.iter().map(|(queue_id, reg_type)| error_id(&bench.vas_register(queue_id, reg_type)));
    answers.collect::<Vec<_>>().join(" ")
}

/// The line of an answer that has this text.
fn line(answer: &Answer, text: &str) -> String {
    answer
        .text()
        .lines()
        .find(|line| line.contains(text))
        .map_or("-".to_owned(), |line| line.trim().to_owned())
}

fn content_type(answer: &Answer) -> String {
    answer.header("content-type").to_owned()
}

pub const CASES: &[Case] = &[
    Case {
        fault: "vas-json-instead-of-xml",
        observe: |bench| {
            let answer = check(bench);
            format!("{} {}", content_type(&answer), &answer.text()[..12])
        },
        honest: "text/xml; charset=UTF-8 <?xml versio",
        faulty: "application/json {\"requestid\"",
    },
    Case {
        fault: "vas-html-content-type",
        observe: |bench| content_type(&check(bench)),
        honest: "text/xml; charset=UTF-8",
        faulty: "text/html; charset=UTF-8",
    },
    Case {
        fault: "vas-wrong-encoding-declaration",
        observe: |bench| line(&check(bench), "<?xml"),
        honest: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        faulty: "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
    },
    Case {
        fault: "vas-default-namespace",
        observe: |bench| format!("{} {}", line(&check(bench), "<RPLY"), line(&register(bench), "<ACCESSGW")),
        honest: "<RPLY name=\"CheckServiceInfo\"> <ACCESSGW>",
        faulty: "<RPLY xmlns=\"http://vascloud.example/ns\" name=\"CheckServiceInfo\"> \
                 <ACCESSGW xmlns=\"http://vascloud.example/ns\">",
    },
    Case {
        fault: "vas-element-order",
        observe: |bench| {
            let is_first = |answer: Answer| answer.text().find("error_id") < answer.text().find("error_desc");
            format!("{} {}", is_first(check(bench)), is_first(register(bench)))
        },
        honest: "true true",
        faulty: "false false",
    },
    Case {
        fault: "vas-unescaped-ampersand",
        observe: |bench| line(&bench.vas_check("1", "A%26B", "1003013"), "service"),
        honest: "<service>A&amp;B</service>",
        faulty: "<service>A&B</service>",
    },
    Case {
        fault: "vas-wrong-reply-name",
        observe: |bench| line(&check(bench), "<RPLY"),
        honest: "<RPLY name=\"CheckServiceInfo\">",
        faulty: "<RPLY name=\"checkServiceInfo\">",
    },
    Case {
        fault: "vas-message-type-echoed",
        observe: |bench| line(&register(bench), "MESSAGE_TYPE"),
        honest: "<MESSAGE_TYPE>RESPONSE</MESSAGE_TYPE>",
        faulty: "<MESSAGE_TYPE>NOTIFY</MESSAGE_TYPE>",
    },
    Case {
        fault: "vas-other-msisdn",
        observe: |bench| line(&check(bench), "msisdn"),
        honest: "<msisdn>84900000001</msisdn>",
        faulty: "<msisdn>84900000009</msisdn>",
    },
    Case {
        fault: "vas-local-msisdn",
        observe: |bench| line(&check(bench), "msisdn"),
        honest: "<msisdn>84900000001</msisdn>",
        faulty: "<msisdn>0900000001</msisdn>",
    },
    Case {
        fault: "vas-request-id-scientific",
        observe: |bench| {
            format!("{} {}", line(&check(bench), "requestid"), line(&register(bench), "queueID"))
        },
        honest: "<requestid>1494245578082</requestid> <queueID>5196664</queueID>",
        faulty: "<requestid>1.494245578082E12</requestid> <queueID>5.196664E6</queueID>",
    },
    Case {
        fault: "vas-package-missing",
        observe: |bench| {
            format!("{} {}", line(&check(bench), "package"), line(&register(bench), "package_id"))
        },
        honest: "<package>1003013</package> <package_id>1003013</package_id>",
        faulty: "- -",
    },
    Case {
        fault: "vas-status-as-word",
        observe: |bench| line(&check(bench), "status"),
        honest: "<status>1</status>",
        faulty: "<status>ACTIVE</status>",
    },
    Case {
        fault: "vas-error-id-2",
        observe: |bench| error_id(&bench.vas_check("1", "7", "1003013")),
        honest: "1",
        faulty: "2",
    },
    Case {
        fault: "vas-empty-error-desc",
        observe: |bench| line(&bench.vas_check("", "1000161", "1003013"), "error_desc"),
        honest: "<error_desc>Sai hoac thieu tham so</error_desc>",
        faulty: "<error_desc></error_desc>",
    },
    Case {
        fault: "vas-missing-parameter-success",
        observe: |bench| error_id(&bench.vas_check("", "1000161", "1003013")),
        honest: "1",
        faulty: "0",
    },
    Case {
        fault: "vas-unknown-service-accepted",
        observe: |bench| error_id(&bench.vas_check("1", "7", "1003013")),
        honest: "1",
        faulty: "0",
    },
    Case {
        fault: "vas-get-not-implemented",
        observe: |bench| {
            let get = bench.vas_check("1", "1000161", "1003013");
            format!("{} {} {}", get.status, get.header("allow"), check(bench).status)
        },
        honest: "200  200",
        faulty: "405 POST 200",
    },
    Case {
        fault: "vas-bad-xml-500",
        observe: |bench| {
            let answer = bench.vas_post(VAS_CHECK, "<RQST>");
            format!("{} {}", answer.status, answer.text().contains("\tat com.provider"))
        },
        honest: "200 false",
        faulty: "500 true",
    },
    Case {
        fault: "vas-entities-expanded",
        observe: |bench| {
            let body = CHECK_XML.replace("1000161", "&s;");
            let answer =
                bench.vas_post(VAS_CHECK, &format!("<!DOCTYPE RQST [<!ENTITY s \"1000161\">]>{body}"));
            format!("{} {}", error_id(&answer), line(&answer, "service"))
        },
        honest: "1 <service></service>",
        faulty: "0 <service>1000161</service>",
    },
    Case {
        fault: "vas-registration-forgotten",
        observe: |bench| notifications(bench, &[("1", "1"), ("2", "1"), ("3", "2")]),
        honest: "0 1 0",
        faulty: "0 0 1",
    },
    Case {
        fault: "vas-double-registration-accepted",
        observe: |bench| notifications(bench, &[("1", "1"), ("2", "1"), ("3", "2"), ("4", "2")]),
        honest: "0 1 0 1",
        faulty: "0 0 0 1",
    },
    Case {
        fault: "vas-retry-refused",
        observe: |bench| notifications(bench, &[("1", "1"), ("1", "1")]),
        honest: "0 0",
        faulty: "0 1",
    },
    Case {
        fault: "vas-cancel-forgotten",
        observe: |bench| notifications(bench, &[("1", "1"), ("2", "2"), ("3", "1")]),
        honest: "0 0 0",
        faulty: "0 0 1",
    },
    Case {
        fault: "vas-cancel-unregistered-accepted",
        observe: |bench| notifications(bench, &[("1", "2")]),
        honest: "1",
        faulty: "0",
    },
    Case {
        fault: "vas-sql-error-shown",
        observe: |bench| bench.vas_check("1", "'", "1003013").text().contains("SQL").to_string(),
        honest: "false",
        faulty: "true",
    },
    Case {
        fault: "vas-request-id-not-checked",
        observe: |bench| error_id(&bench.vas_check("x", "1000161", "1003013")),
        honest: "1",
        faulty: "0",
    },
];

/// The faults that cannot be told from a GET alone are told from a POST as well.
#[test]
fn get_and_post_answer_the_same() {
    let bench = Bench::new(&["vas-status-as-word"]);
    let get = client::get(
        bench.address(),
        &format!("{VAS_CHECK}?requestid=1494245578082&msisdn=84900000001&service=1000161&package=1003013"),
    );
    assert_eq!(get, check(&bench));
}
