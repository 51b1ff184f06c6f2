//! Is the answer's signature right? A mismatch shows the canonical string and each step. Of an HTML page, the fields of
//! its form are signed.

use super::{Expectation, Subject};
use crate::contract::{SignIn, SignSpec, sign};
use crate::http::html::{FormError, Page};
use crate::http::media_type::syntax;
use crate::model::finding::Finding;
use serde_json::{Map, Value};

pub fn check(subject: &Subject<'_, '_>, expectation: &Expectation) -> Vec<Finding> {
    let (Some(spec), Some(body)) = (signature_of(subject, expectation), &subject.answer.body) else {
        return Vec::new();
    };
    let fields = match fields(subject, body) {
        Ok(Some(fields)) => fields,
        Ok(None) => return Vec::new(),
        Err(message) => return vec![finding(spec, "form", "/forms", message)],
    };
    let place = place(spec, subject.answer.is_page);
    if let Some((name, list)) = fields.iter().find(|(name, value)| value.is_array() && signs(spec, name)) {
        let message =
            format!("`{name}` stands more than once in the form: which one is signed cannot be told");
        let at = format!("/forms/0/fields/{}", crate::http::json::escape(name));
        return match subject.answer.is_page {
            true => vec![finding(spec, "once", &at, message).actual(list.to_string())],
            false => judge(spec, subject, fields, &place),
        };
    }
    judge(spec, subject, fields, &place)
}

/// How the answer is signed: what its media type says, else what the operation says of all its answers.
pub fn signature_of<'s>(subject: &Subject<'s, '_>, expectation: &'s Expectation) -> Option<&'s SignSpec> {
    let media = subject.media;
    // A signature that is said of pages is not looked for in an answer of another kind: content-type tells about that.
    let declared = subject.answer.media_type.as_ref().map(|m| m.syntax());
    let own = media.filter(|m| declared.is_none_or(|d| d == syntax(&m.essence)));
    let own = own.and_then(|m| m.sign.as_ref());
    own.or(expectation.operation.sign_response.as_ref())
}

fn judge(
    spec: &SignSpec,
    subject: &Subject<'_, '_>,
    fields: &Map<String, Value>,
    place: &str,
) -> Vec<Finding> {
    let env = subject.evaluator.scope().env;
    let secret =
        spec.secret_name().and_then(|name| env.get(name)).and_then(Value::as_str).unwrap_or_default();
    let Some(found) = carried(spec, subject, fields) else {
        let message = format!("the answer has no signature in `{}`", spec.name);
        return vec![finding(spec, "present", place, message)];
    };
    match sign(spec, fields, secret) {
        Ok(signature) if signature.value == found => Vec::new(),
        Ok(signature) => {
            let mut wrong = finding(spec, "value", place, "the signature is not that of the answer".into())
                .expected(signature.value)
                .actual(found);
            wrong.details = signature.steps;
            vec![wrong]
        }
        Err(e) => vec![finding(spec, "value", place, format!("the signature cannot be computed: {e}"))],
    }
}

/// What is signed: the members of the body, or the fields of a page's only form. `Err` where a page has no such form.
fn fields<'b>(subject: &Subject<'_, '_>, body: &'b Value) -> Result<Option<&'b Map<String, Value>>, String> {
    if !subject.answer.is_page {
        return Ok(body.as_object());
    }
    match Page::only_form(body) {
        Ok(fields) => Ok(Some(fields)),
        Err(FormError::None) => Err("the page has no form, whose fields would be signed".into()),
        Err(FormError::Several(n)) => {
            Err(format!("the page has {n} forms: whose fields are signed cannot be told"))
        }
    }
}

/// Whether a field is signed, or is the signature.
fn signs(spec: &SignSpec, name: &str) -> bool {
    let listed = spec.fields.as_ref().is_none_or(|names| names.iter().any(|n| n == name));
    let is_signature = spec.place == SignIn::Body && name == spec.name;
    is_signature || listed && !spec.exclude.iter().any(|n| n == name)
}

fn finding(spec: &SignSpec, requirement: &str, at: &str, message: String) -> Finding {
    Finding::new("signature", at, message)
        .requirement(requirement)
        .spec(Some(spec.location.clone()))
        .doc(spec.doc.clone())
}

