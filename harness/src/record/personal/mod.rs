//! Personal data in records: found by policy, and given pseudonyms before evidence leaves the house.
//!
//! A value that was found anywhere is replaced everywhere, in whatever form it travels: plain, percent-encoded, in JSON
//! strings, entities, base64 at any offset, hex, and these inside one another. A pseudonym has as many bytes as its
//! value and the same kind of character in each place, so that lengths, patterns and positions stay what they were.

mod codec;
mod events;
mod find;
mod mask;
mod policy;
mod scan;

pub use events::pseudonymise;
pub use find::Finder;
pub use mask::Mask;
pub use policy::Policy;
