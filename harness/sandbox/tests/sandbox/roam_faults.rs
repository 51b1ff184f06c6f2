//! What the faults of `roam` look like: the envelope, who is let in, and what is looked up.

use serde_json::{Value, json};

use crate::bench::Bench;
use crate::client;
use crate::faults::Case;
use crate::roam_shop::{ADDRESS, CARD, Parameters, Shop, id, login, parsed, path};

/// Some members of a value, by pointer, joined by spaces; `-` for one that is not there.
pub fn seen(value: &Value, pointers: &[&str]) -> String {
    let member = |pointer: &&str| value.pointer(pointer).map_or("-".to_owned(), Value::to_string);
    pointers.iter().map(member).collect::<Vec<_>>().join(" ")
}

/// An answer's `error_no`.
pub fn number(answer: &Value) -> String {
    seen(answer, &["/error_no"])
}

fn country(shop: &Shop) -> Value {
    shop.get("city_gets", &[("pid", "0")])
}

fn unknown_card(bench: &Bench) -> Value {
    Shop::customer(bench).form("datacard_bind", &[("datacardid", "1")])
}

fn cities_by(bench: &Bench, query: &str) -> Value {
    parsed(&client::get(bench.address(), &format!("{}?pid=0&{query}", path("city_gets"))))
}

/// Saves an address and lists it.
fn address(bench: &Bench, pointers: &[&str]) -> String {
    let shop = Shop::customer(bench);
    shop.form("address_set", ADDRESS);
    seen(&shop.get("address_gets", &[]), pointers)
}

fn staff_login(bench: &Bench, password: &str) -> Value {
    login(bench.address(), "82930001", password)
}