fn place(spec: &SignSpec, in_page: bool) -> String {
    let name = crate::http::json::escape(&spec.name);
    match spec.place {
        SignIn::Header => format!("header {}", spec.name.to_lowercase()),
        SignIn::Body | SignIn::Query if in_page => format!("/forms/0/fields/{name}"),
        SignIn::Body | SignIn::Query => format!("/{name}"),
    }
}

fn carried(spec: &SignSpec, subject: &Subject<'_, '_>, fields: &Map<String, Value>) -> Option<String> {
    match spec.place {
        SignIn::Header => subject.response.header_text(&spec.name),
        SignIn::Body | SignIn::Query => fields.get(&spec.name).and_then(Value::as_str).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, json, typed};

    /// `printf 'a=1&b=2key' | md5sum`
    const GOOD: &str = "{\"a\": \"1\", \"b\": \"2\", \"sign\": \"1c123a5dc12e90deeaa1cd94681f0d88\"}";

    #[test]
    fn fires_on_a_wrong_and_on_a_missing_signature() {
        let check = |body: &str| Fixture::default().signed("key").answer(json(body)).check("signature");
        let findings = check(&GOOD.replace("\"1\"", "\"3\""));
        assert_eq!(findings[0].message, "the signature is not that of the answer");
        assert!(findings[0].details.iter().any(|d| d.ends_with("a=3&b=2<KEY>")), "{:?}", findings[0].details);
        assert_eq!(check("{\"a\": \"1\"}")[0].message, "the answer has no signature in `sign`");
    }

    #[test]
    fn is_silent_on_the_right_signature() {
        assert!(Fixture::default().signed("key").answer(json(GOOD)).check("signature").is_empty());
    }

    /// `printf '_input_charset=utf-8&subject=A & B <i>&total_fee=12.50' | md5sum`
    const FORM: &str = r#"<form id="pay" action="https://pay.example/gate" method="get">
        <input type="hidden" name="sign" value="SUM"><input type="hidden" name="sign_type" value="MD5">
        <input type="hidden" name="total_fee" value="12.50"><input type="hidden" name="show_url" value="">
        <input type="hidden" name="subject" value="A &amp; B &lt;i&gt;">
        <input type="hidden" name="_input_charset" value="utf-8"><input type="submit" value="OK"></form>"#;
    const SUM: &str = "147ceae196ecae099f0836f98a65e190";

    fn page(text: &str) -> Vec<crate::model::finding::Finding> {
        let page = typed("text/html;charset=UTF-8", text.replace("SUM", SUM));
        Fixture::default().signed_page().answer(page).check("signature")
    }

    #[test]
    fn the_fields_of_the_only_form_are_signed() {
        assert_eq!(page(FORM), []);
        // What is not signed may change.
        assert_eq!(page(&FORM.replace("value=\"MD5\"", "value=\"RSA\"")), []);
    }

    #[test]
    fn fires_on_every_way_a_signed_page_can_be_wrong() {
        let wrong = page(&FORM.replace("12.50", "12.51"));
        assert_eq!(wrong[0].at, "/forms/0/fields/sign");
        assert!(wrong[0].details[1].ends_with("subject=A & B <i>&total_fee=12.51"), "{:?}", wrong[0].details);
        let message = |text: &str| page(text).remove(0).message;
        assert_eq!(
            message(&FORM.replace("name=\"sign\"", "name=\"signature\"")),
            "the answer has no signature in `sign`"
        );
        assert_eq!(message("<p>Sorry.</p>"), "the page has no form, whose fields would be signed");
        assert_eq!(
            message(&format!("{FORM}{FORM}")),
            "the page has 2 forms: whose fields are signed cannot be told"
        );
        let twice = FORM.replace("</form>", "<input name=total_fee value=99></form>");
        assert_eq!(
            message(&twice),
            "`total_fee` stands more than once in the form: which one is signed cannot be told"
        );
        // An empty field is left out; one with a value is not.
        let shown = FORM.replace("name=\"show_url\" value=\"\"", "name=\"show_url\" value=\"x\"");
        assert_eq!(message(&shown), "the signature is not that of the answer");
    }

    #[test]
    fn a_signature_said_of_pages_is_not_looked_for_elsewhere() {
        let findings = Fixture::default().signed_page().answer(json("{\"id\": \"1\"}")).check("signature");
        assert_eq!(findings, []);
    }
}
