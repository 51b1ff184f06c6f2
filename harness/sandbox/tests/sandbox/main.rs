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
mod roam;
mod roam_account;
mod roam_faults;
mod roam_input;
mod roam_order_faults;
mod roam_orders;
mod roam_shop;
mod roam_staff;
mod server;
mod unicom_ivr;
mod unicom_ivr_faults;
mod vascloud;
mod vascloud_faults;
