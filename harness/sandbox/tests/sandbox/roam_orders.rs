//! Roam's carts, orders and payment pages: the document's own amounts.

use serde_json::json;

use crate::bench::Bench;
use crate::roam_shop::{
    ADDRESS, CARD, EIGHT_DAYS, Parameters, Shop, TRAFFIC, TWELVE_DAYS, error, id, inputs, some,
};

#[test]
fn the_documents_twelve_days() {
    let bench = Bench::new(&[]);
    let shop = Shop::customer(&bench);
    let cart = shop.get("cart_set", TWELVE_DAYS)["result"]["cart"].clone();
    assert_eq!(
        some(&cart, &["discount", "quantity_per_unit", "unit_price", "productid", "userid"]),
        json!({"discount": 95, "quantity_per_unit": 12, "unit_price": 411.2, "productid": 5, "userid": 7})
    );
    assert_eq!(cart["sessionid"], shop.session);
    assert_eq!(
        cart["odprdattrs"][0],
        json!({"name": "国家地区", "price": "+5.0", "value": "美国", "varname": "areaname"})
    );
    let order = shop.get("order_submit", &[("cartids", &id(&cart))])["result"]["order"].clone();
    assert_eq!(
        some(&order, &["price", "discount", "payable_amount", "createtime", "pay_status", "order_status"]),
        json!({
            "price": 411.2, "discount": 20.56, "payable_amount": 390.64,
            "createtime": "2026-02-01 01:00:00", "pay_status": 0, "order_status": 0,
        })
    );
    let line = &order["orderdetails"][0];
    assert_eq!(
        some(line, &["discount", "quantity_per_unit", "unit_price", "quantity", "odprdattrs"]),
        json!({
            "discount": 95, "quantity_per_unit": 12, "unit_price": 411.2, "quantity": 1,
            "odprdattrs": cart["odprdattrs"],
        })
    );
    assert_eq!(line["orderid"], order["id"]);
}

#[test]
fn the_documents_eight_days_and_300_minutes() {
    let bench = Bench::new(&[]);
    let shop = Shop::customer(&bench);
    let order = shop.form("order_submit", EIGHT_DAYS)["result"]["order"].clone();
    assert_eq!(
        some(&order, &["price", "discount", "payable_amount"]),
        json!({"price": 31, "discount": 1.55, "payable_amount": 29.45})
    );
    assert_eq!(order["orderdetails"][0]["quantity_per_unit"], 8);
}

/// #61: ten days of traffic and two cards, 401.00 and 15.05 off; shipping and vouchers change nothing.
#[test]
fn the_documents_order_of_three_lines() {
    let bench = Bench::new(&[]);
    let shop = Shop::customer(&bench);
    let ten_days: Parameters = &[
        ("productid", "2"),
        ("quantity", "1"),
        ("effect_datetime", "2016-06-18 00:00:00"),
        ("failure_datetime", "2016-06-27 23:59:59"),
        ("areaname", "马尔代夫"),
    ];
    let order = shop.order(ten_days);
    for _ in 0..2 {
        shop.form("orderdetail_set", &[&[("orderid", order.as_str())], CARD].concat());
    }
    let amounts = json!({"price": 401, "discount": 15.05, "payable_amount": 385.95});
    let names = ["price", "discount", "payable_amount"];
    assert_eq!(some(&shop.listed(&order), &names), amounts);
    let address = id(&shop.get("address_set", ADDRESS)["result"]["address"]);
    let sent: Parameters = &[
        ("orderid", &order),
        ("obtainvoucher", "false"),
        ("shipping_id", "1"),
        ("shipping_address", &address),
    ];
    let shipping = shop.form("order_shipping", sent)["result"]["order"].clone();
    assert_eq!(
        some(&shipping, &["shipping_fee", "obtainvoucher"]),
        json!({"shipping_fee": 10, "obtainvoucher": false})
    );
    assert_eq!(shipping.get("orderdetails"), None);
    assert_eq!(some(&shipping, &names), amounts);
    let paid = shop.pay(&order)["result"]["order"].clone();
    assert_eq!(
        some(&paid, &["pay_status", "payid", "paytime", "payvoucher"]),
        json!({"pay_status": 1, "payid": 1, "paytime": "2026-02-01 01:00:00", "payvoucher": "000011112222"})
    );
    let voucher = shop.ids("availevoucher_gets", &[("orderid", &order)], "evouchers").pop().unwrap();
    let used = shop.form("evoucher_discount", &[("orderid", &order), ("evoucherid", &voucher)]);
    assert_eq!(used["result"]["myevoucher"]["used_datetime"], "2026-02-01 01:00:00");
    assert_eq!(used["result"]["order"]["voucher_amount"], 10);
    assert_eq!(some(&used["result"]["order"], &names), amounts);
    let left = shop.ids("availevoucher_gets", &[("orderid", &order)], "evouchers");
    assert!(!left.contains(&voucher));
    let second = shop.order(CARD);
    let again = shop.form("evoucher_discount", &[("orderid", &second), ("evoucherid", &voucher)]);
    assert_eq!(error(&again), 1220);
}

