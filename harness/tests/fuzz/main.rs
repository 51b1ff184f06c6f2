//! `proofmark fuzz` with the real binary: the sandbox's faults are found by fuzzing alone, a sandbox without faults has
//! none, and the command does what its help says.

mod after_run;
mod clean;
mod command;
mod depot;
mod faults;
mod foreign;
mod learns;
mod links;
mod notes;
mod pets;
mod schemas;
mod things;
mod usage;
mod xsd;
