//! The expression language: [CEL](https://cel.dev) programs in rules, outcomes, captures and `${…}`.
//!
//! [`Program`] is compiled when the suite is loaded; an [`Evaluator`] shows one exchange to programs and converts each
//! of its parts at most once, when a program first asks for it.

mod ambient;
mod evaluator;
mod functions;
mod lazy;
mod paths;
pub mod pattern;
mod program;
pub mod reads;
mod template;
mod value;

pub use ambient::Ambient;
pub use evaluator::{Evaluator, Scope};
pub use program::{CompileError, Program, VARIABLES};
pub use template::{Piece, Template, Text, inside, printed, problem as template_problem};
pub use value::to_json;
