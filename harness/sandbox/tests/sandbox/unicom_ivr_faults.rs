//! What the faults of `unicom-ivr` look like.

use std::time::{Duration, Instant};

use crate::bench::{Bench, SLOW, member};
use crate::client;
use crate::faults::Case;
use crate::partner::{PATIENCE, SILENCE};

const PHONE: &str = "13000000001";
const PRODUCT: &str = "%C1%AA%CD%A8%B0%FC%D4%C2";

fn order(bench: &Bench, product: &str) -> String {
    bench.ivr("ivrbaoyue", PHONE, product).gbk()
}

fn status(bench: &Bench, product: &str) -> String {
    member(&bench.ivr("ivrchaxun", PHONE, product).gbk(), "/status_code")
}

/// The callback after its `/notify?from=sandbox&`.
fn callback(bench: &Bench, patience: Duration) -> String {
    let callback = bench.partner.next(patience).unwrap_or("none".to_owned());
    callback.replace("GET /notify?from=sandbox&", "")
}

fn callback_of(bench: &Bench, product: &str) -> String {
    order(bench, product);
    callback(bench, PATIENCE)
}

/// Whether the bytes can be read as this charset, and what `status_value` is then.
fn status_value(bench: &Bench, charset: &'static encoding_rs::Encoding) -> String {
    let body = bench.ivr("ivrbaoyue", PHONE, "p").body;
    match charset.decode_without_bom_handling_and_without_replacement(&body) {
        Some(json) => member(&json, "/status_value"),
        None => "unreadable".to_owned(),
    }
}

fn content_type(bench: &Bench) -> String {
    bench.ivr("ivrchaxun", PHONE, "p").header("content-type").to_owned()
}

