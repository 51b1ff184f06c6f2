//! The table of behaviours, one file a subject.

pub mod payload;

mod charset;
mod closing;
mod compression;
mod controls;
mod desync;
mod encodings;
mod fields;
mod framing;
mod json;
mod length;
mod markup;
mod redirect;
mod secrets;
mod status;
mod timing;
mod volume;
mod xml;

use std::sync::LazyLock;

use super::behaviour::Behaviour;

static ALL: LazyLock<Vec<Behaviour>> = LazyLock::new(|| {
    [
        closing::BEHAVIOURS,
        timing::BEHAVIOURS,
        volume::BEHAVIOURS,
        status::BEHAVIOURS,
        fields::BEHAVIOURS,
        length::BEHAVIOURS,
        framing::BEHAVIOURS,
        desync::BEHAVIOURS,
        redirect::BEHAVIOURS,
        compression::BEHAVIOURS,
        json::BEHAVIOURS,
        xml::BEHAVIOURS,
        charset::BEHAVIOURS,
        markup::BEHAVIOURS,
        controls::BEHAVIOURS,
        secrets::BEHAVIOURS,
    ]
    .concat()
});

/// All behaviours, always in the same order.
pub fn behaviours() -> &'static [Behaviour] {
    &ALL
}

/// The behaviour called `name`.
pub fn behaviour(name: &str) -> Option<&'static Behaviour> {
    ALL.iter().find(|behaviour| behaviour.name == name)
}
