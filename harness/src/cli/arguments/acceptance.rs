//! The command line of acceptance: `keygen`, `certify`, `verify`.

use super::shared::{CallbackArguments, ConductArguments, TargetArguments};
use clap::Args;
use std::path::PathBuf;

pub const KEYGEN_HELP: &str = "\
Examples:
  proofmark keygen acceptance            acceptance.key (keep it secret) and acceptance.pub (give it away)
  openssl pkey -pubin -in acceptance.pub -text

Exit status:
  0  two files were written
  2  a file cannot be written, or the system gives no random numbers
  3  a file is there already: nothing is overwritten";

pub const CERTIFY_HELP: &str = "\
Examples:
  proofmark certify --target vendor --vendor \"ACME\" --product \"Order gateway\" --version 2.3.1 --key acceptance.key
  PROOFMARK_KEY=\"$(cat acceptance.key)\" proofmark certify --target vendor …
  proofmark certify … --documents documents/ --archive acme-2.3.1.tar
  proofmark verify reports/20261122-101530-084-4711/evidence --key acceptance.pub

It refuses to start when the suite is not that of a commit, or when cases of level must would not run. Whatever the run
comes to, there is a signed evidence bundle: what is not conformant says so. A waiver that has run out accepts nothing,
and the clause `waivers` refuses the delivery; that is told before the first request.

Exit status:
  0  conformant, maybe with waivers (the last line says)
  1  not conformant
  2  something could not be judged
  3  refused to start, or the command line or the suite is wrong; nothing was sent";

pub const VERIFY_HELP: &str = "\
Examples:
  proofmark verify evidence/ --key acceptance.pub
  proofmark verify acme-2.3.1.tar --key acceptance.pub --suite .     and the suite is that of this checkout

Exit status:
  0  everything is as it was signed, and every report says what the records say
  1  something is wrong: the first thing is named, with file and byte
  3  the command line is wrong, or there is no bundle or no key";

#[derive(Debug, Clone, Args)]
pub struct KeygenArguments {
    /// The files are NAME.key and NAME.pub.
    #[arg(value_name = "NAME", default_value = "acceptance")]
    pub name: PathBuf,
}

#[derive(Debug, Clone, Args)]
#[command(mut_arg("seed", |seed| seed.help("Random values in cases follow from this number; by default another one every run. Fuzzing has the profile's")))]
#[command(mut_arg("fault", |fault| fault.help("Switch on a fault of the embedded sandbox; `proofmark run --fault list` prints them all")))]
pub struct CertifyArguments {
    /// Who delivers.
    #[arg(long, value_name = "NAME")]
    pub vendor: String,
    /// What is delivered.
    #[arg(long, value_name = "NAME")]
    pub product: String,
    /// The version of what is delivered.
    #[arg(long, value_name = "VERSION")]
    pub version: String,
    /// What is run and asked for: a profile of proofmark.yaml.
    #[arg(long, value_name = "PROFILE", default_value = "acceptance")]
    pub profile: String,
    #[command(flatten)]
    pub of: TargetArguments,
    /// The private key (PKCS#8, PEM) that signs; otherwise PROOFMARK_KEY has it.
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Folder of the documents that the contracts were made from: their digests stand in the report.
    #[arg(long, value_name = "FOLDER")]
    pub documents: Option<PathBuf>,
    /// Folder for the bundle, which must not be there; by default `evidence` in the run's folder.
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Write the bundle as one tar archive too.
    #[arg(long, value_name = "FILE")]
    pub archive: Option<PathBuf>,
    /// Start although the suite is not that of a commit. The report says so, and is no more than provisional.
    #[arg(long)]
    pub allow_dirty: bool,
    #[command(flatten)]
    pub conduct: ConductArguments,
    #[command(flatten)]
    pub callbacks: CallbackArguments,
}

#[derive(Debug, Clone, Args)]
pub struct VerifyArguments {
    /// Folder of the bundle, or its tar archive.
    pub bundle: PathBuf,
    /// The public key (SubjectPublicKeyInfo, PEM), from somebody you trust and not from the bundle.
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// Compare the suite with this checkout of it.
    #[arg(long, value_name = "FOLDER")]
    pub suite: Option<PathBuf>,
}
