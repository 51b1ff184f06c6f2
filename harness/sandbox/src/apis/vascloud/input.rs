//! The two requests, by GET or by POST XML, as named parameters.

use axum::extract::Request;

use crate::fault::Faults;
use crate::http::{self, ContentType};
use crate::parameters::Parameters;

use super::xml::{self, Element, MalformedXml};

/// How an operation's XML message wraps its parameters.
pub(super) struct Message {
    root: &'static str,
    /// Elements that are not parameters, and what they must say.
    fixed: &'static [(&'static str, &'static str)],
    /// The child of the root that has the parameters; the root itself if `None`.
    wrapper: Option<&'static str>,
}

/// `RQST`, whose `name` is always the same.
pub(super) const CHECK: Message =
    Message { root: "RQST", fixed: &[("name", "CheckServiceInfo")], wrapper: None };

/// `ACCESSGW`, with the parameters in `COMMAND`.
pub(super) const REGISTER: Message = Message {
    root: "ACCESSGW",
    fixed: &[("MODULE", "SDP"), ("MESSAGE_TYPE", "NOTIFY")],
    wrapper: Some("COMMAND"),
};

/// The parameters of a GET: percent-encoded UTF-8.
pub(super) fn from_query(request: &Request) -> Parameters {
    Parameters::from_query(request.uri().query().unwrap_or_default(), |bytes| {
        str::from_utf8(bytes).ok().filter(|text| text.chars().all(xml::is_xml_char)).map(str::to_owned)
    })
}

/// The parameters of a POST.
pub(super) async fn from_body(
    faults: &Faults,
    message: &Message,
    request: Request,
) -> Result<Parameters, MalformedXml> {
    let is_xml = is_xml(&http::content_type(request.headers()));
    let body = http::read_body(request.into_body()).await.map_err(|_| MalformedXml)?;
    if !is_xml {
        return Err(MalformedXml);
    }
    message.parameters(&xml::parse(faults, &body)?)
}

impl Message {
    fn parameters(&self, root: &Element) -> Result<Parameters, MalformedXml> {
        let says = |(name, text): &(&str, &str)| root.child(name).and_then(Element::leaf_text) == Some(*text);
        if root.name != self.root || !self.fixed.iter().all(says) {
            return Err(MalformedXml);
        }
        let wrapper = match self.wrapper {
            Some(name) => root.child(name).ok_or(MalformedXml)?,
            None => root,
        };
        let parameter = |child: &Element| (child.name.clone(), child.leaf_text().map(str::to_owned));
        Ok(Parameters::from_pairs(wrapper.children.iter().map(parameter)))
    }
}

/// XML by name, in UTF-8 if it says; a request that does not say what it is gets the benefit of the doubt.
fn is_xml(content_type: &ContentType) -> bool {
    match content_type {
        ContentType::Absent => true,
        ContentType::Malformed => false,
        ContentType::Is(media_type, charset) => {
            matches!(media_type.as_str(), "text/xml" | "application/xml")
                && charset.as_deref().is_none_or(|charset| charset == "utf-8")
        }
    }
}
