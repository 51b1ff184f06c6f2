//! The request: an id in a path, or a form.

use axum::extract::Request;

use crate::fault::Faults;
use crate::http::{self, ContentType};
use crate::parameters::{Parameter, Parameters};
use crate::percent;

use super::faults;
use super::refusal::Refusal;

/// The longest id that is looked for, in bytes.
const LONGEST_ID: usize = 64;

/// The longest `remark`, in characters.
const LONGEST_REMARK: usize = 500;

/// The most `resourceIds` that are taken at once, each counted once.
const MOST_RESOURCES: usize = 1000;

/// The parameters of a POST.
#[derive(Debug)]
pub(super) struct Form {
    parameters: Parameters,
}

/// The order id that follows `prefix/` in a path.
pub(super) fn path_id(path: &str, prefix: &str) -> Result<String, Refusal> {
    let encoded = path.strip_prefix(prefix).unwrap_or_default().trim_start_matches('/');
    let bytes = percent::decode(encoded).ok_or(Refusal::Malformed("orderId"))?;
    let id = String::from_utf8(bytes).map_err(|_| Refusal::Malformed("orderId"))?;
    if id.trim().is_empty() {
        return Err(Refusal::Missing("orderId"));
    }
    checked_id(&id).map(str::to_owned)
}

impl Form {
    /// Reads a body. Without a body there are no parameters; without a media type it is taken for a form.
    pub(super) async fn read(faults: &Faults, request: Request) -> Result<Form, Refusal> {
        let content_type = http::content_type(request.headers());
        let body = http::read_body(request.into_body()).await.map_err(|_| Refusal::MalformedForm)?;
        match content_type {
            ContentType::Absent => {}
            ContentType::Is(media_type, charset)
                if media_type == "application/x-www-form-urlencoded"
                    && charset.as_deref().is_none_or(|charset| charset == "utf-8") => {}
            ContentType::Malformed | ContentType::Is(..) => return Err(Refusal::WrongContentType),
        }
        let text = String::from_utf8(body).map_err(|_| Refusal::MalformedForm)?;
        let parameters = if faults.has(&faults::FORM_READ_AS_LATIN1) {
            Parameters::from_query(&text, |bytes| Some(bytes.iter().copied().map(char::from).collect()))
        } else {
            Parameters::from_query(&text, |bytes| String::from_utf8(bytes.to_vec()).ok())
        };
        Ok(Form { parameters })
    }

    /// The `orderId` that must be there.
    pub(super) fn order_id(&self) -> Result<&str, Refusal> {
        self.optional("orderId")?.ok_or(Refusal::Missing("orderId")).and_then(checked_id)
    }

    /// The `resourceIds`: each once, in the order in which they were given.
    pub(super) fn resource_ids(&self, faults: &Faults) -> Result<Vec<&str>, Refusal> {
        let given = self.parameters.all("resourceIds").ok_or(Refusal::Malformed("resourceIds"))?;
        let mut ids: Vec<&str> = Vec::new();
        for id in given {
            if !ids.contains(&id) {
                ids.push(id);
            }
            if ids.len() > MOST_RESOURCES {
                return Err(Refusal::Malformed("resourceIds"));
            }
        }
        if faults.has(&faults::ONLY_FIRST_RESOURCE) {
            ids.truncate(1);
        }
        Ok(ids)
    }

    /// The `remark`, of at most 500 characters.
    pub(super) fn remark(&self) -> Result<Option<&str>, Refusal> {
        let remark = self.optional("remark")?;
        match remark {
            Some(text) if text.chars().count() > LONGEST_REMARK => Err(Refusal::Malformed("remark")),
            _ => Ok(remark),
        }
    }

    /// A whole number without leading zeros or a plus, if it is given.
    pub(super) fn number(&self, name: &'static str) -> Result<Option<i32>, Refusal> {
        let parse = |text: &str| text.parse().ok().filter(|number: &i32| number.to_string() == text);
        self.optional(name)?.map(|text| parse(text).ok_or(Refusal::Malformed(name))).transpose()
    }

    /// A parameter that may be left out or empty.
    pub(super) fn optional(&self, name: &'static str) -> Result<Option<&str>, Refusal> {
        match self.parameters.get(name) {
            Parameter::Given(text) => Ok(Some(text)),
            Parameter::Missing => Ok(None),
            Parameter::Unreadable => Err(Refusal::Malformed(name)),
        }
    }
}

fn checked_id(id: &str) -> Result<&str, Refusal> {
    if id.len() <= LONGEST_ID { Ok(id) } else { Err(Refusal::Malformed("orderId")) }
}
