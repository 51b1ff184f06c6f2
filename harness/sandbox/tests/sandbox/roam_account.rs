//! Roam's customers: passwords, sessions, addresses.

use std::time::{Duration, SystemTime};

use proofmark_sandbox::{Clock, ManualClock, Options, Sandbox};
use serde_json::{Value, json};

use crate::bench::{Bench, NOW};
use crate::client;
use crate::roam_shop::{ADDRESS, CARD, Parameters, Shop, error, id, login, parsed, path, some};

#[test]
fn addresses_have_one_default() {
    let bench = Bench::new(&[]);
    let (shop, other) = (Shop::customer(&bench), Shop::other(&bench));
    let set =
        |more: Parameters| shop.form("address_set", &[ADDRESS, more].concat())["result"]["address"].clone();
    let (first, second) = (set(&[("defaultaddr", "true")]), set(&[("zipcode", "310000")]));
    let names: Vec<_> = first["cities"].as_array().unwrap().iter().map(|city| city["name"].clone()).collect();
    assert_eq!(names, ["浙江", "杭州", "滨江区"]);
    assert_eq!(
        some(&first, &["consignee", "address", "defaultaddr"]),
        json!({"consignee": "示例人", "address": "示例路1号", "defaultaddr": true})
    );
    assert_eq!(some(&second, &["zipcode", "defaultaddr"]), json!({"zipcode": "310000", "defaultaddr": null}));
    shop.get("address_set", &[("address_id", &id(&second)), ("defaultaddr", "true")]);
    let listed = shop.get("address_gets", &[]);
    let defaults: Vec<_> = listed["result"]["addresses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["defaultaddr"].clone())
        .collect();
    assert_eq!(defaults, [Value::Null, json!(true)]);
    assert_eq!(error(&other.form("address_delete", &[("addrid", &id(&first))])), 1100);
    let deleted = shop.form("address_delete", &[("addrid", &id(&first))]);
    assert_eq!((error(&deleted), deleted.get("result")), (0, None));
    assert_eq!(shop.ids("address_gets", &[], "addresses"), [id(&second)]);
    assert_eq!(error(&shop.get("address_set", &ADDRESS[1..])), 1001);
    let elsewhere: Vec<_> =
        ADDRESS.iter().map(|(name, value)| (*name, if *name == "city" { "321" } else { *value })).collect();
    assert_eq!(error(&shop.get("address_set", &elsewhere)), 1100);
}

#[test]
fn an_initial_password_has_to_be_changed() {
    let bench = Bench::new(&[]);
    let first = login(bench.address(), "82930001", "initial-pass");
    assert_eq!(
        some(&first, &["error_no", "error_info", "result", "userid"]),
        json!({
            "error_no": 1014, "error_info": "初始密码需要修改", "userid": 125,
            "result": {"status": 1, "type": 1, "username": "82930001"},
        })
    );
    let shop = Shop {
        address: bench.address(),
        session: first["sessionid"].as_str().unwrap().to_owned(),
        user: 125,
    };
    assert_eq!(error(&shop.get("city_gets", &[("pid", "0")])), 1014);
    let change =
        |old: &str, new: &str| shop.get("change_password", &[("opassword", old), ("npassword", new)]);
    assert_eq!(error(&change("wrong-pass", "other-pass")), 1010);
    assert_eq!(error(&change("initial-pass", "short")), 1002);
    assert_eq!(error(&change("initial-pass", "other-pass")), 0);
    assert_eq!(error(&shop.get("city_gets", &[("pid", "0")])), 0);
    assert_eq!(login(bench.address(), "82930001", "other-pass")["error_no"], 0);
    assert_eq!(login(bench.address(), "82930001", "initial-pass")["error_no"], 1010);
    assert_eq!(error(&change("other-pass", "initial-pass")), 0);
    assert_eq!(login(bench.address(), "82930001", "initial-pass")["error_no"], 1014);
    assert_eq!(login(bench.address(), "82930002", "initial-pass")["userid"], 126);
}

#[test]
fn sessions_end_by_the_clock() {
    let clock = ManualClock::starting(SystemTime::UNIX_EPOCH + Duration::from_secs(NOW));
    let options = Options { clock: Clock::Manual(clock.clone()), ..Options::default() };
    let sandbox = Sandbox::start(options).unwrap();
    let minutes = |count: u64| clock.advance(Duration::from_secs(60 * count));
    let shop = Shop::open(sandbox.address(), "member7", "member7-pass");
    let second = Shop::open(sandbox.address(), "member7", "member7-pass");
    assert_ne!(shop.session, second.session);
    let order = shop.order(CARD);
    for _ in 0..3 {
        minutes(30);
        assert_eq!(error(&shop.get("cart_gets", &[])), 0);
    }
    assert_eq!(error(&second.get("cart_gets", &[])), 1012);
    minutes(31);
    let expired = shop.get("order_gets", &[]);
    assert_eq!(
        expired,
        json!({"error_info": "会话已过期", "error_no": 1012, "result": {}, "sessionid": shop.session, "userid": 7})
    );
    let shop = Shop::open(sandbox.address(), "member7", "member7-pass");
    assert_eq!(shop.listed(&order)["order_status"], 0);
    minutes(7 * 24 * 60);
    let shop = Shop::open(sandbox.address(), "member7", "member7-pass");
    assert_eq!(shop.listed(&order)["order_status"], 2);
    assert_eq!(error(&shop.pay(&order)), 1211);
}

#[test]
fn who_asks_is_checked() {
    let bench = Bench::new(&[]);
    let (shop, other) = (Shop::customer(&bench), Shop::other(&bench));
    let ask =
        |query: String| parsed(&client::get(bench.address(), &format!("{}?{query}", path("address_gets"))));
    let of = |answer: Value| {
        (error(&answer), answer["sessionid"].as_str().unwrap().to_owned(), answer["userid"].clone())
    };
    let session = &shop.session;
    assert_eq!(of(ask(format!("userid=7&sessionid={session}"))), (0, session.clone(), json!(7)));
    assert_eq!(of(ask(format!("userid=&sessionid={session}"))), (0, session.clone(), json!(7)));
    assert_eq!(of(ask(format!("sessionid={session}"))), (1001, session.clone(), json!(7)));
    assert_eq!(of(ask(format!("userid=8&sessionid={session}"))), (1013, session.clone(), json!(8)));
    assert_eq!(of(ask(format!("userid=x&sessionid={session}"))), (1002, session.clone(), json!(7)));
    assert_eq!(of(ask("userid=7".to_owned())), (1011, String::new(), json!(7)));
    assert_eq!(of(ask(String::new())), (1011, String::new(), json!(0)));
    assert_eq!(of(ask("sessionid=nosuch&userid=7".to_owned())), (1011, String::new(), json!(7)));
    let expired = "0e5e551d-0000-4000-8000-000000000007";
    assert_eq!(of(ask(format!("sessionid={expired}&userid=7"))), (1012, expired.to_owned(), json!(7)));
    let order = shop.order(CARD);
    assert_eq!(error(&other.pay(&order)), 1210);
    let pickup: Parameters = &[
        ("orderid", &order),
        ("obtainvoucher", "true"),
        ("outletid", "2"),
        ("obtaintime", "2026-03-01 10:30:00"),
    ];
    assert_eq!(error(&other.form("order_shipping", pickup)), 1210);
    assert_eq!(error(&login(bench.address(), "member7", "member8-pass")), 1010);
    assert_eq!(error(&login(bench.address(), "nobody", "member7-pass")), 1010);
}
