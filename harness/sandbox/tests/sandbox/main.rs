//! The sandbox as a client sees it: over a socket, with the documents at hand.

mod bad_input;
mod bench;
mod client;
mod cube;
mod cube_faults;
mod faults;
mod jsms;
mod jsms_faults;
mod partner;
mod server;
mod unicom_ivr;
mod unicom_ivr_faults;
mod vascloud;
mod vascloud_faults;
