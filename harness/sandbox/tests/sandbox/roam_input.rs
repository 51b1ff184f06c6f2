//! Whatever comes, Roam's mall answers in its documented shape, and forgets the oldest before it grows too big.

use std::thread;

use serde_json::{Value, json};

use crate::bad_input::Random;
use crate::bench::Bench;
use crate::client::{self, Answer};
use crate::roam_shop::{CARD, Shop, TWELVE_DAYS, encoded, id, parsed, path};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

const OPERATIONS: [&str; 35] = [
    "city_gets",
    "address_set",
    "login",
    "address_gets",
    "address_delete",
    "product_gets",
    "cart_set",
    "cart_gets",
    "order_submit",
    "orderdetail_set",
    "order_gets",
    "trafficvoice_get",
    "alltrafficvoice_get",
    "cardtraffic_bind",
    "voicenumber_get",
    "order_shipping",
    "order_paying",
    "outlet_gets",
    "evoucher_gets",
    "availevoucher_gets",
    "evoucher_discount",
    "datacard_bind",
    "datacard_gets",
    "datacard_unbind",
    "change_password",
    "credtrip_open",
    "credtrip/credit_query",
    "/om/services/datacard_set",
    "/om/services/touchdev_set",
    "/om/services/touchchans_set",
    "/om/services/prdunitprice_set",
    "/om/services/deliveryvoucher_verify",
    "/om/services/order_gets",
    "/om/services/cardorder_bind",
    "/om/services/order_shipped",
];

const NAMES: [&str; 34] = [
    "pid",
    "productid",
    "quantity",
    "cartid",
    "cartids",
    "orderid",
    "orderdetailid",
    "effect_datetime",
    "failure_datetime",
    "call_duration",
    "areaname",
    "simid",
    "genevoucher",
    "pageindex",
    "pagesize",
    "payid",
    "payvoucher",
    "obtainvoucher",
    "outletid",
    "obtaintime",
    "shipping_id",
    "shipping_address",
    "datacardid",
    "iccid",
    "price",
    "unitpriceid",
    "devid",
    "hostname",
    "host",
    "domain",
    "chans",
    "cart",
    "consignee",
    "address",
];

fn is_shape(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    if answer.header("content-type") == "text/html;charset=UTF-8" {
        assert!(answer.text().contains("<input type=\"hidden\" name=\"sign\""), "{}", answer.text());
        return;
    }
    assert_eq!(answer.header("content-type"), "application/json;charset=UTF-8");
    let json: Value = serde_json::from_str(&answer.text()).expect("JSON");
    let info = json["error_info"].as_str().expect("text");
    assert_eq!(json["error_no"] == 0, info == "成功", "{json}");
    assert!(!info.is_empty() && info.chars().all(|character| !character.is_control()), "{json}");
    assert!(json["sessionid"].is_string() && json["userid"].is_u64(), "{json}");
    if json["error_no"] != 0 && json["error_no"] != 1014 {
        assert_eq!(json["result"], json!({}), "{json}");
    }
}

fn sessions(bench: &Bench) -> [Shop; 2] {
    [Shop::customer(bench), Shop::staff(bench)]
}

#[test]
fn every_operation_needs_a_session_and_survives_without_parameters() {
    let bench = Bench::new(&[]);
    let shops = sessions(&bench);
    for operation in OPERATIONS {
        let refused = client::get(bench.address(), &path(operation));
        is_shape(&refused);
        let number = parsed(&refused)["error_no"].clone();
        assert_eq!(number, if operation == "login" { 1001 } else { 1011 }, "{operation}");
        for shop in &shops {
            is_shape(&shop.raw(operation, &[]));
            let body = json!({"userid": shop.user, "sessionid": shop.session}).to_string();
            is_shape(&client::post(bench.address(), &path(operation), JSON, body.as_bytes()));
        }
    }
}

