//! Places of a JSON text.

use super::{Kind, Place};
use crate::http::json::escape;
use serde_json::Value;

/// Every value of `text`, outer ones first, in the order of the text. `text` has been parsed already: nesting is bounded
/// and the syntax is right; where it is not, what was found before stands.
pub fn places(text: &str) -> Vec<Place> {
    let mut reader = Reader { text, at: 0, places: Vec::new() };
    let _ = reader.value(String::new(), String::new(), None, None);
    reader.places
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    places: Vec<Place>,
}

impl Reader<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while self.byte().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn value(
        &mut self,
        pointer: String,
        name: String,
        key: Option<std::ops::Range<usize>>,
        parent: Option<usize>,
    ) -> Option<usize> {
        self.blank();
        let start = self.at;
        let index = self.places.len();
        self.places.push(Place {
            pointer,
            name,
            kind: Kind::Null,
            text: String::new(),
            span: start..start,
            inner: start..start,
            key,
            end_key: None,
            parent,
            children: Vec::new(),
        });
        let kind = match self.byte()? {
            b'{' => {
                self.members(index)?;
                Kind::Object
            }
            b'[' => {
                self.items(index)?;
                Kind::Array
            }
            b'"' => {
                self.places[index].text = self.string()?;
                Kind::String
            }
            first => {
                while self.byte().is_some_and(|b| !b",]}".contains(&b) && !b.is_ascii_whitespace()) {
                    self.at += 1;
                }
                self.places[index].text = self.text[start..self.at].to_owned();
                match first {
                    b't' | b'f' => Kind::Boolean,
                    b'n' => Kind::Null,
                    _ => Kind::Number,
                }
            }
        };
        let place = &mut self.places[index];
        place.kind = kind;
        place.span = start..self.at;
        place.inner = start..self.at;
        Some(index)
    }

    fn members(&mut self, object: usize) -> Option<()> {
        self.at += 1;
        loop {
            self.blank();
            match self.byte()? {
                b'}' => break,
                b',' => self.at += 1,
                _ => {
                    let start = self.at;
                    let name = self.string()?;
                    let key = start..self.at;
                    self.blank();
                    self.at += 1;
                    let pointer = format!("{}/{}", self.places[object].pointer, escape(&name));
                    let child = self.value(pointer, name, Some(key), Some(object))?;
                    self.places[object].children.push(child);
                }
            }
        }
        self.at += 1;
        Some(())
    }

    fn items(&mut self, array: usize) -> Option<()> {
        self.at += 1;
        loop {
            self.blank();
            match self.byte()? {
                b']' => break,
                b',' => self.at += 1,
                _ => {
                    let pointer =
                        format!("{}/{}", self.places[array].pointer, self.places[array].children.len());
                    let child = self.value(pointer, String::new(), None, Some(array))?;
                    self.places[array].children.push(child);
                }
            }
        }
        self.at += 1;
        Some(())
    }

    /// The string that begins here, decoded.
    fn string(&mut self) -> Option<String> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.byte()? {
                b'\\' => self.at += 2,
                b'"' => break,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        match serde_json::from_str(self.text.get(start..self.at)?) {
            Ok(Value::String(text)) => Some(text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_place_in_the_text() {
        let text = r#" {"a": "x\"y", "l" : [1.50, {"b": null}], "t":true} "#;
        let found = places(text);
        let shown: Vec<_> = found
            .iter()
            .map(|p| (p.pointer.as_str(), p.kind, p.text.as_str(), &text[p.span.clone()]))
            .collect();
        assert_eq!(
            shown,
            [
                ("", Kind::Object, "", text.trim()),
                ("/a", Kind::String, "x\"y", r#""x\"y""#),
                ("/l", Kind::Array, "", r#"[1.50, {"b": null}]"#),
                ("/l/0", Kind::Number, "1.50", "1.50"),
                ("/l/1", Kind::Object, "", r#"{"b": null}"#),
                ("/l/1/b", Kind::Null, "null", "null"),
                ("/t", Kind::Boolean, "true", "true"),
            ]
        );
        assert_eq!(&text[found[1].member()], r#""a": "x\"y""#);
        assert_eq!((found[2].children.as_slice(), found[5].field().as_str()), (&[3, 4][..], "/l/*/b"));
    }
}
