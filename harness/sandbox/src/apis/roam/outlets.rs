//! Where goods can be picked up (#513), all made up.

use crate::json::{self, Object};

use super::call::{Answered, Call, result};
use super::faults;
use super::regions::{self, Region};

/// An outlet.
#[derive(Debug)]
struct Outlet {
    id: u64,
    name: &'static str,
    address: &'static str,
    mobile: &'static str,
    /// Province, city and district.
    regions: [u64; 3],
    /// 1 the company's own, 0 an airport's.
    kind: u8,
}

const OUTLETS: [Outlet; 3] = [
    Outlet {
        id: 1,
        name: "示例总部网点",
        address: "示例大厦一层",
        mobile: "400-000-0001",
        regions: [31, 383, 3236],
        kind: 1,
    },
    Outlet {
        id: 2,
        name: "萧山机场",
        address: "示例机场国际厅",
        mobile: "0571-00000002",
        regions: [31, 383, 3235],
        kind: 0,
    },
    Outlet {
        id: 3,
        name: "浦东机场",
        address: "示例机场出发厅",
        mobile: "021-00003",
        regions: [25, 321, 2707],
        kind: 0,
    },
];

impl Outlet {
    fn json(&self) -> Object {
        let [province, city, district] = self.regions;
        let chain = regions::chain(province, city, district).into_iter().flatten();
        let mut json = Object::default();
        json.push_text("address", self.address);
        json.push("cities", json::array(chain.map(Region::json)));
        json.push("city", city);
        json.push("district", district);
        json.push("id", self.id);
        json.push_text("mobile", self.mobile);
        json.push_text("name", self.name);
        json.push("province", province);
        json.push("type", self.kind);
        json
    }
}

/// Whether there is an outlet of this id.
pub(super) fn is_known(id: u64) -> bool {
    OUTLETS.iter().any(|outlet| outlet.id == id)
}

/// `outlet_gets`: all, or those of a province, a city, a district.
pub(super) fn gets(call: &mut Call) -> Answered {
    let province = call.members.id("province")?.filter(|_| !call.faults.has(&faults::PROVINCE_IGNORED));
    let city = call.members.id("city")?.filter(|_| !call.faults.has(&faults::CITY_IGNORED));
    let wanted = [province, city, call.members.id("district")?];
    let fits = |outlet: &&Outlet| {
        outlet
            .regions
            .iter()
            .zip(wanted)
            .all(|(region, wanted)| wanted.is_none_or(|wanted| wanted == *region))
    };
    Ok(result("outlets", json::array(OUTLETS.iter().filter(fits).map(Outlet::json))))
}