pub const CASES: &[Case] = &[
    Case {
        fault: "ivr-utf8-instead-of-gbk",
        observe: |bench| format!("{} {}", content_type(bench), status_value(bench, encoding_rs::UTF_8)),
        honest: "application/json; charset=GBK unreadable",
        faulty: "application/json; charset=GBK \"已订购\"",
    },
    Case {
        fault: "ivr-gbk-labelled-utf8",
        observe: |bench| format!("{} {}", content_type(bench), status_value(bench, encoding_rs::GBK)),
        honest: "application/json; charset=GBK \"已订购\"",
        faulty: "application/json; charset=UTF-8 \"已订购\"",
    },
    Case {
        fault: "ivr-no-charset",
        observe: content_type,
        honest: "application/json; charset=GBK",
        faulty: "application/json",
    },
    Case {
        fault: "ivr-html-content-type",
        observe: content_type,
        honest: "application/json; charset=GBK",
        faulty: "text/html; charset=GBK",
    },
    Case {
        fault: "ivr-question-marks",
        observe: |bench| status_value(bench, encoding_rs::GBK),
        honest: "\"已订购\"",
        faulty: "\"???\"",
    },
    Case {
        fault: "ivr-query-read-as-utf8",
        observe: |bench| member(&order(bench, PRODUCT), "/productid"),
        honest: "\"联通包月\"",
        faulty: "\"???????\"",
    },
    Case {
        fault: "ivr-unescaped-quotes",
        observe: |bench| {
            let json = order(bench, "a%22b");
            serde_json::from_str(&json)
                .map_or("malformed".to_owned(), |_: serde_json::Value| member(&json, "/productid"))
        },
        honest: "\"a\\\"b\"",
        faulty: "malformed",
    },
    Case {
        fault: "ivr-numeric-code",
        observe: |bench| member(&order(bench, "p"), "/code"),
        honest: "\"0\"",
        faulty: "0",
    },
    Case {
        fault: "ivr-missing-err-code",
        observe: |bench| member(&order(bench, "p"), "/err_code"),
        honest: "\"0\"",
        faulty: "-",
    },
    Case {
        fault: "ivr-status-code-without-value",
        observe: |bench| {
            let json = order(bench, "p");
            format!("{} {}", member(&json, "/status_code"), member(&json, "/status_value"))
        },
        honest: "\"1\" \"已订购\"",
        faulty: "\"1\" -",
    },
    Case {
        fault: "ivr-phone-with-country-code",
        observe: |bench| member(&order(bench, "p"), "/phone"),
        honest: "\"13000000001\"",
        faulty: "\"8613000000001\"",
    },
    Case {
        fault: "ivr-phone-masked",
        observe: |bench| member(&order(bench, "p"), "/phone"),
        honest: "\"13000000001\"",
        faulty: "\"130****0001\"",
    },
    Case {
        fault: "ivr-missing-parameter-500",
        observe: |bench| {
            let answer = client::get(bench.address(), "/unicom-ivr/ivrchaxun?phone=13000000001");
            let trace = answer.body.windows(5).any(|window| window == b"\tat c");
            format!("{} {trace}", answer.status)
        },
        honest: "200 false",
        faulty: "500 true",
    },
    Case {
        fault: "ivr-order-time-not-checked",
        observe: |bench| {
            let query = "phone=13000000001&productid=p&order_time=soon";
            member(&client::get(bench.address(), &format!("/unicom-ivr/ivrbaoyue?{query}")).gbk(), "/code")
        },
        honest: "\"1\"",
        faulty: "\"0\"",
    },
    Case {
        fault: "ivr-unknown-number-accepted",
        observe: |bench| member(&bench.ivr("ivrbaoyue", "13900000001", "p").gbk(), "/code"),
        honest: "\"1\"",
        faulty: "\"0\"",
    },
    Case {
        fault: "ivr-double-order-accepted",
        observe: |bench| {
            format!("{} {}", member(&order(bench, "p"), "/code"), member(&order(bench, "p"), "/code"))
        },
        honest: "\"0\" \"1\"",
        faulty: "\"0\" \"0\"",
    },
    Case {
        fault: "ivr-query-ignores-orders",
        observe: |bench| format!("{} {}", member(&order(bench, "p"), "/code"), status(bench, "p")),
        honest: "\"0\" \"1\"",
        faulty: "\"0\" \"0\"",
    },
    Case {
        fault: "ivr-cancel-forgotten",
        observe: |bench| {
            order(bench, "p");
            let cancel = bench.ivr("ivrquxiao", PHONE, "p").gbk();
            format!("{} {}", member(&cancel, "/code"), status(bench, "p"))
        },
        honest: "\"0\" \"2\"",
        faulty: "\"0\" \"1\"",
    },
    Case {
        fault: "ivr-state-shared-by-products",
        observe: |bench| {
            order(bench, "p");
            format!("{} {}", status(bench, "p"), status(bench, "another"))
        },
        honest: "\"1\" \"0\"",
        faulty: "\"1\" \"1\"",
    },
    Case {
        fault: "ivr-callback-never",
        observe: |bench| {
            order(bench, "p");
            callback(bench, SLOW)
        },
        honest: "mobile=13000000001&order_time=20260131120000&result=0&productid=p",
        faulty: "none",
    },
    Case {
        fault: "ivr-callback-twice",
        observe: |bench| {
            let first = callback_of(bench, "p");
            let second = callback(bench, SILENCE);
            if first == second { "the same twice".to_owned() } else { second }
        },
        honest: "none",
        faulty: "the same twice",
    },
    Case {
        fault: "ivr-callback-late",
        observe: |bench| {
            let start = Instant::now();
            let callback = callback_of(bench, "p");
            let when = if start.elapsed() < SLOW { "in time" } else { "late" };
            format!("{when}: {callback}")
        },
        honest: "in time: mobile=13000000001&order_time=20260131120000&result=0&productid=p",
        faulty: "late: mobile=13000000001&order_time=20260131120000&result=0&productid=p",
    },
    Case {
        fault: "ivr-callback-by-post",
        observe: |bench| callback_of(bench, "p"),
        honest: "mobile=13000000001&order_time=20260131120000&result=0&productid=p",
        faulty: "POST /notify?from=sandbox mobile=13000000001&order_time=20260131120000&result=0&productid=p",
    },
    Case {
        fault: "ivr-callback-wrong-result",
        observe: |bench| {
            let callback = callback_of(bench, "p");
            format!("{callback} {}", status(bench, "p"))
        },
        honest: "mobile=13000000001&order_time=20260131120000&result=0&productid=p \"1\"",
        faulty: "mobile=13000000001&order_time=20260131120000&result=1&productid=p \"1\"",
    },
    Case {
        fault: "ivr-callback-failure-as-success",
        observe: |bench| {
            let callback = callback_of(bench, "fail");
            format!("{callback} {}", status(bench, "fail"))
        },
        honest: "mobile=13000000001&order_time=20260131120000&result=1&productid=fail \"0\"",
        faulty: "mobile=13000000001&order_time=20260131120000&result=0&productid=fail \"0\"",
    },
    Case {
        fault: "ivr-callback-other-number",
        observe: |bench| callback_of(bench, "p"),
        honest: "mobile=13000000001&order_time=20260131120000&result=0&productid=p",
        faulty: "mobile=13000000009&order_time=20260131120000&result=0&productid=p",
    },
    Case {
        fault: "ivr-callback-without-order-time",
        observe: |bench| callback_of(bench, "p"),
        honest: "mobile=13000000001&order_time=20260131120000&result=0&productid=p",
        faulty: "mobile=13000000001&result=0&productid=p",
    },
    Case {
        fault: "ivr-callback-utf8",
        observe: |bench| callback_of(bench, PRODUCT),
        honest: "mobile=13000000001&order_time=20260131120000&result=0&productid=%C1%AA%CD%A8%B0%FC%D4%C2",
        faulty: "mobile=13000000001&order_time=20260131120000&result=0&productid=%E8%81%94%E9%80%9A%E5%8C%85%E6%9C%88",
    },
    Case {
        fault: "ivr-callback-swapped",
        observe: |bench| callback_of(bench, "p"),
        honest: "mobile=13000000001&order_time=20260131120000&result=0&productid=p",
        faulty: "mobile=p&order_time=20260131120000&result=0&productid=13000000001",
    },
    Case {
        fault: "ivr-cancel-without-callback",
        observe: |bench| {
            let of_order = callback_of(bench, "p");
            bench.ivr("ivrquxiao", PHONE, "p");
            format!("{of_order} {}", callback(bench, SLOW))
        },
        honest: "mobile=13000000001&order_time=20260131120000&result=0&productid=p \
                 mobile=13000000001&order_time=20260131120000&result=2&productid=p",
        faulty: "mobile=13000000001&order_time=20260131120000&result=0&productid=p none",
    },
    Case {
        fault: "ivr-other-methods-served",
        observe: |bench| {
            let path = "/unicom-ivr/ivrchaxun?phone=13000000001&productid=p";
            client::request(bench.address(), "DELETE", path, &[], b"").status.to_string()
        },
        honest: "405",
        faulty: "200",
    },
    Case {
        fault: "ivr-product-length-not-checked",
        observe: |bench| member(&order(bench, &"p".repeat(33)), "/code"),
        honest: "\"1\"",
        faulty: "\"0\"",
    },
    Case {
        fault: "ivr-markup-reflected",
        observe: |bench| {
            let answer = bench.ivr("ivrchaxun", "%3Cb%3E", "p");
            format!("{} {}", answer.header("content-type"), answer.gbk().contains("<html>"))
        },
        honest: "application/json; charset=GBK false",
        faulty: "text/html; charset=GBK true",
    },
    Case {
        fault: "ivr-trace-in-cause",
        observe: |bench| bench.ivr("ivrchaxun", "x", "p").gbk().contains("java.lang").to_string(),
        honest: "false",
        faulty: "true",
    },
    Case {
        fault: "ivr-query-unstable",
        observe: |bench| format!("{} {}", status(bench, "p"), status(bench, "p")),
        honest: "\"0\" \"0\"",
        faulty: "\"0\" \"2\"",
    },
];
