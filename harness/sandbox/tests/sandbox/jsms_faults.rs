//! What the faults of `jsms` look like.

use serde_json::Value;

use crate::bench::{Bench, member};
use crate::faults::Case;

const ORDER: &str = "D000120170621";

/// A member of the documented order's detail.
fn order(bench: &Bench, path: &str) -> String {
    member(&bench.jsms_order(ORDER).text(), path)
}

/// The code of a step with the documented order; `null` if it was done.
fn step(bench: &Bench, path: &str, form: &str) -> String {
    member(&bench.jsms(&format!("peidan/{path}"), &format!("orderId={ORDER}&{form}")).text(), "/code")
}

/// How many resources there are by `totalRecord`, and which ones: their numbers.
fn resources(bench: &Bench, form: &str) -> String {
    let json: Value = serde_json::from_str(&bench.jsms("order/resource/query", form).text()).expect("JSON");
    let list = json["data"].as_array().cloned().unwrap_or_default();
    let number =
        |resource: &Value| resource["resourceId"].as_str().map(|id| id[1..5].parse::<u32>().unwrap());
    format!("{} {:?}", json["totalRecord"], list.iter().filter_map(number).collect::<Vec<_>>())
}

pub const CASES: &[Case] = &[
    Case {
        fault: "jsms-html-content-type",
        observe: |bench| bench.jsms_order(ORDER).header("content-type").to_owned(),
        honest: "application/json;charset=UTF-8",
        faulty: "text/html;charset=UTF-8",
    },
    Case {
        fault: "jsms-gbk-labelled-utf8",
        observe: |bench| {
            let answer = bench.jsms("peidan/huitui", "");
            format!("{} {}", answer.header("content-type"), str::from_utf8(&answer.body).is_ok())
        },
        honest: "application/json;charset=UTF-8 true",
        faulty: "application/json;charset=UTF-8 false",
    },
    Case {
        fault: "jsms-nulls-left-out",
        observe: |bench| {
            let list = bench.jsms("order/resource/query", "rows=1").text();
            format!(
                "{} {} {}",
                order(bench, "/code"),
                order(bench, "/data/rate"),
                member(&list, "/data/0/rowNum")
            )
        },
        honest: "null null null",
        faulty: "- - -",
    },
    Case {
        fault: "jsms-success-and-failure",
        observe: |bench| format!("{} {}", order(bench, "/success"), order(bench, "/failure")),
        honest: "true false",
        faulty: "true true",
    },
    Case {
        fault: "jsms-success-when-refused",
        observe: |bench| {
            let json = bench.jsms("peidan/huitui", "").text();
            format!("{} {} {}", member(&json, "/success"), member(&json, "/fail"), member(&json, "/code"))
        },
        honest: "false true \"1001\"",
        faulty: "true true \"1001\"",
    },
    Case {
        fault: "jsms-code-on-success",
        observe: |bench| order(bench, "/code"),
        honest: "null",
        faulty: "\"0\"",
    },
    Case {
        fault: "jsms-unknown-order-500",
        observe: |bench| bench.jsms_order("D999920170621").status.to_string(),
        honest: "200",
        faulty: "500",
    },
    Case {
        fault: "jsms-bad-rows-500",
        observe: |bench| {
            let status = |form: &str| bench.jsms("order/resource/query", form).status;
            format!("{} {} {}", status("rows=0"), status("rows=x"), status("page=0"))
        },
        honest: "200 200 200",
        faulty: "500 500 200",
    },
    Case {
        fault: "jsms-other-order",
        observe: |bench| {
            format!(
                "{} {}",
                order(bench, "/data/orderId"),
                member(&bench.jsms_order("D006420170621").text(), "/data/orderId")
            )
        },
        honest: "\"D000120170621\" \"D006420170621\"",
        faulty: "\"D000220170621\" \"D006420170621\"",
    },
    Case {
        fault: "jsms-numbers-as-strings",
        observe: |bench| format!("{} {}", order(bench, "/data/state"), order(bench, "/data/belongSale")),
        honest: "0 149",
        faulty: "\"0\" \"149\"",
    },
    Case {
        fault: "jsms-times-as-epoch",
        observe: |bench| order(bench, "/data/createTime"),
        honest: "\"2017-06-28 14:32:05\"",
        faulty: "1498631525000",
    },
    Case {
        fault: "jsms-update-time-in-utc",
        observe: |bench| {
            step(bench, "daipipei", "");
            order(bench, "/data/updateTime")
        },
        honest: "\"2026-02-01 01:00:00\"",
        faulty: "\"2026-01-31 17:00:00\"",
    },
    Case {
        fault: "jsms-state-name-of-resources",
        observe: |bench| order(bench, "/data/stateName"),
        honest: "\"待配单\"",
        faulty: "\"待接入\"",
    },
    Case {
        fault: "jsms-rows-ignored",
        observe: |bench| resources(bench, "rows=2"),
        honest: "17 [0, 1]",
        faulty: "17 [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]",
    },
    Case {
        fault: "jsms-total-page-off-by-one",
        observe: |bench| {
            let pages = |rows: u32| {
                member(&bench.jsms("order/resource/query", &format!("rows={rows}")).text(), "/totalPage")
            };
            format!("{} {}", pages(10), pages(17))
        },
        honest: "2 1",
        faulty: "2 2",
    },
    Case {
        fault: "jsms-page-number-stuck",
        observe: |bench| member(&bench.jsms("order/resource/query", "page=3").text(), "/pageNo"),
        honest: "3",
        faulty: "1",
    },
    Case {
        fault: "jsms-pages-from-zero",
        observe: |bench| resources(bench, "rows=2&page=1"),
        honest: "17 [0, 1]",
        faulty: "17 [2, 3]",
    },
    Case {
        fault: "jsms-last-page-repeated",
        observe: |bench| resources(bench, "rows=5&page=9"),
        honest: "17 []",
        faulty: "17 [15, 16]",
    },
    Case {
        fault: "jsms-unstable-order",
        observe: |bench| {
            format!("{} {}", resources(bench, "rows=2&page=1"), resources(bench, "rows=2&page=2"))
        },
        honest: "17 [0, 1] 17 [2, 3]",
        faulty: "17 [1, 2] 17 [4, 5]",
    },
    Case {
        fault: "jsms-null-list",
        observe: |bench| member(&bench.jsms("order/resource/query", "state=9").text(), "/data"),
        honest: "[]",
        faulty: "null",
    },
    Case {
        fault: "jsms-state-filter-ignored",
        observe: |bench| resources(bench, "state=3&rows=2"),
        honest: "5 [0, 4]",
        faulty: "17 [0, 1]",
    },
    Case {
        fault: "jsms-order-filter-ignored",
        observe: |bench| resources(bench, &format!("orderId={ORDER}&rows=1")),
        honest: "0 []",
        faulty: "17 [0]",
    },
    Case {
        fault: "jsms-resources-doubled",
        observe: |bench| {
            step(bench, "daipipei", "resourceIds=T000120170621");
            format!("{} {}", resources(bench, &format!("orderId={ORDER}")), resources(bench, "rows=2"))
        },
        honest: "1 [1] 17 [0, 1]",
        faulty: "2 [1, 1] 17 [0, 1]",
    },
    Case {
        fault: "jsms-join-mixes-columns",
        observe: |bench| {
            step(bench, "daipipei", "resourceIds=T000120170621&remark=x");
            let remark =
                |form: &str| member(&bench.jsms("order/resource/query", form).text(), "/data/0/remark");
            format!("{} {}", remark(&format!("orderId={ORDER}")), remark("rows=1"))
        },
        honest: "\"1\" \"1\"",
        faulty: "\"x\" \"1\"",
    },
    Case {
        fault: "jsms-channel-type-overwritten",
        observe: |bench| {
            step(bench, "daipipei", "resourceIds=T000120170621");
            order(bench, "/data/channelType")
        },
        honest: "\"0\"",
        faulty: "\"122\"",
    },
    Case {
        fault: "jsms-wrong-state-accepted",
        observe: |bench| format!("{} {}", step(bench, "huitui", ""), order(bench, "/data/state")),
        honest: "\"2002\" 0",
        faulty: "null 3",
    },
    Case {
        fault: "jsms-state-not-changed",
        observe: |bench| format!("{} {}", step(bench, "daipipei", ""), order(bench, "/data/state")),
        honest: "null 1",
        faulty: "null 0",
    },
    Case {
        fault: "jsms-refusal-half-done",
        observe: |bench| {
            format!(
                "{} {}",
                step(bench, "daipipei", "resourceIds=T999920170621"),
                order(bench, "/data/state")
            )
        },
        honest: "\"3001\" 0",
        faulty: "\"3001\" 1",
    },
    Case {
        fault: "jsms-resources-not-required",
        observe: |bench| format!("{} {}", step(bench, "daipipei", ""), step(bench, "pipeichenggong", "")),
        honest: "null \"1001\"",
        faulty: "null null",
    },
    Case {
        fault: "jsms-unknown-resource-accepted",
        observe: |bench| step(bench, "daipipei", "resourceIds=T999920170621"),
        honest: "\"3001\"",
        faulty: "null",
    },
    Case {
        fault: "jsms-only-first-resource",
        observe: |bench| {
            step(bench, "daipipei", "resourceIds=T000120170621&resourceIds=T000220170621");
            resources(bench, &format!("orderId={ORDER}"))
        },
        honest: "2 [1, 2]",
        faulty: "1 [1]",
    },
    Case {
        fault: "jsms-rollback-deletes-resources",
        observe: |bench| {
            step(bench, "daipipei", "resourceIds=T000120170621");
            step(bench, "huitui", "");
            resources(bench, "rows=2")
        },
        honest: "17 [0, 1]",
        faulty: "16 [0, 2]",
    },
    Case {
        fault: "jsms-form-read-as-latin1",
        observe: |bench| {
            step(bench, "daipipei", "remark=%E8%AE%A2");
            order(bench, "/data/remark")
        },
        honest: "\"订\"",
        faulty: "\"è®¢\"",
    },
];
