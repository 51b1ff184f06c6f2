//! Roam's mall as a whole: catalogues, voice time, seeds, many customers at once.

use std::thread;

use serde_json::json;

use crate::bench::Bench;
use crate::roam_shop::{Shop, TWELVE_DAYS, error, id, some};

#[test]
fn voice_time_balances() {
    let bench = Bench::new(&[]);
    let shop = Shop::customer(&bench);
    let voice = |shop: &Shop| shop.get("voicenumber_get", &[])["result"]["voiceavailable"].clone();
    assert_eq!(voice(&shop), json!({"remaindertime": 746, "totaltime": 900, "usedtime": 154}));
    let order = shop.order(&[("productid", "3"), ("quantity", "2"), ("call_duration", "50")]);
    assert_eq!(voice(&shop)["totaltime"], 900);
    shop.pay(&order);
    assert_eq!(voice(&shop), json!({"remaindertime": 846, "totaltime": 1000, "usedtime": 154}));
    let number = shop.get("voicenumber_get", &[])["result"]["voicenumber"].clone();
    assert_eq!(some(&number, &["remaindertime"]), json!({"remaindertime": 20.95}));
    assert!(number["phone"].as_str().is_some_and(|phone| phone.len() == 11));
}

#[test]
fn lookups_are_filtered() {
    let bench = Bench::new(&[]);
    let shop = Shop::customer(&bench);
    assert_eq!(shop.ids("city_gets", &[("pid", "0")], "cities"), ["1"]);
    assert_eq!(shop.ids("city_gets", &[("pid", "1")], "cities").len(), 34);
    assert_eq!(shop.ids("city_gets", &[("pid", "31")], "cities"), ["383"]);
    assert_eq!(shop.ids("city_gets", &[("pid", "999999")], "cities"), Vec::<String>::new());
    assert_eq!(shop.ids("product_gets", &[("categoryid", "2")], "products"), ["2", "5"]);
    assert_eq!(shop.ids("product_gets", &[("categoryid", "3")], "products"), ["3", "4", "7"]);
    assert_eq!(error(&shop.get("product_gets", &[])), 1001);
    assert_eq!(shop.ids("outlet_gets", &[], "outlets"), ["1", "2", "3"]);
    assert_eq!(shop.ids("outlet_gets", &[("province", "31")], "outlets"), ["1", "2"]);
    assert_eq!(
        shop.ids("outlet_gets", &[("province", "31"), ("city", "321")], "outlets"),
        Vec::<String>::new()
    );
    assert_eq!(shop.ids("outlet_gets", &[("city", "321")], "outlets"), ["3"]);
}

#[test]
fn the_same_seed_gives_the_same_answers() {
    let tell = |seed| {
        let bench = Bench::seeded(seed);
        let shop = Shop::customer(&bench);
        (
            shop.session.clone(),
            shop.get("order_submit", TWELVE_DAYS).to_string(),
            shop.get("evoucher_gets", &[]).to_string(),
        )
    };
    assert_eq!(tell(1), tell(1));
    assert_ne!(tell(1).0, tell(2).0);
}

/// 64 customers at the same time, some of them the same one.
#[test]
fn customers_do_not_disturb_each_other() {
    let bench = Bench::new(&[]);
    let address = bench.address();
    let buy = |number: u64| {
        let name = format!("member{}", 10 + number % 16);
        let shop = Shop::open(address, &name, &format!("{name}-pass"));
        for _ in 0..3 {
            let cart = id(&shop.get("cart_set", TWELVE_DAYS)["result"]["cart"]);
            let order = shop.get("order_submit", &[("cartids", &cart)])["result"]["order"].clone();
            assert_eq!(
                some(&order, &["price", "userid"]),
                json!({"price": 411.2, "userid": 10 + number % 16})
            );
            let paid = shop.pay(&id(&order));
            assert_eq!(paid["result"]["order"]["pay_status"], 1);
            assert_eq!(paid["sessionid"], shop.session);
            assert_eq!(shop.listed(&id(&order))["price"], 411.2);
        }
    };
    thread::scope(|scope| {
        let buy = &buy;
        let running: Vec<_> = (0..64).map(|number| scope.spawn(move || buy(number))).collect();
        running.into_iter().for_each(|thread| thread.join().expect("no panic"));
    });
}
