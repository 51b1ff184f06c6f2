//! The notification that somebody registered or cancelled.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::PoisonError;

use crate::dates::is_compact_datetime;
use crate::parameters::Parameters;

use super::Vascloud;
use super::check::must_exist;
use super::msisdn::{is_bigint, is_digits, is_msisdn};
use super::refusal::{IsValid, Refusal, any_text, optional, required};
use super::registrations::{Change, Notification, Registration};
use super::reply::{Outcome, Reply};

/// The documented parameters that need not be there, and how they look if they are (the document types some of them,
/// shows one example of each, and says no more).
const OPTIONAL: [(&str, IsValid); 17] = [
    ("resultCode", is_digits),
    ("errorDesc", any_text),
    ("startTime", is_epoch_millis),
    ("startTimeCP", is_epoch_millis),
    ("cpURL", any_text),
    ("regID", any_text),
    ("channel", any_text),
    ("originalprice", is_digits),
    ("price", is_digits),
    ("commandcode", any_text),
    ("serviceCode", any_text),
    ("packageCode", any_text),
    ("subpackageCode", any_text),
    ("autoRenew", any_text),
    ("subcribeTime", is_compact_datetime),
    ("expiredTime", is_compact_datetime),
    ("updateTime", is_compact_datetime),
];

/// Registers or cancels.
pub(super) fn register(vascloud: &Vascloud, parameters: &Parameters) -> Reply {
    let outcome = notification(vascloud, parameters).and_then(|notification| {
        let mut registrations = vascloud.registrations.lock().unwrap_or_else(PoisonError::into_inner);
        registrations.process(&vascloud.faults, notification)
    });
    Reply::register(parameters, Outcome::new(&vascloud.faults, outcome, "successfully"))
}

fn notification(vascloud: &Vascloud, parameters: &Parameters) -> Result<Notification, Refusal> {
    let queue_id = required(parameters, "queueID", is_bigint)?;
    let msisdn = required(parameters, "msisdn", is_msisdn)?;
    let change = required(parameters, "regType", any_text)?;
    let service = required(parameters, "service_id", is_digits)?;
    let package = required(parameters, "package_id", is_digits)?;
    let change = match change {
        "1" => Change::Register,
        "2" => Change::Cancel,
        _ => return Err(Refusal::Malformed),
    };
    for (name, is_valid) in OPTIONAL {
        optional(parameters, name, is_valid)?;
    }
    must_exist(&vascloud.faults, service, package)?;
    Ok(Notification {
        // 19 digits fit; the fallback cannot be reached.
        queue_id: queue_id.parse().map_err(|_| Refusal::Malformed)?,
        content: content(parameters),
        change,
        registration: Registration {
            msisdn: msisdn.to_owned(),
            service: service.to_owned(),
            package: package.to_owned(),
        },
    })
}

/// A number that is the same for notifications that say the same.
fn content(parameters: &Parameters) -> u64 {
    let mut hasher = DefaultHasher::new();
    for name in ["msisdn", "regType", "service_id", "package_id"] {
        parameters.get(name).echo().hash(&mut hasher);
    }
    for (name, _) in OPTIONAL {
        parameters.get(name).echo().hash(&mut hasher);
    }
    hasher.finish()
}

fn is_epoch_millis(text: &str) -> bool {
    is_digits(text) && text.len() <= 16
}
