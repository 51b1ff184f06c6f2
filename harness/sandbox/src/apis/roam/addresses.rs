//! Where goods are sent to (#13 to #23).

use crate::fault::Faults;
use crate::json::{self, Object};

use super::accounts::UserId;
use super::call::{Answered, Call, Outcome, result};
use super::faults;
use super::input::{is_digits, required};
use super::node::Members;
use super::refusal::Refusal;
use super::regions::{self, COUNTRY, Region};

/// An address of a user.
#[derive(Debug, Clone)]
pub(super) struct Address {
    id: u64,
    user: UserId,
    details: Details,
    is_default: bool,
    is_deleted: bool,
}

/// What a user says about an address.
#[derive(Debug, Clone, Default)]
struct Details {
    address: Option<String>,
    consignee: Option<String>,
    email: Option<String>,
    mobile: Option<String>,
    zipcode: Option<String>,
    province: Option<u64>,
    city: Option<u64>,
    district: Option<u64>,
}

impl Details {
    fn read(faults: &Faults, members: &Members) -> Result<Details, Refusal> {
        let received = |name| Ok(members.text(name)?.map(|text| received(faults, text)));
        Ok(Details {
            address: received("address")?,
            consignee: received("consignee")?,
            email: members.text_that("email", is_mail)?,
            mobile: members.text_that("mobile", is_phone)?,
            zipcode: members.text_that("zipcode", |zipcode| is_digits(zipcode) && zipcode.len() <= 6)?,
            province: members.id("province")?,
            city: members.id("city")?,
            district: members.id("district")?,
        })
    }

    /// These, and the others where these say nothing.
    fn or(self, others: &Details) -> Details {
        Details {
            address: self.address.or_else(|| others.address.clone()),
            consignee: self.consignee.or_else(|| others.consignee.clone()),
            email: self.email.or_else(|| others.email.clone()),
            mobile: self.mobile.or_else(|| others.mobile.clone()),
            zipcode: self.zipcode.or_else(|| others.zipcode.clone()),
            province: self.province.or(others.province),
            city: self.city.or(others.city),
            district: self.district.or(others.district),
        }
    }

    /// Complete, and in regions that fit.
    fn check(&self) -> Result<(), Refusal> {
        let texts = [
            ("address", &self.address),
            ("consignee", &self.consignee),
            ("email", &self.email),
            ("mobile", &self.mobile),
        ];
        let missing = texts.into_iter().find(|(_, text)| text.is_none());
        missing.map_or(Ok(()), |(name, _)| Err(Refusal::Missing(name)))?;
        let numbers = [("province", self.province), ("city", self.city), ("district", self.district)];
        let missing = numbers.into_iter().find(|(_, number)| number.is_none());
        missing.map_or(Ok(()), |(name, _)| Err(Refusal::Missing(name)))?;
        self.regions().map(|_| ()).ok_or(Refusal::UnknownRegion)
    }

    fn regions(&self) -> Option<[&'static Region; 3]> {
        regions::chain(self.province?, self.city?, self.district?)
    }
}

/// The text as the mall got it: a fault may have decoded it with the wrong charset, as that of #18 was.
fn received(faults: &Faults, text: String) -> String {
    if faults.has(&faults::QUESTION_MARKS) {
        return text.chars().map(|character| if character.is_ascii() { character } else { '?' }).collect();
    }
    if faults.has(&faults::UTF8_TWICE) {
        return text.bytes().map(char::from).collect();
    }
    text
}

/// A mobile number of China.
fn is_phone(text: &str) -> bool {
    text.len() == 11 && text.starts_with('1') && is_digits(text)
}

/// `local@domain` of letters, digits and some signs, as customers have them.
fn is_mail(text: &str) -> bool {
    let is_label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && label.bytes().all(inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    let is_atom = |atom: &str| {
        !atom.is_empty() && atom.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-+".contains(&byte))
    };
    text.split_once('@')
        .is_some_and(|(local, domain)| local.split('.').all(is_atom) && domain.split('.').all(is_label))
}

impl Address {
    fn json(&self) -> Object {
        let details = &self.details;
        let text = |text: &Option<String>| json::text(text.as_deref().unwrap_or_default());
        let mut json = Object::default();
        json.push("address", text(&details.address));
        json.push("cities", json::array(details.regions().into_iter().flatten().map(Region::json)));
        json.push_optional("city", details.city);
        json.push("consignee", text(&details.consignee));
        json.push("country", COUNTRY);
        if self.is_default {
            json.push("defaultaddr", true);
        }
        json.push_optional("district", details.district);
        json.push("email", text(&details.email));
        json.push("id", self.id);
        json.push("mobile", text(&details.mobile));
        json.push_optional("province", details.province);
        json.push("userid", self.user.0);
        json.push("zipcode", text(&details.zipcode));
        json
    }
}

/// `address_set`: creates, or changes what is given if there is an `address_id`.
pub(super) fn set(call: &mut Call) -> Answered {
    let user = call.user();
    let details = Details::read(call.faults, call.members)?;
    let becomes_default = call.members.boolean("defaultaddr")?;
    call.members.number("count")?;
    let id = match call.members.number("address_id")? {
        Some(id) => {
            let address = call.mall.addresses.get_mut_of(user, id).filter(|address| !address.is_deleted);
            let address = address.ok_or(Refusal::UnknownAddress)?;
            let details = details.or(&address.details);
            details.check()?;
            address.details = details;
            id
        }
        None => {
            details.check()?;
            let make = |id| Address { id, user, details, is_default: false, is_deleted: false };
            call.mall.addresses.add(user, make)
        }
    };
    if becomes_default == Some(true) && !call.faults.has(&faults::DEFAULT_NOT_MOVED) {
        for other in call.mall.addresses.ids_of(user) {
            if let Some(address) = call.mall.addresses.get_mut(other) {
                address.is_default = false;
            }
        }
    }
    let address = call.mall.addresses.get_mut(id).ok_or(Refusal::UnknownAddress)?;
    address.is_default = becomes_default.unwrap_or(address.is_default);
    Ok(result("address", address.json()))
}

/// `address_gets`: all of the user's.
pub(super) fn gets(call: &mut Call) -> Answered {
    let keeps_deleted = call.faults.has(&faults::DELETED_ADDRESS_LISTED);
    let listed = call.mall.addresses.of(call.user()).filter(|address| keeps_deleted || !address.is_deleted);
    Ok(result("addresses", json::array(listed.map(Address::json))))
}

/// `address_delete`: by `addrid`, as the document has it.
pub(super) fn delete(call: &mut Call) -> Answered {
    let user = call.user();
    let id = required("addrid", call.members.number("addrid"))?;
    let address = call.mall.addresses.get_mut_of(user, id).filter(|address| !address.is_deleted);
    let address = address.ok_or(Refusal::UnknownAddress)?;
    if call.faults.has(&faults::DELETED_ADDRESS_LISTED) {
        address.is_deleted = true;
    } else {
        call.mall.addresses.remove(user, id);
    }
    Ok(Outcome::Done)
}

/// Whether the user has an address of this id.
pub(super) fn is_known(call: &Call, id: u64) -> Result<(), Refusal> {
    let address = call.mall.addresses.get_of(call.user(), id).filter(|address| !address.is_deleted);
    address.map(|_| ()).ok_or(Refusal::UnknownAddress)
}
