//! What roam's staff does: cards, packages, devices, prices.

use serde_json::{Value, json};

use crate::bench::Bench;
use crate::roam_shop::{CARD, Parameters, Shop, TRAFFIC, error, id, is, some};

#[test]
fn staff_hand_out_cards_and_ship() {
    let bench = Bench::new(&[]);
    let (shop, staff) = (Shop::customer(&bench), Shop::staff(&bench));
    let order = shop.order(&[CARD, &[("genevoucher", "true")]].concat());
    let bind = |sim: &str| staff.get("/om/services/cardorder_bind", &[("orderid", &order), ("simid", sim)]);
    let card = json!({"datacardid": 20260614, "iccid": "00200300400500"});
    let stocked = staff.json("/om/services/datacard_set", card.clone());
    assert_eq!(
        stocked["result"]["datacard"],
        json!({"iccid": "00200300400500", "id": 20260614, "userid": 0})
    );
    assert_eq!(error(&shop.json("/om/services/datacard_set", card)), 1020);
    assert_eq!(error(&bind("00200300400500")), 1211);
    let ship: Parameters = &[("orderid", &order), ("invoice_no", "000123")];
    assert_eq!(error(&staff.get("/om/services/order_shipped", ship)), 1211);
    shop.pay(&order);
    let waiting = |group: &str| {
        staff
            .ids("/om/services/order_gets", &[("group", group), ("pagesize", "1000")], "orders")
            .contains(&order)
    };
    assert_eq!((waiting("1"), waiting("2"), waiting("0")), (true, false, true));
    let vouchers = shop.get("evoucher_gets", &[])["result"]["evouchers"].as_array().unwrap().clone();
    let pickup = vouchers.iter().find(|voucher| is(&voucher["orderid"], &order)).unwrap();
    let serial = pickup["evoucher_sn"].to_string();
    let verify = || staff.form("/om/services/deliveryvoucher_verify", &[("evoucher_sn", &serial)]);
    assert_eq!(error(&verify()), 1211);
    let outlet: Parameters = &[
        ("orderid", &order),
        ("obtainvoucher", "true"),
        ("outletid", "2"),
        ("obtaintime", "2026-03-01 10:30:00"),
    ];
    assert_eq!(
        some(
            &shop.form("order_shipping", outlet)["result"]["order"],
            &["obtaintime", "outletid", "shipping_fee"]
        ),
        json!({"obtaintime": "2026-03-01 10:30:00", "outletid": 2, "shipping_fee": 0})
    );
    assert_eq!(error(&bind("00200300400501")), 1301);
    let bound = bind("00200300400500")["result"]["order"].clone();
    assert_eq!(some(&bound, &["pay_status", "paidmoney"]), json!({"pay_status": 2, "paidmoney": 50}));
    assert_eq!(
        bound["orderdetails"][0]["odprdattrs"][1],
        json!({"value": "00200300400500", "varname": "simid"})
    );
    let shipped = staff.get("/om/services/order_shipped", ship)["result"]["order"].clone();
    assert_eq!(
        some(&shipped, &["shipping_status", "shippingtime", "invoice_no"]),
        json!({"shipping_status": 1, "shippingtime": "2026-02-01 01:00:00", "invoice_no": "000123"})
    );
    assert_eq!((waiting("1"), waiting("2")), (false, true));
    assert_eq!(error(&staff.get("/om/services/order_shipped", ship)), 1211);
    let verified = verify();
    assert_eq!(id(&verified["result"]["order"]), order);
    assert_eq!(
        some(&verified["result"]["user"], &["userid", "status", "password"]),
        json!({"userid": "member7", "status": 1, "password": null})
    );
}