#[test]
fn a_storm_of_parameters() {
    let bench = Bench::new(&[]);
    let shops = sessions(&bench);
    let mut random = Random(3);
    for round in 0..1500 {
        let shop = &shops[random.below(2)];
        let path = path(OPERATIONS[round % OPERATIONS.len()]);
        let session = encoded(&[("userid", &shop.user.to_string()), ("sessionid", &shop.session)]);
        let query = random.query(&NAMES);
        match random.below(3) {
            0 => is_shape(&client::get(bench.address(), &format!("{path}?{session}&{query}"))),
            1 => {
                is_shape(&client::post(bench.address(), &format!("{path}?{session}"), FORM, query.as_bytes()))
            }
            _ => {
                let value = match random.below(5) {
                    0 => json!(random.below(1_000_000)),
                    1 => json!(null),
                    2 => json!([{"subid": 1}, "x"]),
                    3 => json!({"productid": random.below(8), "quantity": 1}),
                    _ => json!(random.value()),
                };
                let name = NAMES[random.below(NAMES.len())];
                let body = json!({"userid": shop.user, "sessionid": shop.session, name: value}).to_string();
                is_shape(&client::post(bench.address(), &path, JSON, body.as_bytes()));
                let broken = random.mutated(&body);
                is_shape(&client::post(bench.address(), &path, JSON, &broken));
            }
        }
    }
    assert_eq!(shops[0].get("order_submit", TWELVE_DAYS)["result"]["order"]["price"], 411.2);
}

/// Text that breaks out of JSON or HTML, if anybody lets it.
#[test]
fn text_is_text() {
    let bench = Bench::new(&[]);
    let shop = Shop::customer(&bench);
    let nasty = "\"}<script>alert('1')</script>&amp;\\ 联 😀";
    let address = [
        ("consignee", nasty),
        ("address", "x"),
        ("email", "member7@mall.example"),
        ("mobile", "13000000007"),
        ("province", "31"),
        ("city", "383"),
        ("district", "3233"),
    ];
    assert_eq!(shop.get("address_set", &address)["error_no"], 0);
    assert_eq!(shop.get("address_gets", &[])["result"]["addresses"][0]["consignee"], nasty);
    let refused = Shop { session: nasty.to_owned(), ..Shop::customer(&bench) }.get("cart_gets", &[]);
    assert_eq!((&refused["error_no"], &refused["sessionid"]), (&json!(1011), &json!("")));
}

#[test]
fn bodies_that_are_not_what_they_say() {
    let bench = Bench::new(&[]);
    let shop = Shop::customer(&bench);
    let session = encoded(&[("userid", "7"), ("sessionid", &shop.session)]);
    let at = format!("{}?{session}", path("city_gets"));
    let number = |media_type: &str, body: &[u8]| {
        let answer = client::post(bench.address(), &at, media_type, body);
        is_shape(&answer);
        let answer = parsed(&answer);
        assert_eq!(answer["sessionid"], shop.session);
        answer["error_no"].clone()
    };
    assert_eq!(number(FORM, b"pid=0"), 0);
    assert_eq!(number(JSON, b"{\"pid\":\"0\"}"), 0);
    assert_eq!(number("application/json;charset=UTF-8", b"{\"pid\":0}"), 0);
    for (media_type, body) in [
        (JSON, &b"{\"pid\":0"[..]),
        (JSON, b"[]"),
        (JSON, b""),
        (JSON, b"{\"pid\":\"\xFF\"}"),
        ("application/json; charset=gbk", b"{\"pid\":0}"),
        ("text/plain", b"pid=0"),
        (FORM, b"pid=%FF"),
        (FORM, b"pid=0&pid=0"),
        (JSON, b"{\"pid\":0,\"pid\":1}"),
        (JSON, b"{\"pid\":-1}"),
        (JSON, b"{\"pid\":1.5}"),
        (JSON, b"{\"pid\":99999999999999999999}"),
        (JSON, b"{\"pid\":{}}"),
        (JSON, b"{\"pid\":[0]}"),
    ] {
        assert_eq!(number(media_type, body), 1002, "{media_type} {}", body.escape_ascii());
    }
    assert_eq!(number(JSON, b"{\"pid\":null}"), 1002);
    assert_eq!(number(JSON, b"{}"), 1001);
    let deep = format!("{{\"pid\":{}", "[".repeat(500_000));
    assert_eq!(number(JSON, deep.as_bytes()), 1002);
    let long = format!("pid={}", "1".repeat(3 << 20));
    assert_eq!(number(FORM, long.as_bytes()), 1002);
}

