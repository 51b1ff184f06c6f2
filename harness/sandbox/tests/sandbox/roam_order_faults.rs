//! What the faults of `roam` look like: orders, payment pages, vouchers, cards and packages.

use serde_json::{Value, json};

use crate::bench::Bench;
use crate::faults::Case;
use crate::roam_faults::{number, seen};
use crate::roam_shop::{ADDRESS, CARD, EIGHT_DAYS, Parameters, Shop, TRAFFIC, TWELVE_DAYS, id};

const AMOUNTS: [&str; 3] = ["/price", "/discount", "/payable_amount"];

/// The order of the document's twelve days.
fn order(bench: &Bench, pointers: &[&str]) -> String {
    let answer = Shop::customer(bench).get("order_submit", TWELVE_DAYS);
    seen(&answer["result"]["order"], pointers)
}

/// The amounts of an order of two lines.
fn two_lines(bench: &Bench) -> String {
    let shop = Shop::customer(bench);
    let order = shop.order(TWELVE_DAYS);
    let answer = shop.form("orderdetail_set", &[&[("orderid", order.as_str())], CARD].concat());
    seen(&answer["result"]["order"], &["/price", "/payable_amount"])
}

fn sent(shop: &Shop, order: &str) -> Value {
    let address = id(&shop.get("address_set", ADDRESS)["result"]["address"]);
    let parameters: Parameters = &[
        ("orderid", order),
        ("obtainvoucher", "false"),
        ("shipping_id", "1"),
        ("shipping_address", &address),
    ];
    shop.form("order_shipping", parameters)
}

fn ship(bench: &Bench, order: &str) -> Value {
    Shop::staff(bench).get("/om/services/order_shipped", &[("orderid", order), ("invoice_no", "000123")])
}

/// How many of the customer's orders a page has, and which is the first of them; the history is five orders.
fn page(bench: &Bench, index: &str, size: &str) -> String {
    let shop = Shop::customer(bench);
    for _ in 0..7 {
        shop.order(CARD);
    }
    let page = shop.ids("order_gets", &[("pageindex", index), ("pagesize", size)], "orders");
    format!("{} from {}", page.len(), page.first().map_or("none", String::as_str))
}

/// The value of a hidden input of the payment page; `-` if there is none.
fn input(bench: &Bench, name: &str) -> String {
    let shop = Shop::customer(bench);
    let order = shop.order(TWELVE_DAYS);
    let value = shop.payment_page(&order).into_iter().find(|(given, _)| given == name);
    value.map_or("-".to_owned(), |(_, value)| value)
}

/// The state of the voucher that the first of two orders used, and what the second says about it.
fn voucher_twice(bench: &Bench) -> String {
    let shop = Shop::customer(bench);
    let (first, second) = (shop.order(CARD), shop.order(CARD));
    let voucher = shop.ids("availevoucher_gets", &[("orderid", &first)], "evouchers").remove(0);
    let used = |order: &str| {
        number(&shop.form("evoucher_discount", &[("orderid", order), ("evoucherid", &voucher)]))
    };
    let first = used(&first);
    let listed = shop.ids("availevoucher_gets", &[("orderid", &second)], "evouchers").contains(&voucher);
    format!("{first} {listed} {}", used(&second))
}

/// Two paid lines of the same time and two cards: what binding says.
fn bound(bench: &Bench, second_line: bool, second_card: bool) -> String {
    let (shop, staff) = (Shop::customer(bench), Shop::staff(bench));
    for (card, iccid) in [(1, "8900000001"), (2, "8900000002")] {
        staff.json("/om/services/datacard_set", json!({"datacardid": card, "iccid": iccid}));
    }
    let line = |_| id(&shop.listed(&shop.paid(TRAFFIC))["orderdetails"][0]);
    let lines = [0, 1].map(line);
    let bind = |second_line: bool, second_card: bool| {
        let sim = if second_card { "8900000002" } else { "8900000001" };
        let line = &lines[usize::from(second_line)];
        number(&shop.get("cardtraffic_bind", &[("orderdetailid", line), ("simid", sim)]))
    };
    format!("{} {}", bind(false, false), bind(second_line, second_card))
}

