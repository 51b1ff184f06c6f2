//! [`Field`]: a place of a body as a schema documents it, and the numbers of what is documented there.

use super::tracker::Bits;
use crate::expr::printed;
use serde_json::Value;
use std::collections::HashMap;

/// Numbers of items by place. What is not there is not documented.
#[derive(Debug, Default)]
pub struct Field {
    pub item: Option<u32>,
    /// Values of an enumeration, as they are printed.
    pub values: Vec<(String, u32)>,
    pub members: HashMap<String, Field>,
    pub items: Option<Box<Field>>,
}

impl Field {
    /// Touches everything that a body has.
    pub fn touch(&self, value: &Value, bits: &Bits) {
        self.item.into_iter().for_each(|item| bits.set(item));
        match (value, &self.items) {
            (Value::Array(list), Some(items)) => list.iter().for_each(|value| items.touch(value, bits)),
            // XML does not tell one element from a list of one.
            (Value::Array(list), None) => list.iter().for_each(|value| self.touch(value, bits)),
            (value, Some(items)) => items.touch(value, bits),
            (Value::Object(map), None) => {
                for (name, value) in map {
                    if let Some(field) = self.members.get(name) {
                        field.touch(value, bits);
                    }
                }
            }
            (value, None) => self.touch_value(value, bits),
        }
    }

    fn touch_value(&self, value: &Value, bits: &Bits) {
        if !self.values.is_empty() {
            let text = printed(value);
            self.values.iter().filter(|(known, _)| *known == text).for_each(|(_, item)| bits.set(*item));
        }
    }

    /// Touches what a dotted path leads to, and nothing below it.
    pub fn touch_path(&self, path: &str, bits: &Bits) {
        let mut at = self;
        for token in path.split('.') {
            let token = token.split('[').next().unwrap_or(token);
            at = match (at.members.get(token), &at.items) {
                (Some(member), _) => member,
                (None, Some(items)) => items.members.get(token).unwrap_or(items),
                (None, None) => return,
            };
        }
        at.touch_all(bits);
    }

    /// A field that is left out takes all that is in it along.
    fn touch_all(&self, bits: &Bits) {
        self.item.into_iter().for_each(|item| bits.set(item));
        self.members.values().chain(self.items.as_deref()).for_each(|field| field.touch_all(bits));
    }

    /// Whether a path begins here.
    pub fn has(&self, path: &str) -> bool {
        path.split('.').next().is_some_and(|first| self.members.contains_key(first))
    }

    /// Numbers of everything here and below.
    pub fn numbers(&self, found: &mut Vec<u32>) {
        found.extend(self.item);
        found.extend(self.values.iter().map(|(_, item)| *item));
        self.members.values().chain(self.items.as_deref()).for_each(|field| field.numbers(found));
    }
}
