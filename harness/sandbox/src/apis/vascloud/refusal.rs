//! Why a request is refused, and how that is told.

use crate::parameters::{Parameter, Parameters};

/// Why a request is refused. All are `error_id` 1; the document has one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A required parameter is not there, or empty.
    Missing,
    /// A parameter is there and can't be what it should.
    Malformed,
    /// There is no such service.
    UnknownService,
    /// There is no such package.
    UnknownPackage,
    /// A registration of what is registered.
    AlreadyRegistered,
    /// A cancellation of what is not registered.
    NotRegistered,
    /// The sandbox has all the state that it is willing to keep.
    Busy,
}

impl Refusal {
    /// The answer's `error_desc`, without accents as in the document.
    pub(super) fn description(self) -> &'static str {
        match self {
            Refusal::Missing | Refusal::Malformed => "Sai hoac thieu tham so",
            Refusal::UnknownService => "Dich vu khong ton tai",
            Refusal::UnknownPackage => "Goi dich vu khong ton tai",
            Refusal::AlreadyRegistered => "Thue bao da dang ky goi dich vu",
            Refusal::NotRegistered => "Thue bao chua dang ky goi dich vu",
            Refusal::Busy => "He thong ban",
        }
    }
}

/// A test of a parameter's text.
pub(super) type IsValid = fn(&str) -> bool;

/// A parameter that must be there and pass a test.
pub(super) fn required<'a>(
    parameters: &'a Parameters,
    name: &str,
    is_valid: IsValid,
) -> Result<&'a str, Refusal> {
    match parameters.get(name) {
        Parameter::Missing => Err(Refusal::Missing),
        Parameter::Given(text) if is_valid(text) => Ok(text),
        Parameter::Given(_) | Parameter::Unreadable => Err(Refusal::Malformed),
    }
}

/// A parameter that, if it is there, must pass a test.
pub(super) fn optional(parameters: &Parameters, name: &str, is_valid: IsValid) -> Result<(), Refusal> {
    match required(parameters, name, is_valid) {
        Ok(_) | Err(Refusal::Missing) => Ok(()),
        Err(refusal) => Err(refusal),
    }
}

/// A test that any text passes.
pub(super) fn any_text(_: &str) -> bool {
    true
}
