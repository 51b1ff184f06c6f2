//! [`Reads`]: what an evaluation looked at. An expression is a function of what it looked at: where nothing of that is
//! different, its value is the same.

use serde_json::{Map, Value};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;

/// What was looked at, by the addresses of the values in the trees that expressions see. Whoever looked at a value has
/// looked at everything that it stands in.
#[derive(Debug, Default)]
pub struct Reads {
    /// Names of variables (`status`, `text`…), with `@body` where a function read the whole body.
    pub variables: HashSet<&'static str>,
    /// Values whose type, and what they are where they have no members, was looked at.
    pub values: HashSet<usize>,
    /// Objects and arrays of which it was asked how many members they have, which ones, or for one that they do not have.
    pub members: HashSet<usize>,
}

thread_local! {
    static IS_TRACED: Cell<bool> = const { Cell::new(false) };
    static TRACE: RefCell<Reads> = RefCell::default();
}

/// Runs an evaluation, and gives what it looked at.
pub fn traced<T>(run: impl FnOnce() -> T) -> (T, Reads) {
    TRACE.take();
    IS_TRACED.set(true);
    let result = run();
    IS_TRACED.set(false);
    (result, TRACE.take())
}

fn note(add: impl FnOnce(&mut Reads)) {
    if IS_TRACED.get() {
        TRACE.with_borrow_mut(add);
    }
}

/// The address that a value has in [`Reads::values`].
pub fn address(value: &Value) -> usize {
    std::ptr::from_ref(value) as usize
}

/// The address that the members of a value have in [`Reads::members`]; `None` of what has no members. All empty arrays
/// may have the same.
pub fn address_of_members(value: &Value) -> Option<usize> {
    match value {
        Value::Object(map) => Some(std::ptr::from_ref(map) as usize),
        Value::Array(items) => Some(items.as_ptr() as usize),
        _ => None,
    }
}

pub(super) fn variable(name: &'static str) {
    note(|reads| {
        reads.variables.insert(name);
    });
}

pub(super) fn value(value: &Value) {
    note(|reads| {
        reads.values.insert(address(value));
    });
}

pub(super) fn asked_of_members(map: &Map<String, Value>) {
    note(|reads| {
        reads.members.insert(std::ptr::from_ref(map) as usize);
    });
}

pub(super) fn members(map: &Map<String, Value>) {
    note(|reads| {
        reads.members.insert(std::ptr::from_ref(map) as usize);
        reads.values.extend(map.values().map(address));
    });
}

pub(super) fn items(items: &[Value]) {
    note(|reads| {
        reads.members.insert(items.as_ptr() as usize);
        reads.values.extend(items.iter().map(address));
    });
}
