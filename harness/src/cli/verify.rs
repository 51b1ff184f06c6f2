//! `proofmark verify`: whether a bundle is as it was signed.

use super::arguments::VerifyArguments;
use super::check::ready_specs;
use super::{Failure, console};
use crate::bundle::{self, Fault, Files, PublicKey, Verified};
use crate::model::verdict::exit;
use crate::model::visible::visible;
use crate::record::{Conformance, FileDigest};
use crate::suite::Suite;
use std::path::Path;

pub fn run(arguments: &VerifyArguments) -> Result<u8, Failure> {
    let key = public_key(&arguments.key)?;
    let checkout = match &arguments.suite {
        Some(folder) => Some(suite_files(&ready_specs(folder, &[])?)?),
        None => None,
    };
    let verified = match read(&arguments.bundle)?.and_then(|files| bundle::verify(&files, key)) {
        Ok(verified) => verified,
        Err(fault) => return Ok(refused(&arguments.bundle, &fault)),
    };
    if let Some(checkout) = &checkout
        && let Err(fault) = bundle::verify_suite(verified.acceptance(), checkout)
    {
        return Ok(refused(&arguments.bundle, &fault));
    }
    told(&verified, checkout.is_some(), &key);
    Ok(exit::CONFORMANT)
}

/// A bundle in memory. Nothing at the path is a mistake on the command line.
pub fn read(path: &Path) -> Result<Result<Files, Fault>, Failure> {
    bundle::read(path).map_err(|e| Failure::Usage(format!("cannot read `{}`: {e}", path.display())))
}

pub fn public_key(path: &Path) -> Result<PublicKey, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure::Usage(format!("cannot read the key `{}`: {e}", path.display())))?;
    PublicKey::from_pem(&text)
        .map_err(|e| Failure::Usage(format!("`{}` is no public key: {e}", path.display())))
}

/// The digests of all files that decide what a suite asks and how it judges.
pub fn suite_files(suite: &Suite) -> Result<Vec<FileDigest>, Failure> {
    let files =
        suite.files().map_err(|e| Failure::Broken(format!("the suite's files cannot be read again: {e}")))?;
    let digest = |bytes: &[u8]| crate::http::digest::hex(&crate::http::digest::sha256(bytes));
    Ok(files.into_iter().map(|(name, bytes)| FileDigest { name, sha256: digest(&bytes) }).collect())
}

fn refused(bundle: &Path, fault: &Fault) -> u8 {
    console::line(&visible(&format!("{}: {} {fault}", bundle.display(), console::bad("not verified:"))));
    exit::FINDINGS
}

fn told(verified: &Verified, suite: bool, key: &PublicKey) {
    let started = verified.dossier.started();
    let acceptance = verified.acceptance();
    let row = |name: &str, value: &str| console::line(&visible(&format!("  {name:<12} {value}")));
    console::line(&format!(
        "{} {} files, signed by key {}",
        console::good("verified:"),
        verified.files,
        key.id()
    ));
    row("delivery", &format!("{} {} of {}", acceptance.product, acceptance.version, acceptance.vendor));
    row("judged", &format!("{} against {} by {}", started.started, started.target, started.tool));
    row(
        "suite",
        &match (suite, &acceptance.commit) {
            (true, Some(commit)) => format!("{}, as in this checkout, commit {commit}", started.suite),
            (true, None) => format!("{}, as in this checkout", started.suite),
            (false, Some(commit)) => {
                format!("{}, commit {commit} (`--suite FOLDER` compares it)", started.suite)
            }
            (false, None) => format!("{} (`--suite FOLDER` compares it)", started.suite),
        },
    );
    let level = verified.conformance();
    let words = match level {
        Conformance::Full | Conformance::WithWaivers => console::good(level.words()),
        Conformance::Provisional | Conformance::NotConformant | Conformance::NotJudged => {
            console::bad(level.words())
        }
    };
    console::line(&format!(
        "  {:<12} {words} (level {}, profile {})",
        "statement",
        level.as_str(),
        visible(&acceptance.profile)
    ));
}
