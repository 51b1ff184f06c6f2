//! [`Way`]: the way from the root of a JSON value to a place in it, written as a pointer only where it is told.

use super::json::escape;

/// A step of the way and those before it, kept as a list on the stack: nothing is allocated until there is something
/// to tell of the place.
#[derive(Clone, Copy)]
pub struct Way<'a> {
    step: Step<'a>,
    up: Option<&'a Way<'a>>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl Way<'_> {
    pub const ROOT: Way<'static> = Way { step: Step::Root, up: None };
}

impl<'a> Way<'a> {
    pub fn key(&'a self, name: &'a str) -> Way<'a> {
        Way { step: Step::Key(name), up: Some(self) }
    }

    pub fn index(&'a self, index: usize) -> Way<'a> {
        Way { step: Step::Index(index), up: Some(self) }
    }

    /// The JSON pointer (RFC 6901 section 3) of the place.
    pub fn pointer(&self) -> String {
        let mut tokens = Vec::new();
        let mut at = Some(self);
        while let Some(way) = at {
            match way.step {
                Step::Root => {}
                Step::Key(name) => tokens.push(escape(name)),
                Step::Index(index) => tokens.push(index.to_string()),
            }
            at = way.up;
        }
        tokens.iter().rev().fold(String::new(), |pointer, token| pointer + "/" + token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_those_of_rfc_6901() {
        let list = Way::ROOT.key("a/b");
        let item = list.index(7);
        assert_eq!(item.key("m~n").pointer(), "/a~1b/7/m~0n");
        assert_eq!(Way::ROOT.pointer(), "");
    }
}