/// #490 to #497: the documented refusals, in the documented order of their checks.
#[test]
fn cards_and_their_packages() {
    let bench = Bench::new(&[]);
    let (shop, other, staff) = (Shop::customer(&bench), Shop::other(&bench), Shop::staff(&bench));
    let stock = |card: &str, iccid: &str| {
        staff.json("/om/services/datacard_set", json!({"datacardid": card, "iccid": iccid}))
    };
    stock("00310007", "0089000001");
    stock("00310008", "0089000002");
    let line = |order: &str| id(&shop.listed(order)["orderdetails"][0]);
    let (first, second) = (line(&shop.paid(TRAFFIC)), line(&shop.paid(TRAFFIC)));
    let bind = |shop: &Shop, line: &str, sim: &str| {
        shop.get("cardtraffic_bind", &[("orderdetailid", line), ("simid", sim)])
    };
    assert_eq!(error(&bind(&shop, "999999", "99999999")), 1301);
    assert_eq!(error(&bind(&shop, "999999", "0089000001")), 1303);
    assert_eq!(error(&bind(&other, &first, "0089000001")), 1303);
    let package = bind(&shop, &first, "0089000001")["result"]["servicepackage"].clone();
    assert_eq!(
        some(&package, &["simid", "simids", "type", "areaname"]),
        json!({"simid": "0089000001", "simids": ["0089000001"], "type": 2, "areaname": "泰国"})
    );
    assert_eq!(error(&bind(&shop, &first, "0089000002")), 1302);
    let change = |parameters: Parameters| {
        let answer = shop
            .json("orderdetail_set", parameters.iter().map(|(name, value)| (*name, json!(value))).collect());
        answer["result"]["order"]["orderdetails"][0]["simids"].clone()
    };
    assert_eq!(change(&[&[("orderdetailid", first.as_str())], TRAFFIC].concat()), json!(["0089000001"]));
    assert_eq!(error(&bind(&shop, &second, "0089000001")), 1304);
    let bound = shop.form("datacard_bind", &[("datacardid", "00310007")]);
    assert_eq!(bound["result"]["datacard"], json!({"iccid": "0089000001", "id": 310007, "userid": 7}));
    assert_eq!(error(&other.form("datacard_bind", &[("datacardid", "00310007")])), 1305);
    assert_eq!(shop.form("datacard_gets", &[])["result"]["datacards"][0]["id"], 310007);
    assert_eq!(error(&other.form("datacard_unbind", &[("datacardid", "00310007")])), 1305);
    let unbound = shop.form("datacard_unbind", &[("datacardid", "00310007")]);
    assert_eq!((error(&unbound), unbound.get("result")), (0, None));
    assert_eq!(shop.form("datacard_gets", &[])["result"]["datacards"], json!([]));
    let all = shop.json("alltrafficvoice_get", json!({}));
    let packages = all["result"]["servicepackages"].as_array().unwrap();
    let mine = packages.iter().find(|package| is(&package["orderdetailid"], &first)).unwrap();
    // From 2026-02-01 01:00:00 to 2030-01-02 23:59:59, in hundredths of days.
    assert_eq!(some(mine, &["remainder", "quantity"]), json!({"remainder": 1431.95, "quantity": 1}));
    assert!(
        shop.get("trafficvoice_get", &[])["result"]["servicepackages"]
            .as_array()
            .unwrap()
            .iter()
            .all(|package| !is(&package["orderdetailid"], &first))
    );
}

#[test]
fn devices_channels_and_prices() {
    let bench = Bench::new(&[]);
    let (shop, staff) = (Shop::customer(&bench), Shop::staff(&bench));
    let device =
        json!({"devid": 5, "hostname": "touch01", "host": "touch.example", "domain": "pool.example"});
    let touch = staff.json("/om/services/touchdev_set", device)["result"]["touch"].clone();
    assert_eq!(
        touch,
        json!({"devid": "touch01", "domain": "pool.example", "host": "touch.example", "id": 5, "userid": 0})
    );
    let set = |body: Value| staff.json("/om/services/touchchans_set", body);
    let channels = json!([{"subid": 1, "phone": "17200000001"}, {"subid": 2, "phone": "17200000002"}]);
    let first = set(json!({"devid": 5, "chans": channels}))["result"]["touchchans"].clone();
    assert_eq!(first[1], json!({"devid": 5, "id": 2, "phone": "17200000002", "subid": 2, "userid": 0}));
    let text = json!([{"subid": 2, "phone": "17200000003"}]).to_string();
    let again = staff.form("/om/services/touchchans_set", &[("devid", "5"), ("chans", &text)]);
    assert_eq!(
        again["result"]["touchchans"],
        json!([{"devid": 5, "id": 2, "phone": "17200000003", "subid": 2, "userid": 0}])
    );
    assert_eq!(error(&set(json!({"devid": 6, "chans": channels}))), 1240);

    let four: Parameters = &[
        ("productid", "4"),
        ("quantity", "2"),
        ("effect_datetime", "2030-06-14 00:00:00"),
        ("failure_datetime", "2030-06-15 23:59:59"),
    ];
    assert_eq!(error(&shop.get("order_submit", four)), 1200);
    let mut price = json!({
        "productid": 4, "price": 60.5, "effect_datetime": "2030-06-14 00:00:00",
        "failure_datetime": "2031-06-14 23:59:59",
    });
    let set = staff.json("/om/services/prdunitprice_set", price.clone())["result"]["prdunitprice"].clone();
    assert_eq!(
        some(&set, &["price", "productid", "effect_datetime"]),
        json!({"price": 60.5, "productid": 4, "effect_datetime": "2030-06-14 00:00:00"})
    );
    assert_eq!(shop.get("order_submit", four)["result"]["order"]["price"], 121);
    (price["unitpriceid"], price["price"]) = (set["id"].clone(), json!("60.2"));
    let changed = staff.json("/om/services/prdunitprice_set", price)["result"]["prdunitprice"].clone();
    assert_eq!(some(&changed, &["id", "price"]), json!({"id": set["id"], "price": 60.2}));
    assert_eq!(shop.get("order_submit", four)["result"]["order"]["price"], 120.4);
}
