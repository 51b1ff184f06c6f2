//! Placing an order: form first, then who asks, then what is asked for.

use super::Cube;
use super::catalogue::{self, Package};
use super::faults;
use super::fields::Fields;
use super::period::Period;
use super::refusal::Refusal;
use super::sign;

/// Fields that must be there.
const REQUIRED: [&str; 15] = [
    "access_code",
    "device_id",
    "global_order",
    "is_open",
    "order_period",
    "package_code",
    "package_name",
    "package_type",
    "pay_amount",
    "pay_rst",
    "test_flow",
    "test_flow_flag",
    "timestamp",
    "version",
    "sign",
];

/// Fields with an enumeration, and its values.
const ENUMERATIONS: [(&str, &[&str]); 7] = [
    ("global_order", &["0", "1"]),
    ("is_open", &["0", "1"]),
    ("package_type", &["0", "1", "2", "3", "4", "5"]),
    ("pay_rst", &["1", "2"]),
    ("pay_type", &["0", "1", "2"]),
    ("test_flow_flag", &["0", "1"]),
    ("version", &["2.0"]),
];

/// An order that was accepted.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) id: String,
    /// `None` until it is opened.
    pub(super) period: Option<Period>,
}

/// Accepts or refuses an order.
pub(super) fn place(cube: &Cube, fields: &Fields) -> Result<Order, Refusal> {
    for name in REQUIRED {
        fields.required(name)?;
    }
    authenticate(cube, fields)?;
    check_enumerations(cube, fields)?;
    check_digits(fields, "timestamp", 10..=10)?;
    check_digits(fields, "test_flow", 1..=10)?;
    check_amount(cube, fields)?;
    let periods = periods(cube, fields)?;
    check_device(cube, fields)?;
    let package = package(cube, fields)?;
    let faults = &cube.environment.faults;
    let opened = fields.required("is_open")? == "1" || faults.has(&faults::DATES_WHEN_NOT_OPENED);
    let periods = if faults.has(&faults::PERIOD_IGNORED) { 1 } else { periods };
    Ok(Order {
        id: cube.order_ids.next(faults),
        period: opened.then(|| Period::starting(cube.environment.clock.now(), periods, package.length)),
    })
}

fn authenticate(cube: &Cube, fields: &Fields) -> Result<(), Refusal> {
    let faults = &cube.environment.faults;
    let known =
        fields.required("access_code")? == cube.access_code || faults.has(&faults::ACCESS_CODE_NOT_CHECKED);
    if !known {
        return Err(Refusal::UnknownAccessCode);
    }
    let signed = sign::is_valid(&cube.secret, fields, fields.required("sign")?)
        || faults.has(&faults::SIGNATURE_NOT_VERIFIED);
    if signed { Ok(()) } else { Err(Refusal::BadSign) }
}

fn check_enumerations(cube: &Cube, fields: &Fields) -> Result<(), Refusal> {
    if cube.environment.faults.has(&faults::UNKNOWN_ENUM_ACCEPTED) {
        return Ok(());
    }
    let wrong = ENUMERATIONS
        .iter()
        .find(|(name, values)| fields.optional(name).is_some_and(|is| !values.contains(&is)));
    wrong.map_or(Ok(()), |(name, _)| Err(Refusal::UnknownValue(name)))
}

fn check_digits(
    fields: &Fields,
    name: &'static str,
    length: std::ops::RangeInclusive<usize>,
) -> Result<(), Refusal> {
    let text = fields.required(name)?;
    if is_digits(text) && length.contains(&text.len()) { Ok(()) } else { Err(Refusal::MalformedValue(name)) }
}

/// Digits and, if anything, one or two decimals: the document says two and shows none.
fn check_amount(cube: &Cube, fields: &Fields) -> Result<(), Refusal> {
    let amount = fields.required("pay_amount")?;
    let well_formed = match amount.split_once('.') {
        None => is_digits(amount),
        Some((whole, decimals)) => is_digits(whole) && is_digits(decimals) && decimals.len() <= 2,
    };
    if well_formed || cube.environment.faults.has(&faults::AMOUNT_NOT_CHECKED) {
        Ok(())
    } else {
        Err(Refusal::BadAmount)
    }
}

fn periods(cube: &Cube, fields: &Fields) -> Result<u16, Refusal> {
    let text = fields.required("order_period")?;
    // No document shows a zero before the number.
    let periods = if is_digits(text) && !text.starts_with('0') { text.parse().ok() } else { None };
    let most = if cube.environment.faults.has(&faults::PERIOD_UNLIMITED) { u16::MAX } else { 999 };
    periods.filter(|periods| (1..=most).contains(periods)).ok_or(Refusal::BadPeriod)
}

fn check_device(cube: &Cube, fields: &Fields) -> Result<(), Refusal> {
    let known = catalogue::has_device(fields.required("device_id")?)
        || cube.environment.faults.has(&faults::UNKNOWN_DEVICE_ACCEPTED);
    if known { Ok(()) } else { Err(Refusal::UnknownDevice) }
}

fn package(cube: &Cube, fields: &Fields) -> Result<&'static Package, Refusal> {
    let faults = &cube.environment.faults;
    let package = catalogue::package(fields.required("package_code")?).ok_or(Refusal::UnknownPackage)?;
    let package_type = fields.required("package_type")?;
    let is_documented = package_type.len() == 1 && ("0"..="5").contains(&package_type);
    let unchecked =
        if is_documented { &faults::PACKAGE_TYPE_NOT_CHECKED } else { &faults::UNKNOWN_ENUM_ACCEPTED };
    if package_type == package.package_type || faults.has(unchecked) {
        Ok(package)
    } else {
        Err(Refusal::OtherPackageType)
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