pub const CASES: &[Case] = &[
    Case {
        fault: "roam-result-missing",
        observe: |bench| seen(&country(&Shop::customer(bench)), &["/error_no", "/result/cities/0/id"]),
        honest: "0 1",
        faulty: "0 -",
    },
    Case {
        fault: "roam-refusal-says-success",
        observe: |bench| seen(&unknown_card(bench), &["/error_no", "/error_info"]),
        honest: "1301 \"数据卡不存在\"",
        faulty: "1301 \"成功\"",
    },
    Case {
        fault: "roam-unknown-card-as-success",
        observe: |bench| seen(&unknown_card(bench), &["/error_no", "/error_info", "/result"]),
        honest: "1301 \"数据卡不存在\" {}",
        faulty: "0 \"成功\" {}",
    },
    Case {
        fault: "roam-error-no-as-text",
        observe: |bench| {
            format!("{} {}", number(&country(&Shop::customer(bench))), number(&unknown_card(bench)))
        },
        honest: "0 1301",
        faulty: "\"0\" \"1301\"",
    },
    Case {
        fault: "roam-userid-as-text",
        observe: |bench| seen(&country(&Shop::customer(bench)), &["/error_no", "/userid"]),
        honest: "0 7",
        faulty: "0 \"7\"",
    },
    Case {
        fault: "roam-session-echo-stale",
        observe: |bench| {
            let (before, shop) = (Shop::customer(bench), Shop::customer(bench));
            match country(&shop)["sessionid"].as_str() {
                Some(session) if session == shop.session => "own".to_owned(),
                Some(session) if session == before.session => "stale".to_owned(),
                other => format!("{other:?}"),
            }
        },
        honest: "own",
        faulty: "stale",
    },
    Case {
        fault: "roam-other-user-echoed",
        observe: |bench| seen(&country(&Shop::customer(bench)), &["/error_no", "/userid"]),
        honest: "0 7",
        faulty: "0 8",
    },
    Case {
        fault: "roam-json-labelled-html",
        observe: |bench| {
            Shop::customer(bench).raw("city_gets", &[("pid", "0")]).header("content-type").to_owned()
        },
        honest: "application/json;charset=UTF-8",
        faulty: "text/html;charset=UTF-8",
    },
    Case {
        fault: "roam-wrong-password-accepted",
        observe: |bench| number(&login(bench.address(), "member7", "wrong-pass")),
        honest: "1010",
        faulty: "0",
    },
    Case {
        fault: "roam-initial-password-accepted",
        observe: |bench| number(&staff_login(bench, "initial-pass")),
        honest: "1014",
        faulty: "0",
    },
    Case {
        fault: "roam-password-not-changed",
        observe: |bench| {
            let session = staff_login(bench, "initial-pass")["sessionid"].as_str().unwrap().to_owned();
            let shop = Shop { address: bench.address(), session, user: 125 };
            let change: Parameters = &[("opassword", "initial-pass"), ("npassword", "other-pass")];
            let changed = shop.get("change_password", change);
            format!("{} {}", number(&changed), number(&staff_login(bench, "other-pass")))
        },
        honest: "0 0",
        faulty: "0 1010",
    },
    Case {
        fault: "roam-session-repeated",
        observe: |bench| (Shop::customer(bench).session == Shop::customer(bench).session).to_string(),
        honest: "false",
        faulty: "true",
    },
    Case {
        fault: "roam-session-not-checked",
        observe: |bench| {
            let unknown = "userid=7&sessionid=00000000-0000-4000-8000-00000000000f";
            format!("{} {}", number(&cities_by(bench, "userid=7")), number(&cities_by(bench, unknown)))
        },
        honest: "1011 1011",
        faulty: "0 0",
    },
    Case {
        fault: "roam-foreign-session-accepted",
        observe: |bench| {
            let session = Shop::customer(bench).session;
            seen(&cities_by(bench, &format!("userid=8&sessionid={session}")), &["/error_no", "/userid"])
        },
        honest: "1013 8",
        faulty: "0 8",
    },
    Case {
        fault: "roam-expired-session-accepted",
        observe: |bench| number(&cities_by(bench, "userid=7&sessionid=0e5e551d-0000-4000-8000-000000000007")),
        honest: "1012",
        faulty: "0",
    },
    Case {
        fault: "roam-role-not-checked",
        observe: |bench| {
            let card = json!({"datacardid": 5, "iccid": "8900000001"});
            number(&Shop::customer(bench).json("/om/services/datacard_set", card))
        },
        honest: "1020",
        faulty: "0",
    },
    Case {
        fault: "roam-pid-ignored",
        observe: |bench| {
            let shop = Shop::customer(bench);
            let inside = |pid| shop.get("city_gets", &[("pid", pid)]);
            format!(
                "{} {}",
                seen(&inside("31"), &["/result/cities/0/id"]),
                seen(&inside("0"), &["/result/cities/0/id"])
            )
        },
        honest: "383 1",
        faulty: "2 2",
    },
    Case {
        fault: "roam-category-ignored",
        observe: |bench| {
            Shop::customer(bench).ids("product_gets", &[("categoryid", "1")], "products").join(" ")
        },
        honest: "1",
        faulty: "1 2 3 4 5 7",
    },
    Case {
        fault: "roam-province-ignored",
        observe: |bench| Shop::customer(bench).ids("outlet_gets", &[("province", "25")], "outlets").join(" "),
        honest: "3",
        faulty: "1 2 3",
    },
    Case {
        fault: "roam-city-ignored",
        observe: |bench| {
            let shop = Shop::customer(bench);
            let city = shop.ids("outlet_gets", &[("city", "321")], "outlets").join(" ");
            format!("{city}, {}", shop.ids("outlet_gets", &[("province", "25")], "outlets").join(" "))
        },
        honest: "3, 3",
        faulty: "1 2 3, 3",
    },
    Case {
        fault: "roam-question-marks",
        observe: |bench| address(bench, &["/result/addresses/0/consignee", "/result/addresses/0/address"]),
        honest: "\"示例人\" \"示例路1号\"",
        faulty: "\"???\" \"???1?\"",
    },
    Case {
        fault: "roam-utf8-twice",
        observe: |bench| address(bench, &["/result/addresses/0/consignee"]),
        honest: "\"示例人\"",
        faulty: "\"ç¤ºä¾\u{8b}äºº\"",
    },
    Case {
        fault: "roam-default-not-moved",
        observe: |bench| {
            let shop = Shop::customer(bench);
            for _ in 0..2 {
                shop.get("address_set", &[ADDRESS, &[("defaultaddr", "true")]].concat());
            }
            let listed = shop.get("address_gets", &[]);
            seen(&listed, &["/result/addresses/0/defaultaddr", "/result/addresses/1/defaultaddr"])
        },
        honest: "- true",
        faulty: "true true",
    },
    Case {
        fault: "roam-deleted-address-listed",
        observe: |bench| {
            let shop = Shop::customer(bench);
            let address = id(&shop.get("address_set", ADDRESS)["result"]["address"]);
            let deleted = number(&shop.form("address_delete", &[("addrid", &address)]));
            format!("{deleted} {}", shop.ids("address_gets", &[], "addresses").contains(&address))
        },
        honest: "0 false",
        faulty: "0 true",
    },
    Case {
        fault: "roam-carts-of-all-users",
        observe: |bench| {
            let (shop, other) = (Shop::customer(bench), Shop::other(bench));
            other.get("cart_set", CARD);
            seen(&shop.get("cart_gets", &[]), &["/result/carts/0/userid"])
        },
        honest: "-",
        faulty: "8",
    },
    Case {
        fault: "roam-cart-kept",
        observe: |bench| {
            let shop = Shop::customer(bench);
            let cart = id(&shop.get("cart_set", CARD)["result"]["cart"]);
            let ordered = number(&shop.get("order_submit", &[("cartids", &cart)]));
            format!("{ordered} {}", shop.ids("cart_gets", &[], "carts").contains(&cart))
        },
        honest: "0 false",
        faulty: "0 true",
    },
];
