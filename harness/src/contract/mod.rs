//! `specs/`: what is true of every answer. An OpenAPI 3.1 file and its `x-proofmark` keys become a [`Contract`], with
//! schemas, XSDs and rules compiled once.

mod defects;
mod expression;
mod extension;
mod field;
mod foreign;
mod link;
mod openapi;
mod operation;
mod promised;
mod rule;
mod schema;
mod shape;
mod sign;
mod signature;
mod volatile;

pub use defects::{Defect, DefectFile, DefectKind, Severity};
pub use expression::{Piece, RuntimeExpression, Source};
pub use extension::{doc as read_doc, rule as read_rule};
pub use field::field;
pub use link::{LinkParameter, LinkSpec, LinkValue};
pub use openapi::{OFFLINE_CHECKS, load, load_foreign};
pub use operation::{
    BodySpec, CallbackSpec, Contract, Effect, ExampleSpec, MediaSpec, Operation, Parameter, ParameterIn,
    ResponseSpec, StatusPattern,
};
pub use promised::promised;
pub use rule::{Code, Codes, Outcome, Rule, Survivor};
pub use schema::{SchemaSpec, Violation, a_type};
pub use shape::Shape;
pub use sign::{Signature, sign};
pub use signature::{Digest, SignIn, SignOrder, SignSpec, SignatureEncoding};
pub use volatile::declare_volatile;
