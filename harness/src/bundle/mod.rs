//! Evidence bundles: what an acceptance run leaves for people outside of the house, signed, and how it is verified.
//!
//! A bundle is a flat folder (or a tar archive of it). Everything in it but the records and the waivers is made from the
//! records, so that a reader needs no more than this crate to make it again, byte for byte: see [`derive()`].

mod derive;
mod dsse;
mod fault;
mod files;
mod keys;
mod manifest;
mod statement;
mod tar;
mod verify;

#[cfg(test)]
mod pseudonyms;
#[cfg(test)]
mod tests;

pub use derive::{Evidence, Unsigned, derive, suite_list};
pub use dsse::{Envelope, PAYLOAD_TYPE, pae};
pub use fault::Fault;
pub use files::{Files, read, write_folder};
pub use keys::{KeyError, PrivateKey, PublicKey, random};
pub use tar::write as write_tar;
pub use verify::{Verified, check_digests, verify, verify_suite};

/// The record of the cases.
pub const RECORD: &str = "run.ndjson";
/// The record of the fuzzing.
pub const FUZZ_RECORD: &str = "fuzz.ndjson";
/// The accepted deviations, as the suite has them.
pub const WAIVERS: &str = "waivers.yaml";
/// SHA-256 of every file but itself and the envelope, as `sha256sum -c` reads it.
pub const MANIFEST: &str = "SHA256SUMS";
/// The signed statement.
pub const ENVELOPE: &str = "attestation.dsse.json";
