//! HTTP as proofmark needs it: building requests byte for byte, sending them, and reading answers within bounds.
//!
//! [`client`] is the only door to the network; everything else here is pure.

pub mod auth;
pub mod body;
pub mod charset;
pub mod client;
pub mod coding;
pub mod connection;
pub mod curl;
pub mod digest;
pub mod html;
pub mod json;
pub mod media_type;
pub mod oauth2;
pub mod pem;
pub mod request;
pub mod retry_after;
pub mod way;
