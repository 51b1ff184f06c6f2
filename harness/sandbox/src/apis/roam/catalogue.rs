//! Looking up regions and products (#2 to #10 and #27).

use crate::json;

use super::call::{Answered, Call, result};
use super::faults;
use super::input::required;
use super::products::{self, Product};
use super::regions::{self, COUNTRY, Region};

/// `city_gets`: the regions right inside one; none if there is no such region.
pub(super) fn regions(call: &mut Call) -> Answered {
    let pid = required("pid", call.members.number("pid"))?;
    let pid = if call.faults.has(&faults::PID_IGNORED) { COUNTRY } else { pid };
    Ok(result("cities", json::array(regions::inside(pid).map(Region::json))))
}

/// `product_gets`: all products, or those of a category.
pub(super) fn products(call: &mut Call) -> Answered {
    let category = required("categoryid", call.members.id("categoryid"))?;
    let category = Some(category).filter(|_| !call.faults.has(&faults::CATEGORY_IGNORED));
    Ok(result("products", json::array(products::products(category).map(Product::json))))
}
