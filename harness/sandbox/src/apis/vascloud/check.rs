//! The check: whether a service and package can be had.

use crate::fault::Faults;
use crate::parameters::Parameters;

use super::Vascloud;
use super::faults;
use super::msisdn::{is_bigint, is_digits, is_msisdn};
use super::refusal::{Refusal, any_text, optional, required};
use super::reply::{Outcome, Reply};

const SERVICES: [&str; 2] = ["1000161", "1000625"];
const PACKAGES: [&str; 2] = ["1003013", "1003014"];

/// Answers whether the service and the package exist. Registrations change nothing.
pub(super) fn check(vascloud: &Vascloud, parameters: &Parameters) -> Reply {
    let outcome = examine(&vascloud.faults, parameters);
    Reply::check(parameters, Outcome::new(&vascloud.faults, outcome, "Success"))
}

fn examine(faults: &Faults, parameters: &Parameters) -> Result<(), Refusal> {
    let any = faults.has(&faults::REQUEST_ID_NOT_CHECKED);
    required(parameters, "requestid", if any { any_text } else { is_bigint })?;
    required(parameters, "msisdn", is_msisdn)?;
    let service = required(parameters, "service", is_digits)?;
    let package = required(parameters, "package", is_digits)?;
    for name in ["channel", "note", "service_url"] {
        optional(parameters, name, any_text)?;
    }
    must_exist(faults, service, package)
}

/// That a service and a package are known.
pub(super) fn must_exist(faults: &Faults, service: &str, package: &str) -> Result<(), Refusal> {
    if faults.has(&faults::UNKNOWN_SERVICE_ACCEPTED) {
        return Ok(());
    }
    if !SERVICES.contains(&service) {
        return Err(Refusal::UnknownService);
    }
    if !PACKAGES.contains(&package) {
        return Err(Refusal::UnknownPackage);
    }
    Ok(())
}