#[test]
fn orders_and_carts_are_checked() {
    let bench = Bench::new(&[]);
    let shop = Shop::customer(&bench);
    let changed = |changes: &[(&str, &str)]| {
        let kept = TWELVE_DAYS.iter().filter(|(name, _)| changes.iter().all(|(other, _)| other != name));
        let parameters: Vec<_> = kept.chain(changes).copied().collect();
        shop.get("cart_set", &parameters)["error_no"].clone()
    };
    assert_eq!(changed(&[]), 0);
    for (name, value, number) in [
        ("quantity", "0", 1002),
        ("quantity", "-1", 1002),
        ("quantity", "1000", 1002),
        ("quantity", "", 1001),
        ("quantity", "1.5", 1002),
        ("productid", "6", 1200),
        ("productid", "", 1001),
        ("effect_datetime", "2016-07-25", 1002),
        ("effect_datetime", "2016-02-30 00:00:00", 1002),
        ("effect_datetime", "2016-08-06 00:00:00", 1002),
        ("effect_datetime", "1990-01-01 00:00:00", 1002),
        ("effect_datetime", "", 1001),
        ("failure_datetime", "", 1001),
        ("areaname", "无此国", 1002),
        ("simid", "12a", 1002),
        ("simid", "12345678901234567890123", 1002),
        ("genevoucher", "maybe", 1002),
        ("cartid", "999999", 1201),
    ] {
        assert_eq!(changed(&[(name, value)]), number, "{name}={value}");
    }
    for cartids in ["x", "1,1", ",", "1;2"] {
        assert_eq!(shop.get("order_submit", &[("cartids", cartids)])["error_no"], 1002, "{cartids}");
    }
    let order = shop.order(CARD);
    let line = id(&shop.listed(&order)["orderdetails"][0]);
    let set = |parameters: &[(&str, &str)]| {
        shop.get("orderdetail_set", &[parameters, CARD].concat())["error_no"].clone()
    };
    assert_eq!(set(&[]), 1001);
    assert_eq!(set(&[("orderid", "999999")]), 1210);
    assert_eq!(set(&[("orderdetailid", "999999")]), 1303);
    assert_eq!(set(&[("orderdetailid", &line), ("orderid", "999999")]), 1303);
    assert_eq!(set(&[("orderdetailid", &line), ("orderid", &order)]), 0);
    let pay = |parameters: &[(&str, &str)]| {
        let order = [("orderid", order.as_str())];
        shop.get("order_paying", &[&order[..], parameters].concat())["error_no"].clone()
    };
    assert_eq!(pay(&[]), 1001);
    assert_eq!(pay(&[("payid", "3")]), 1002);
    assert_eq!(pay(&[("payid", "1")]), 1001);
    assert_eq!(pay(&[("payid", "1"), ("payvoucher", "12345678")]), 0);
    assert_eq!(pay(&[("payid", "1"), ("payvoucher", "12345678")]), 1211);
    assert_eq!(pay(&[("payid", "2")]), 1211);
}

/// A flood leaves each customer the newest things.
#[test]
fn the_oldest_carts_go_first() {
    let bench = Bench::new(&[]);
    let shop = Shop::customer(&bench);
    let other = Shop::other(&bench);
    let kept = id(&other.get("cart_set", CARD)["result"]["cart"]);
    thread::scope(|scope| {
        for _ in 0..4 {
            let (address, session) = (shop.address, shop.session.clone());
            scope.spawn(move || {
                let shop = Shop { address, session, user: 7 };
                (0..75).for_each(|_| drop(shop.get("cart_set", CARD)));
            });
        }
    });
    let carts = shop.ids("cart_gets", &[], "carts");
    assert_eq!(carts.len(), 200);
    assert_eq!(carts.last().map(String::as_str), Some("301"));
    assert_eq!(other.ids("cart_gets", &[], "carts"), [kept]);
}