/// #72: JSON is answered with amounts, and lines have their attributes beside the list of them.
#[test]
fn json_gets_amounts() {
    let bench = Bench::new(&[]);
    let shop = Shop::customer(&bench);
    let cart = json!({
        "productid": 5, "effect_datetime": "2016-07-25 00:00:00", "failure_datetime": "2016-08-05 23:59:59",
        "quantity": "1", "simid": "", "areaname": "美国", "genevoucher": false,
    });
    let order = shop.json("order_submit", json!({"cart": cart}))["result"]["order"].clone();
    assert_eq!(
        some(&order, &["discount", "payable_amount"]),
        json!({"discount": 20.56, "payable_amount": 390.64})
    );
    let line = order["orderdetails"][0].clone();
    assert_eq!(
        some(
            &line,
            &["areaname", "discount", "effect_datetime", "failure_datetime", "simids", "source", "userid"]
        ),
        json!({
            "areaname": "美国", "discount": 20.56, "effect_datetime": "2016-07-25 00:00:00",
            "failure_datetime": "2016-08-05 23:59:59", "simids": [], "source": "来自订单", "userid": 7,
        })
    );
    let voucher = json!({"name": "生成电子券", "price": "", "value": "false", "varname": "genevoucher"});
    assert_eq!(line["odprdattrs"][3], voucher);
    let voice = shop.json("order_submit", json!({"productid": 3, "quantity": 1, "call_duration": 40}));
    let voice = &voice["result"]["order"]["orderdetails"][0];
    assert_eq!(
        some(voice, &["effect_datetime", "failure_datetime", "call_duration", "unit_price"]),
        json!({
            "effect_datetime": "2026-02-01 01:00:00", "failure_datetime": "2027-02-01 01:00:00",
            "call_duration": 40, "unit_price": 4,
        })
    );
}

#[test]
fn carts_are_the_customers_and_are_used_up() {
    let bench = Bench::new(&[]);
    let (shop, other) = (Shop::customer(&bench), Shop::other(&bench));
    let cart = id(&shop.get("cart_set", CARD)["result"]["cart"]);
    let second = id(&shop.get("cart_set", TWELVE_DAYS)["result"]["cart"]);
    assert_eq!(shop.ids("cart_gets", &[], "carts"), [cart.as_str(), second.as_str()]);
    assert_eq!(other.ids("cart_gets", &[], "carts"), Vec::<String>::new());
    assert_eq!(error(&other.get("order_submit", &[("cartids", &cart)])), 1201);
    let changed = shop.get("cart_set", &[&[("cartid", cart.as_str())], TRAFFIC].concat());
    assert_eq!(some(&changed["result"]["cart"], &["unit_price"]), json!({"unit_price": 60.2}));
    assert_eq!(id(&changed["result"]["cart"]), cart);
    let both = format!("{cart},{second}");
    let order = shop.get("order_submit", &[("cartids", &both)])["result"]["order"].clone();
    assert_eq!((&order["price"], order["orderdetails"].as_array().unwrap().len()), (&json!(471.4), 2));
    assert_eq!(shop.ids("cart_gets", &[], "carts"), Vec::<String>::new());
    assert_eq!(error(&shop.get("order_submit", &[("cartids", &both)])), 1201);
}

