//! What the mall sells (#27 and the examples of carts and orders).

use crate::json::{self, Object};

use super::money::Cents;

/// How a product's price is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tariff {
    /// So much each.
    Each,
    /// So much a day.
    Daily,
    /// A card of this price, and so much a day.
    CardAndDaily(Cents),
    /// So much a minute.
    Minutes,
    /// So much a minute, and 0.125 a day.
    MinutesAndDaily,
}

/// A product.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Product {
    pub(super) id: u64,
    pub(super) name: &'static str,
    /// 1 cards, 2 traffic, 3 voice.
    pub(super) category: u64,
    pub(super) tariff: Tariff,
    /// `None`: only for sale while operations have set a price.
    pub(super) price: Option<Cents>,
    /// What can be chosen when it is ordered.
    attributes: &'static [Attribute],
    pub(super) logo: &'static str,
    description: &'static str,
}

/// An attribute that can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attribute {
    id: u64,
    pub(super) name: &'static str,
    pub(super) variable: &'static str,
    /// The form element that shops show for it.
    kind: &'static str,
}

pub(super) const AREA: Attribute =
    Attribute { id: 1, name: "国家地区", variable: "areaname", kind: "checkbox" };
pub(super) const EFFECT: Attribute =
    Attribute { id: 2, name: "开始时间", variable: "effect_datetime", kind: "datetime" };
pub(super) const FAILURE: Attribute =
    Attribute { id: 3, name: "结束时间", variable: "failure_datetime", kind: "datetime" };
pub(super) const DURATION: Attribute =
    Attribute { id: 4, name: "通话时长", variable: "call_duration", kind: "number" };
pub(super) const SIM: Attribute =
    Attribute { id: 6, name: "上网卡号", variable: "simid", kind: "number" };
pub(super) const VOUCHER: Attribute =
    Attribute { id: 7, name: "生成电子券", variable: "genevoucher", kind: "checkbox" };

/// The areas that traffic is sold for, with the surcharge that is shown and, as in #37, not added.
const AREAS: [(&str, &str); 5] =
    [("美国", "+5.0"), ("欧洲", ""), ("泰国", "+3.0"), ("新加坡", "+3.0"), ("马尔代夫", "")];

/// The surcharge of an area; `None` if nothing is sold for it.
pub(super) fn surcharge(area: &str) -> Option<&'static str> {
    AREAS.iter().find(|(name, _)| *name == area).map(|(_, surcharge)| *surcharge)
}

const PRODUCTS: [Product; 6] = [
    Product {
        id: 1,
        name: "全球上网卡",
        category: 1,
        tariff: Tariff::Each,
        price: Some(Cents(5000)),
        attributes: &[],
        logo: "images/202601/prd_imgs/201.png",
        description: "全球上网卡，充值流量后使用。",
    },
    Product {
        id: 2,
        name: "上网卡流量",
        category: 2,
        tariff: Tariff::Daily,
        price: Some(Cents(3010)),
        attributes: &[AREA, EFFECT, FAILURE, SIM],
        logo: "images/202601/prd_imgs/202.png",
        description: "上网流量套餐，充值给上网卡使用。",
    },
    Product {
        id: 3,
        name: "络漫语音",
        category: 3,
        tariff: Tariff::Minutes,
        price: Some(Cents(10)),
        attributes: &[DURATION],
        logo: "images/202601/prd_imgs/203.png",
        description: "语音套餐，按分钟计费。",
    },
    Product {
        id: 4,
        name: "络漫号码",
        category: 3,
        tariff: Tariff::Each,
        price: None,
        attributes: &[EFFECT, FAILURE],
        logo: "images/202601/prd_imgs/204.png",
        description: "专用号码。",
    },
    Product {
        id: 5,
        name: "上网卡+流量",
        category: 2,
        tariff: Tariff::CardAndDaily(Cents(5000)),
        price: Some(Cents(3010)),
        attributes: &[AREA, EFFECT, FAILURE, SIM],
        logo: "images/202601/prd_imgs/205.png",
        description: "上网卡和流量套餐。",
    },
    Product {
        id: 7,
        name: "络漫号码+语音",
        category: 3,
        tariff: Tariff::MinutesAndDaily,
        price: Some(Cents(10)),
        attributes: &[EFFECT, FAILURE, DURATION],
        logo: "images/202601/prd_imgs/207.png",
        description: "专用号码和语音套餐。",
    },
];

/// When the catalogue was made, in milliseconds since 1970 (#27 has it so).
const CREATED: i64 = 1_767_225_600_000;

/// The product of this id.
pub(super) fn product(id: u64) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| product.id == id)
}

/// All products of a category, or all.
pub(super) fn products(category: Option<u64>) -> impl Iterator<Item = &'static Product> {
    PRODUCTS.iter().filter(move |product| category.is_none_or(|category| product.category == category))
}

impl Product {
    /// The product as the catalogue has it.
    pub(super) fn json(&self) -> Object {
        let mut json = Object::default();
        json.push("brandid", 1);
        json.push("categoryid", self.category);
        json.push("createtime", CREATED);
        json.push_text("description", self.description);
        json.push("groupid", 0);
        json.push("id", self.id);
        json.push_text("image", self.logo);
        json.push("is_delete", false);
        json.push("is_package", false);
        json.push("is_real", self.id == 1 || self.id == 5);
        json.push("modifytime", CREATED);
        json.push_text("name", self.name);
        json.push("packages", "[]");
        json.push("prdattrs", json::array(self.choices()));
        json.push("quantity_per_unit", 1);
        json.push("sale_state", 1);
        json.push("sell_count", 0);
        json.push("stock_number", 100);
        json.push("storeid", 1);
        json.push_text("subname", self.name);
        json.push("typeid", self.category);
        json.push("unit_price", self.price.unwrap_or_default());
        json.push("validity", -1);
        json
    }

    /// An entry for every value that an attribute can have, or one for an attribute with any value.
    fn choices(&self) -> Vec<Object> {
        let values = |attribute: &'static Attribute| {
            let any: &[(&str, &str)] = &[("", "")];
            let values = if *attribute == AREA { &AREAS[..] } else { any };
            values.iter().map(move |value| (attribute, *value))
        };
        let choice = |(index, (attribute, (value, price))): (usize, (&Attribute, (&str, &str)))| {
            let mut json = Object::default();
            json.push("attr", attribute.json(self.category));
            json.push("id", self.id * 100 + index as u64 + 1);
            json.push_text("price", price);
            json.push("productid", self.id);
            json.push_text("value", value);
            json
        };
        self.attributes.iter().flat_map(values).enumerate().map(choice).collect()
    }
}

impl Attribute {
    fn json(&self, typeid: u64) -> Object {
        let mut json = Object::default();
        json.push("id", self.id);
        json.push("input_type", true);
        json.push_text("name", self.name);
        json.push_text("type", self.kind);
        json.push("typeid", typeid);
        json.push_text("values", "");
        json.push_text("varname", self.variable);
        json
    }
}
