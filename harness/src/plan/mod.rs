//! The plan: every trial of a suite with its meaning resolved, decided before anything is sent.
//!
//! [`compile`] turns cases into trials and finds whatever is wrong with them; [`select`] decides what runs and gives
//! every skip its reason.

mod change;
mod compile;
mod documented;
mod expectation;
mod request;
mod select;
mod trial;
mod variables;

pub use change::{BodyEdit, Change, ChangePlace, Wire};
pub use compile::{Environment, compile};
pub use documented::documented_request;
pub use request::{BodyTemplate, Built, Example, RequestAuth, RequestTarget, RequestTemplate, Values};
pub use select::{Selection, select};
pub use trial::{Action, CallbackPlan, CapturePlan, Planned, Trial, TrialStep, WaitPlan};
