//! What the faults of `cube` look like.

use std::time::Instant;

use crate::bench::{Bench, CUBE_ORDER, SLOW, member, signed};
use crate::client;
use crate::faults::Case;

fn order(bench: &Bench, path: &str) -> String {
    member(&bench.cube(&[]).text(), path)
}

fn code(bench: &Bench, changes: &[(&str, &str)]) -> String {
    member(&bench.cube(changes).text(), "/code")
}

fn dates(bench: &Bench, changes: &[(&str, &str)]) -> String {
    let json = bench.cube(changes).text();
    format!("{} {}", member(&json, "/data/order_start_date"), member(&json, "/data/order_expire_date"))
}

pub const CASES: &[Case] = &[
    Case {
        fault: "cube-slow-answer",
        observe: |bench| {
            let start = Instant::now();
            bench.cube(&[]);
            if start.elapsed() < SLOW { "fast".to_owned() } else { "slow".to_owned() }
        },
        honest: "fast",
        faulty: "slow",
    },
    Case {
        fault: "cube-connection-dropped",
        observe: |bench| {
            let answer =
                client::send(bench.address(), &client::raw("POST", CUBE_ORDER, &[], signed(&[]).as_bytes()));
            answer
                .map_or("nothing".to_owned(), |answer| format!("{} {}", answer.status, answer.is_complete()))
        },
        honest: "200 true",
        faulty: "nothing",
    },
    Case {
        fault: "cube-answer-cut-off",
        observe: |bench| {
            let answer = bench.cube(&[]);
            let length: usize = answer.header("content-length").parse().unwrap();
            format!("{} {}", answer.status, if answer.body.len() == length { "whole" } else { "part" })
        },
        honest: "200 whole",
        faulty: "200 part",
    },
    Case {
        fault: "cube-refused-with-400",
        observe: |bench| format!("{} {}", bench.cube(&[]).status, bench.cube(&[("is_open", "2")]).status),
        honest: "200 200",
        faulty: "200 400",
    },
    Case {
        fault: "cube-missing-field-500",
        observe: |bench| {
            let answer = bench.cube(&[("device_id", "")]);
            format!("{} {}", answer.status, answer.text().contains("\tat com.provider"))
        },
        honest: "200 false",
        faulty: "500 true",
    },
    Case {
        fault: "cube-duplicate-key",
        observe: |bench| bench.cube(&[]).text().matches("\"code\":").count().to_string(),
        honest: "1",
        faulty: "2",
    },
    Case {
        fault: "cube-undocumented-field",
        observe: |bench| order(bench, "/traceId"),
        honest: "-",
        faulty: "\"5f2d1c0b9a8e7f60\"",
    },
    Case {
        fault: "cube-success-as-string",
        observe: |bench| {
            format!(
                "{} {}",
                order(bench, "/success"),
                member(&bench.cube(&[("sign", "x")]).text(), "/success")
            )
        },
        honest: "true false",
        faulty: "\"true\" \"false\"",
    },
    Case {
        fault: "cube-success-when-refused",
        observe: |bench| {
            let json = bench.cube(&[("is_open", "2")]).text();
            format!("{} {}", member(&json, "/code"), member(&json, "/success"))
        },
        honest: "\"1005\" false",
        faulty: "\"1005\" true",
    },
    Case {
        fault: "cube-code-as-number",
        observe: |bench| format!("{} {}", code(bench, &[]), code(bench, &[("is_open", "2")])),
        honest: "\"0000\" \"1005\"",
        faulty: "0 1005",
    },
    Case {
        fault: "cube-same-code-for-all",
        observe: |bench| {
            [[("is_open", "2")], [("is_open", "")], [("sign", "x")]]
                .map(|changes| code(bench, &changes))
                .join(" ")
        },
        honest: "\"1005\" \"1003\" \"2002\"",
        faulty: "\"9999\" \"9999\" \"9999\"",
    },
    Case {
        fault: "cube-empty-message",
        observe: |bench| order(bench, "/message"),
        honest: "\"成功\"",
        faulty: "\"\"",
    },
    Case {
        fault: "cube-question-marks",
        observe: |bench| order(bench, "/message"),
        honest: "\"成功\"",
        faulty: "\"??\"",
    },
    Case {
        fault: "cube-language-ignored",
        observe: |bench| {
            member(&bench.cube_post(&[("Accept-Language", "en-US")], &signed(&[])).text(), "/message")
        },
        honest: "\"Success\"",
        faulty: "\"成功\"",
    },
    Case {
        fault: "cube-data-missing",
        observe: |bench| format!("{} {}", order(bench, "/success"), order(bench, "/data/sign")),
        honest: "true null",
        faulty: "true -",
    },
    Case {
        fault: "cube-order-id-null",
        observe: |bench| format!("{} {}", order(bench, "/success"), order(bench, "/data/order_id") == "null"),
        honest: "true false",
        faulty: "true true",
    },
    Case {
        fault: "cube-order-id-repeated",
        observe: |bench| (order(bench, "/data/order_id") == order(bench, "/data/order_id")).to_string(),
        honest: "false",
        faulty: "true",
    },
    Case {
        fault: "cube-dates-when-not-opened",
        observe: |bench| dates(bench, &[("is_open", "0")]),
        honest: "null null",
        faulty: "\"20260201\" \"20260301\"",
    },
    Case {
        fault: "cube-dates-with-dashes",
        observe: |bench| dates(bench, &[("is_open", "1")]),
        honest: "\"20260201\" \"20260301\"",
        faulty: "\"2026-02-01\" \"2026-03-01\"",
    },
    Case {
        fault: "cube-period-ignored",
        observe: |bench| dates(bench, &[("is_open", "1"), ("order_period", "3")]),
        honest: "\"20260201\" \"20260501\"",
        faulty: "\"20260201\" \"20260301\"",
    },
    Case {
        fault: "cube-signature-not-verified",
        observe: |bench| code(bench, &[("sign", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")]),
        honest: "\"2002\"",
        faulty: "\"0000\"",
    },
    Case {
        fault: "cube-access-code-not-checked",
        observe: |bench| code(bench, &[("access_code", "P900002")]),
        honest: "\"2001\"",
        faulty: "\"0000\"",
    },
    Case {
        fault: "cube-unknown-enum-accepted",
        observe: |bench| {
            format!("{} {}", code(bench, &[("package_type", "9")]), code(bench, &[("is_open", "2")]))
        },
        honest: "\"1005\" \"1005\"",
        faulty: "\"0000\" \"0000\"",
    },
    Case {
        fault: "cube-amount-not-checked",
        observe: |bench| {
            format!("{} {}", code(bench, &[("pay_amount", "-1")]), code(bench, &[("pay_amount", "1.234")]))
        },
        honest: "\"1007\" \"1007\"",
        faulty: "\"0000\" \"0000\"",
    },
    Case {
        fault: "cube-unknown-device-accepted",
        observe: |bench| code(bench, &[("device_id", "89990000000000000001")]),
        honest: "\"3001\"",
        faulty: "\"0000\"",
    },
    Case {
        fault: "cube-package-type-not-checked",
        observe: |bench| code(bench, &[("package_type", "3")]),
        honest: "\"3003\"",
        faulty: "\"0000\"",
    },
    Case {
        fault: "cube-period-unlimited",
        observe: |bench| code(bench, &[("order_period", "1000")]),
        honest: "\"1008\"",
        faulty: "\"0000\"",
    },
    Case {
        fault: "cube-numbers-accepted",
        observe: |bench| {
            let body = signed(&[]).replace("\"order_period\":\"1\"", "\"order_period\":1");
            member(&bench.cube_post(&[], &body).text(), "/code")
        },
        honest: "\"1004\"",
        faulty: "\"0000\"",
    },
    Case {
        fault: "cube-malformed-body-500",
        observe: |bench| bench.cube_post(&[], "{").status.to_string(),
        honest: "200",
        faulty: "500",
    },
    Case {
        fault: "cube-long-name-dropped",
        observe: |bench| {
            let body = signed(&[("package_name", &"n".repeat(1_001))]);
            let answer =
                client::send(bench.address(), &client::raw("POST", CUBE_ORDER, &[], body.as_bytes()));
            answer.map_or("nothing".to_owned(), |answer| answer.status.to_string())
        },
        honest: "200",
        faulty: "nothing",
    },
];
