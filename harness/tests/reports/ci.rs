//! CI definitions.