#[test]
fn pages_are_newest_first_and_fit_together() {
    let bench = Bench::new(&[]);
    let shop = Shop::customer(&bench);
    for _ in 0..5 {
        shop.order(CARD);
    }
    let page = |index: &str, size: &str| {
        shop.ids("order_gets", &[("pageindex", index), ("pagesize", size)], "orders")
    };
    let all = page("0", "1000");
    assert_eq!(all.len(), 10);
    let pages: Vec<_> = ["0", "1", "2", "3"].into_iter().flat_map(|index| page(index, "3")).collect();
    assert_eq!(pages, all);
    assert_eq!(shop.ids("order_gets", &[], "orders"), all);
    assert_eq!(page("1000000", "1000"), Vec::<String>::new());
    let times: Vec<_> = shop.get("order_gets", &[])["result"]["orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|order| order["createtime"].as_str().unwrap().to_owned())
        .collect();
    assert!(times.windows(2).all(|pair| pair[0] >= pair[1]) && times[0] > times[9], "{times:?}");
}

/// The signature of #510 was checked with an independent tool over the document's own inputs; this is the same
/// construction over these made-up inputs, computed by `md5sum`.
#[test]
fn payment_pages_are_signed() {
    let bench = Bench::new(&[]);
    let shop = Shop::customer(&bench);
    let order = shop.order(TWELVE_DAYS);
    shop.form("orderdetail_set", &[&[("orderid", order.as_str())], CARD].concat());
    let page = shop.raw("order_paying", &[("orderid", &order), ("payid", "2")]);
    assert_eq!((page.status, page.header("content-type")), (200, "text/html;charset=UTF-8"));
    let text = page.text();
    assert!(text.starts_with(
        "<form id=\"alipaysubmit\" name=\"alipaysubmit\" \
         action=\"https://mapi.alipay.example/gateway.do?_input_charset=utf-8\" method=\"get\">"
    ));
    let fields = inputs(&text);
    let value = |name: &str| fields.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
    assert_eq!(value("total_fee"), Some("440.64"));
    assert_eq!(value("subject"), Some("上网卡+流量,全球上网卡"));
    assert_eq!(value("out_trade_no"), Some(order.as_str()));
    assert_eq!(value("body"), Some(format!("7:{}", shop.session).as_str()));
    assert_eq!(value("sign_type"), Some("MD5"));
    // The session and the order's id are those of seed 1, so the whole page is the same every time.
    assert_eq!((order.as_str(), shop.session.as_str()), ("6", "ec3fdeee-91b8-460e-82bf-3071944586c4"));
    assert_eq!(value("sign"), Some("1ac4f06e09b1edd8ca03d991663ae95e"));
    assert_eq!(shop.listed(&order)["pay_status"], 0);

    let lender = shop.raw("credtrip_open", &[]).text();
    assert!(lender.contains("action=\"https://api-test.credtrip.example/gateway/gw/open\" method=\"post\">"));
    let sign = inputs(&lender).into_iter().find(|(name, _)| name == "sign").map(|(_, value)| value);
    assert_eq!(sign.as_deref(), Some("50f76a3a6f27bf6bcd3cae7528879bc8"));
    let credit = shop.json("credtrip/credit_query", json!({}))["result"]["credtripcredit"].clone();
    assert_eq!(credit, json!({"accountno": "7", "balcredit": 14000, "credit": 14000, "status": "ACTIVE"}));
}
