//! The two answers, as XML.

use axum::http::StatusCode;
use axum::response::Response;

use crate::fault::Faults;
use crate::http;
use crate::json::Object;
use crate::parameters::Parameters;

use super::faults;
use super::refusal::Refusal;

/// How it went: `error_id` and `error_desc`.
#[derive(Debug)]
pub(super) struct Outcome {
    error_id: &'static str,
    error_desc: &'static str,
}

impl Outcome {
    /// The documented codes; `success` is the operation's word for it.
    pub(super) fn new(faults: &Faults, outcome: Result<(), Refusal>, success: &'static str) -> Outcome {
        match outcome {
            Ok(()) => Outcome { error_id: "0", error_desc: success },
            Err(Refusal::Missing) if faults.has(&faults::MISSING_PARAMETER_SUCCESS) => {
                Outcome { error_id: "0", error_desc: success }
            }
            Err(refusal) => {
                Outcome { error_id: error_id(faults, refusal), error_desc: error_desc(faults, refusal) }
            }
        }
    }
}

fn error_id(faults: &Faults, refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::UnknownService | Refusal::UnknownPackage if faults.has(&faults::ERROR_ID_2) => "2",
        _ => "1",
    }
}

fn error_desc(faults: &Faults, refusal: Refusal) -> &'static str {
    if faults.has(&faults::EMPTY_ERROR_DESC) { "" } else { refusal.description() }
}

/// What goes around an answer's fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// `RPLY` of the check.
    Rply,
    /// `ACCESSGW` of the registration.
    Accessgw,
}

/// An answer: elements and their text, in order.
#[derive(Debug)]
pub(super) struct Reply {
    frame: Frame,
    fields: Vec<(&'static str, String)>,
}

impl Reply {
    /// The answer of the check.
    pub(super) fn check(parameters: &Parameters, outcome: Outcome) -> Reply {
        let echo = |name| (name, parameters.get(name).echo().to_owned());
        let fields = vec![
            echo("requestid"),
            echo("msisdn"),
            echo("service"),
            echo("package"),
            ("status", "1".to_owned()),
            ("error_id", outcome.error_id.to_owned()),
            ("error_desc", outcome.error_desc.to_owned()),
        ];
        Reply { frame: Frame::Rply, fields }
    }

    /// The answer of the registration.
    pub(super) fn register(parameters: &Parameters, outcome: Outcome) -> Reply {
        let echo = |name| (name, parameters.get(name).echo().to_owned());
        let fields = vec![
            ("error_id", outcome.error_id.to_owned()),
            ("error_desc", outcome.error_desc.to_owned()),
            echo("queueID"),
            echo("msisdn"),
            echo("service_id"),
            echo("package_id"),
        ];
        Reply { frame: Frame::Accessgw, fields }
    }

    /// With another `error_desc`. Only a fault does this.
    pub(super) fn described(mut self, error_desc: &str) -> Reply {
        self.fields
            .iter_mut()
            .filter(|(name, _)| *name == "error_desc")
            .for_each(|(_, text)| *text = error_desc.to_owned());
        self
    }

    pub(super) fn render(mut self, faults: &Faults) -> Response {
        self.misstate(faults);
        if faults.has(&faults::JSON_INSTEAD_OF_XML) {
            return http::answer(StatusCode::OK, "application/json", self.json());
        }
        let content_type = if faults.has(&faults::HTML_CONTENT_TYPE) {
            "text/html; charset=UTF-8"
        } else {
            "text/xml; charset=UTF-8"
        };
        http::answer(StatusCode::OK, content_type, self.xml(faults))
    }

    /// The faults that change fields and not how they are written.
    fn misstate(&mut self, faults: &Faults) {
        for (name, text) in &mut self.fields {
            match *name {
                "msisdn" if faults.has(&faults::OTHER_MSISDN) => *text = other_number(text),
                "msisdn" if faults.has(&faults::LOCAL_MSISDN) => *text = text.replacen("84", "0", 1),
                "requestid" | "queueID" if faults.has(&faults::REQUEST_ID_SCIENTIFIC) => {
                    *text = scientific(text)
                }
                "status" if faults.has(&faults::STATUS_AS_WORD) => *text = "ACTIVE".to_owned(),
                _ => {}
            }
        }
        if faults.has(&faults::PACKAGE_MISSING) {
            self.fields.retain(|(name, _)| !["package", "package_id"].contains(name));
        }
        if faults.has(&faults::ELEMENT_ORDER)
            && let Some(index) = self.fields.iter().position(|(name, _)| *name == "error_id")
        {
            self.fields.swap(index, index + 1);
        }
    }

    fn xml(&self, faults: &Faults) -> String {
        let encoding = if faults.has(&faults::WRONG_ENCODING_DECLARATION) { "UTF-16" } else { "UTF-8" };
        let namespace =
            if faults.has(&faults::DEFAULT_NAMESPACE) { " xmlns=\"http://vascloud.example/ns\"" } else { "" };
        let fields: String = self
            .fields
            .iter()
            .map(|(name, text)| format!("    <{name}>{}</{name}>\n", escape(faults, text)))
            .collect();
        let root = match self.frame {
            Frame::Rply => {
                let name = if faults.has(&faults::WRONG_REPLY_NAME) {
                    "checkServiceInfo"
                } else {
                    "CheckServiceInfo"
                };
                format!("<RPLY{namespace} name=\"{name}\">\n{fields}</RPLY>\n")
            }
            Frame::Accessgw => {
                let message_type =
                    if faults.has(&faults::MESSAGE_TYPE_ECHOED) { "NOTIFY" } else { "RESPONSE" };
                format!(
                    "<ACCESSGW{namespace}>\n  <MODULE>SDP NOTIFIER</MODULE>\n  \
                     <MESSAGE_TYPE>{message_type}</MESSAGE_TYPE>\n  <COMMAND>\n{fields}  </COMMAND>\n</ACCESSGW>\n"
                )
            }
        };
        format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n{root}")
    }

    fn json(&self) -> String {
        let mut object = Object::default();
        for (name, text) in &self.fields {
            object.push_text(name, text);
        }
        object.to_string()
    }
}

/// Text as XML content (XML 1.0 section 2.4). Parameters with characters that XML does not have are not echoed at
/// all; a carriage return has to be a reference to survive.
fn escape(faults: &Faults, text: &str) -> String {
    if faults.has(&faults::UNESCAPED_AMPERSAND) {
        return text.to_owned();
    }
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#13;")
}

/// A number that differs in its last digit.
fn other_number(text: &str) -> String {
    let mut other = text.to_owned();
    let last = other.pop();
    other.push(if last == Some('9') { '0' } else { '9' });
    other
}

/// A number as a floating-point type prints it; other text stays.
fn scientific(text: &str) -> String {
    text.parse::<u64>().map_or_else(|_| text.to_owned(), |number| format!("{:E}", number as f64))
}