/// The history's traffic package, which has a card.
fn traffic(bench: &Bench) -> Value {
    let answer = Shop::customer(bench).json("alltrafficvoice_get", json!({}));
    let packages = answer["result"]["servicepackages"].as_array().expect("packages").clone();
    packages.into_iter().find(|package| package["type"] == 2).expect("traffic")
}

pub const CASES: &[Case] = &[
    Case {
        fault: "roam-negative-quantity-accepted",
        observe: |bench| {
            number(&Shop::customer(bench).get("cart_set", &[("productid", "1"), ("quantity", "-1")]))
        },
        honest: "1002",
        faulty: "0",
    },
    Case {
        fault: "roam-leading-zeros-lost",
        observe: |bench| {
            let sim = &[TRAFFIC, &[("simid", "0055667788")]].concat();
            let cart = Shop::customer(bench).get("cart_set", sim);
            seen(&cart, &["/result/cart/odprdattrs/3/value"])
        },
        honest: "\"0055667788\"",
        faulty: "\"55667788\"",
    },
    Case {
        fault: "roam-days-off-by-one",
        observe: |bench| order(bench, &["/orderdetails/0/quantity_per_unit", "/price"]),
        honest: "12 411.2",
        faulty: "11 381.1",
    },
    Case {
        fault: "roam-days-in-seconds",
        observe: |bench| order(bench, &["/orderdetails/0/quantity_per_unit", "/price"]),
        honest: "12 411.2",
        faulty: "1036800 31207730",
    },
    Case {
        fault: "roam-line-start-kept",
        observe: |bench| {
            let shop = Shop::customer(bench);
            let line = id(&shop.listed(&shop.order(TWELVE_DAYS))["orderdetails"][0]);
            let changes: Parameters = &[
                ("orderdetailid", &line),
                ("productid", "5"),
                ("areaname", "美国"),
                ("quantity", "1"),
                ("effect_datetime", "2016-08-01 00:00:00"),
                ("failure_datetime", "2016-08-02 23:59:59"),
            ];
            let answer = shop.form("orderdetail_set", changes);
            let line = &answer["result"]["order"]["orderdetails"][0];
            seen(line, &["/odprdattrs/1/value", "/odprdattrs/2/value", "/quantity_per_unit"])
        },
        honest: "\"2016-08-01 00:00:00\" \"2016-08-02 23:59:59\" 2",
        faulty: "\"2016-07-25 00:00:00\" \"2016-08-02 23:59:59\" 9",
    },
    Case {
        fault: "roam-address-minus-one",
        observe: |bench| order(bench, &["/ship_address"]),
        honest: "-",
        faulty: "-1",
    },
    Case {
        fault: "roam-package-twice",
        observe: |bench| {
            let answer = Shop::customer(bench).json("alltrafficvoice_get", json!({}));
            answer["result"]["servicepackages"].as_array().expect("packages").len().to_string()
        },
        honest: "3",
        faulty: "6",
    },
    Case {
        fault: "roam-surcharge-added",
        observe: |bench| order(bench, &["/price"]),
        honest: "411.2",
        faulty: "416.2",
    },
    Case {
        fault: "roam-price-with-exponent",
        observe: |bench| {
            let text = Shop::customer(bench).raw("order_submit", TWELVE_DAYS).text();
            format!("{} {}", text.contains("\"price\":411.2,"), text.contains("\"price\":4.112E2,"))
        },
        honest: "true false",
        faulty: "false true",
    },
    Case {
        fault: "roam-price-of-first-line",
        observe: two_lines,
        honest: "461.2 440.64",
        faulty: "411.2 390.64",
    },
    Case {
        fault: "roam-discount-ignored",
        observe: |bench| order(bench, &AMOUNTS),
        honest: "411.2 20.56 390.64",
        faulty: "411.2 20.56 411.2",
    },
    Case {
        fault: "roam-discount-as-amount",
        observe: |bench| order(bench, &["/orderdetails/0/discount", "/discount"]),
        honest: "95 20.56",
        faulty: "20.56 20.56",
    },
    Case {
        fault: "roam-payable-with-shipping",
        observe: |bench| {
            let shop = Shop::customer(bench);
            let order = shop.order(CARD);
            seen(&sent(&shop, &order)["result"]["order"], &["/price", "/shipping_fee", "/payable_amount"])
        },
        honest: "50 10 50",
        faulty: "50 10 60",
    },
    Case {
        fault: "roam-createtime-as-epoch",
        observe: |bench| order(bench, &["/createtime"]),
        honest: "\"2026-02-01 01:00:00\"",
        faulty: "1769878800000",
    },
    Case {
        fault: "roam-line-instead-of-order",
        observe: |bench| {
            let shop = Shop::customer(bench);
            let order = shop.order(CARD);
            let answer = shop.form("orderdetail_set", &[&[("orderid", order.as_str())], EIGHT_DAYS].concat());
            seen(&answer, &["/result/order/price", "/result/orderdetail/unit_price"])
        },
        honest: "81 -",
        faulty: "- 31",
    },
    Case {
        fault: "roam-page-size-ignored",
        observe: |bench| page(bench, "0", "3"),
        honest: "3 from 12",
        faulty: "10 from 12",
    },
    Case {
        fault: "roam-page-index-ignored",
        observe: |bench| page(bench, "1", "3"),
        honest: "3 from 9",
        faulty: "3 from 12",
    },
    Case {
        fault: "roam-page-order-reversed",
        observe: |bench| page(bench, "0", "3"),
        honest: "3 from 12",
        faulty: "3 from 1",
    },
    Case {
        fault: "roam-group-ignored",
        observe: |bench| {
            let order = Shop::customer(bench).order(CARD);
            let listed: Parameters = &[("group", "1"), ("pagesize", "1000")];
            Shop::staff(bench).ids("/om/services/order_gets", listed, "orders").contains(&order).to_string()
        },
        honest: "false",
        faulty: "true",
    },
    Case {
        fault: "roam-foreign-order-accepted",
        observe: |bench| {
            let order = Shop::customer(bench).order(CARD);
            number(&sent(&Shop::other(bench), &order))
        },
        honest: "1210",
        faulty: "0",
    },
    Case {
        fault: "roam-delivery-forgotten",
        observe: |bench| {
            let shop = Shop::customer(bench);
            let order = shop.order(CARD);
            let answer = sent(&shop, &order);
            format!(
                "{} {}",
                number(&answer),
                seen(&answer["result"]["order"], &["/shipping_id", "/shipping_fee"])
            )
        },
        honest: "0 1 10",
        faulty: "0 - -",
    },
    Case {
        fault: "roam-paid-without-time",
        observe: |bench| {
            let shop = Shop::customer(bench);
            let order = shop.order(CARD);
            seen(&shop.pay(&order)["result"]["order"], &["/pay_status", "/payid", "/paytime"])
        },
        honest: "1 1 \"2026-02-01 01:00:00\"",
        faulty: "1 1 -",
    },
    Case {
        fault: "roam-shipped-without-invoice",
        observe: |bench| {
            let order = Shop::customer(bench).paid(CARD);
            seen(&ship(bench, &order)["result"]["order"], &["/shipping_status", "/invoice_no"])
        },
        honest: "1 \"000123\"",
        faulty: "1 -",
    },
    Case {
        fault: "roam-unpaid-shipped",
        observe: |bench| {
            let order = Shop::customer(bench).order(CARD);
            number(&ship(bench, &order))
        },
        honest: "1211",
        faulty: "0",
    },
    Case {
        fault: "roam-price-added-again",
        observe: |bench| {
            let staff = Shop::staff(bench);
            let mut price = json!({
                "productid": 4, "price": 60.5, "effect_datetime": "2016-06-14 00:00:00",
                "failure_datetime": "2017-06-14 23:59:59",
            });
            let set = |price: &Value| staff.json("/om/services/prdunitprice_set", price.clone());
            let first = set(&price)["result"]["prdunitprice"]["id"].clone();
            price["unitpriceid"] = first.clone();
            (set(&price)["result"]["prdunitprice"]["id"] == first).to_string()
        },
        honest: "true",
        faulty: "false",
    },
    Case {
        fault: "roam-form-unsigned",
        observe: |bench| format!("{} {}", input(bench, "sign").len(), input(bench, "sign_type")),
        honest: "32 MD5",
        faulty: "1 MD5",
    },
    Case {
        fault: "roam-form-wrong-signature",
        // Both were computed by `md5sum`, over the inputs and over the inputs with something more.
        observe: |bench| input(bench, "sign"),
        honest: "2ab20caa69518fc5773f234655a7d324",
        faulty: "71d88ed02b09010adbba62eb8d3e16ca",
    },
    Case {
        fault: "roam-form-action-http",
        observe: |bench| {
            let page = Shop::customer(bench).raw("credtrip_open", &[]).text();
            let action = page.split_once("action=\"").map_or("-", |(_, rest)| rest);
            action.split('"').next().unwrap_or_default().to_owned()
        },
        honest: "https://api-test.credtrip.example/gateway/gw/open",
        faulty: "http://api-test.credtrip.example/gateway/gw/open",
    },
    Case {
        fault: "roam-form-input-missing",
        observe: |bench| format!("{} {}", input(bench, "total_fee"), input(bench, "out_trade_no")),
        honest: "390.64 7",
        faulty: "- 7",
    },
    Case {
        fault: "roam-form-fee-in-cents",
        observe: |bench| input(bench, "total_fee"),
        honest: "390.64",
        faulty: "39064",
    },
    Case {
        fault: "roam-voucher-used-twice",
        observe: voucher_twice,
        honest: "0 false 1220",
        faulty: "0 false 0",
    },
    Case {
        fault: "roam-used-voucher-available",
        observe: |bench| voucher_twice(bench).split(' ').nth(1).unwrap_or_default().to_owned(),
        honest: "false",
        faulty: "true",
    },
    Case {
        fault: "roam-serial-repeated",
        observe: |bench| {
            let vouchers = Shop::customer(bench).get("evoucher_gets", &[]);
            seen(&vouchers, &["/result/evouchers/0/evoucher_sn", "/result/evouchers/1/evoucher_sn"])
        },
        honest: "30000017 30000034",
        faulty: "30000034 30000034",
    },
    Case {
        fault: "roam-password-in-answer",
        observe: |bench| {
            let vouchers = Shop::customer(bench).get("evoucher_gets", &[]);
            let serial = vouchers["result"]["evouchers"][0]["evoucher_sn"].to_string();
            let staff = Shop::staff(bench);
            let verified = staff.form("/om/services/deliveryvoucher_verify", &[("evoucher_sn", &serial)]);
            seen(&verified, &["/result/user/userid", "/result/user/password"])
        },
        honest: "\"member7\" -",
        faulty: "\"member7\" \"member7-pass\"",
    },
    Case {
        fault: "roam-unbind-does-nothing",
        observe: |bench| {
            let shop = Shop::customer(bench);
            let card = json!({"datacardid": 5, "iccid": "8900000001"});
            Shop::staff(bench).json("/om/services/datacard_set", card);
            shop.form("datacard_bind", &[("datacardid", "5")]);
            let unbound = number(&shop.form("datacard_unbind", &[("datacardid", "5")]));
            format!("{unbound} {}", shop.form("datacard_gets", &[])["result"]["datacards"])
        },
        honest: "0 []",
        faulty: "0 [{\"iccid\":\"8900000001\",\"id\":5,\"userid\":7}]",
    },
    Case {
        fault: "roam-line-bound-twice",
        observe: |bench| bound(bench, false, true),
        honest: "0 1302",
        faulty: "0 0",
    },
    Case {
        fault: "roam-card-period-ignored",
        observe: |bench| bound(bench, true, false),
        honest: "0 1304",
        faulty: "0 0",
    },
    Case {
        fault: "roam-simids-differ",
        observe: |bench| seen(&traffic(bench), &["/simid", "/simids"]),
        honest: "\"89860000000000000007\" [\"89860000000000000007\"]",
        faulty: "\"89860000000000000007\" [\"89860000000000000000\"]",
    },
    Case {
        fault: "roam-remainder-negative",
        // From 2026-02-01 01:00:00 to 2026-03-03 23:59:59.
        observe: |bench| seen(&traffic(bench), &["/remainder"]),
        honest: "30.95",
        faulty: "-30.96",
    },
    Case {
        fault: "roam-voice-unbalanced",
        observe: |bench| {
            let voice = Shop::customer(bench).get("voicenumber_get", &[]);
            seen(&voice["result"]["voiceavailable"], &["/remaindertime", "/usedtime", "/totaltime"])
        },
        honest: "746 154 900",
        faulty: "900 154 900",
    },
];
