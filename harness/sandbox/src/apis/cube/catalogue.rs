//! What can be ordered, and for whom.

use super::period::Length;

/// A package.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Package {
    pub(super) code: &'static str,
    /// Its documented `package_type`.
    pub(super) package_type: &'static str,
    /// How long one period of it is.
    pub(super) length: Length,
}

/// One package of each documented type; the first one is that of the document's example.
const PACKAGES: [Package; 6] = [
    Package { code: "DP20190726001274", package_type: "2", length: Length::Months(1) },
    Package { code: "DP20190726001200", package_type: "0", length: Length::Days(1) },
    Package { code: "DP20190726001201", package_type: "1", length: Length::Days(1) },
    Package { code: "DP20190726001203", package_type: "3", length: Length::Months(3) },
    Package { code: "DP20190726001204", package_type: "4", length: Length::Months(6) },
    Package { code: "DP20190726001205", package_type: "5", length: Length::Months(12) },
];

/// The package of this code.
pub(super) fn package(code: &str) -> Option<&'static Package> {
    PACKAGES.iter().find(|package| package.code == code)
}

/// Whether there is a SIM card with this ICCID: any 20 digits from `89`, but those from `8999`.
pub(super) fn has_device(iccid: &str) -> bool {
    iccid.len() == 20
        && iccid.bytes().all(|byte| byte.is_ascii_digit())
        && iccid.starts_with("89")
        && !iccid.starts_with("8999")
}
