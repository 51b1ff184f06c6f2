//! The bodies of requests, and the answers, of operations.

use super::loader::Loader;
use super::place::Place;
use crate::contract::operation::{BodySpec, MediaSpec, ResponseSpec, StatusPattern};
use crate::contract::shape::Shape;
use crate::model::source::Location;
use crate::yaml::Key;

impl<'a> Loader<'a> {
    pub(super) fn request_bodies(&mut self, operation: &Place<'a>) -> Vec<BodySpec> {
        let Some(body) = operation.child("requestBody").and_then(|b| self.resolve(b)) else {
            return Vec::new();
        };
        let Some(content) = body.child("content") else { return Vec::new() };
        let entries: Vec<_> = content.children().collect();
        entries
            .into_iter()
            .map(|(essence, place)| {
                let own = self.extension(place.node);
                BodySpec {
                    essence: essence.name.to_ascii_lowercase(),
                    examples: self.examples(&place),
                    schema: place.child("schema").and_then(|s| self.schema(&s)),
                    schema_at: place.child("schema").map(|s| s.pointer),
                    xsd: own.xsd.and_then(|path| self.xsd(&path.value, path.span)),
                    shape: self.shape(&place),
                }
            })
            .collect()
    }

    fn shape(&self, media: &Place<'a>) -> Shape {
        match media.child("schema").and_then(|s| self.json.pointer(&s.pointer)) {
            Some(schema) => Shape::of(schema, self.json),
            None => Shape::open(),
        }
    }

    pub(super) fn responses(&mut self, operation: &Place<'a>) -> Vec<ResponseSpec> {
        let Some(responses) = operation.child("responses") else {
            self.reader.problem(operation.node.span, "the operation has no `responses`");
            return Vec::new();
        };
        let entries: Vec<_> = responses.children().collect();
        let mut found = Vec::new();
        for (status, place) in entries {
            let Some(place) = self.resolve(place) else { continue };
            let pattern = match (status.name.as_str(), status.name.parse::<u16>()) {
                ("default", _) => StatusPattern::Default,
                (_, Ok(code @ 100..=599)) => StatusPattern::Code(code),
                (class, _) if class.len() == 3 && class.to_ascii_uppercase().ends_with("XX") => {
                    StatusPattern::Class(class.as_bytes()[0] - b'0')
                }
                _ if status.name.starts_with("x-") => continue,
                _ => {
                    self.reader.problem(
                        status.span,
                        format!("`{}` is not a status, a class such as `2XX`, or `default`", status.name),
                    );
                    continue;
                }
            };
            let own = self.extension(place.node);
            let media = match place.child("content") {
                Some(content) => content.children().collect::<Vec<_>>(),
                None => Vec::new(),
            };
            let media = media.into_iter().map(|(essence, place)| self.media(essence, &place)).collect();
            found.push(ResponseSpec {
                status: pattern,
                media,
                links: Vec::new(),
                rules: own.rules,
                location: Location::new(self.reader.file, status.span),
                doc: own.doc,
            });
        }
        found
    }

    fn media(&mut self, essence: &Key, place: &Place<'a>) -> MediaSpec {
        let own = self.extension(place.node);
        let parsed = crate::http::media_type::MediaType::parse(&essence.name);
        if parsed.is_none() {
            self.reader.problem(essence.span, format!("`{}` is not a media type", essence.name));
        }
        let charset =
            own.charset.map(|c| c.value).or_else(|| parsed.as_ref().and_then(|m| m.charset.clone()));
        let xsd = own.xsd.and_then(|path| self.xsd(&path.value, path.span));
        let schema = match &xsd {
            // An XML body is judged by its XSD; the schema beside it is for readers.
            Some(_) => None,
            None => place.child("schema").and_then(|s| self.schema(&s)),
        };
        if let Some(sign) = place.node.pointer("/x-proofmark/sign/request") {
            self.reader.problem(sign.span, "the media type of an answer has `sign.response` only");
        }
        MediaSpec {
            essence: parsed.map_or_else(|| essence.name.clone(), |m| m.essence),
            charset,
            schema,
            schema_at: place.child("schema").map(|s| s.pointer),
            xsd,
            shape: self.shape(place),
            examples: self.examples(place),
            sign: own.sign_response,
            location: Location::new(self.reader.file, essence.span),
        }
    }
}
