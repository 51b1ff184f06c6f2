//! [`Redactor`]: takes secrets out of everything that leaves the engine, once, on the way into the record.

use super::escapes::View;
use super::event::{BodyRecord, CallbackRecord, RequestRecord, StepRecord, TrialFinished};
use super::{encoded, escapes, folded};
use crate::http::{charset, digest};
use crate::model::exchange::latin1;
use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::{Arc, PoisonError, RwLock};

/// Values shorter than this are not looked for: they would match everywhere.
const SHORTEST: usize = 4;

/// Finds secrets as they are and as they travel: percent-encoded, in JSON strings, in shell words, in XML, in hex, in
/// base64 at any offset.
#[derive(Debug, Default)]
pub struct Redactor {
    current: RwLock<Arc<Known>>,
}

/// What is looked for at a time.
#[derive(Debug, Default)]
struct Known {
    secrets: Vec<(String, String)>,
    searcher: Option<AhoCorasick>,
    replacements: Vec<String>,
    /// The patterns, sorted, with their numbers in the searcher.
    sorted: Vec<Vec<u8>>,
    numbers: Vec<usize>,
}

impl Redactor {
    /// `secrets`: names and values.
    pub fn new<'s>(secrets: impl IntoIterator<Item = (&'s str, &'s str)>) -> Self {
        let secrets = secrets.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { current: RwLock::new(Arc::new(Known::new(secrets.collect()))) }
    }

    /// Looks for one more from now on, such as a token that was issued during the run.
    pub fn add(&self, name: &str, value: &str) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let one = (name.to_owned(), value.to_owned());
        if !current.secrets.contains(&one) {
            *current = Arc::new(Known::new(current.secrets.iter().cloned().chain([one]).collect()));
        }
    }

    pub fn text(&self, text: &mut String) {
        self.known().text(text);
    }

    pub fn bytes(&self, bytes: &mut Vec<u8>) {
        self.known().bytes(bytes);
    }

    /// Takes secrets out of every string of a trial.
    pub fn trial(&self, trial: &mut TrialFinished) {
        self.known().trial(trial);
    }

    pub fn request(&self, request: &mut RequestRecord) {
        self.known().request(request);
    }

    fn known(&self) -> Arc<Known> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Known {
    fn new(secrets: Vec<(String, String)>) -> Self {
        let mut patterns: Vec<Vec<u8>> = Vec::new();
        let mut replacements = Vec::new();
        for (name, value) in secrets.iter().filter(|(_, value)| value.len() >= SHORTEST) {
            for form in forms(value) {
                if form.len() >= SHORTEST && !patterns.contains(&form) {
                    patterns.push(form);
                    replacements.push(format!("[{name}]"));
                }
            }
        }
        if patterns.is_empty() {
            return Self { secrets, ..Self::default() };
        }
        // The longest first, so that a secret that holds another is replaced whole.
        let searcher = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&patterns).ok();
        let mut order: Vec<usize> = (0..patterns.len()).collect();
        order.sort_by(|a, b| patterns[*a].cmp(&patterns[*b]));
        let sorted = order.iter().map(|number| patterns[*number].clone()).collect();
        Self { secrets, searcher, replacements, sorted, numbers: order }
    }

    /// Also takes out the beginning of a secret where the text was cut (`…`).
    fn text(&self, text: &mut String) {
        self.whole(text);
        self.cut(text, &['…'], false);
    }

    /// The same of a text that quotes, and cuts where it likes to.
    fn excerpt(&self, text: &mut String) {
        self.whole(text);
        self.cut(text, &['…', '`'], true);
    }

    /// `end`: the end of the text is a cut too.
    fn cut(&self, text: &mut String, at: &[char], end: bool) {
        if self.searcher.is_none() || !end && !text.contains(at) {
            return;
        }
        let clean = |part: &str| {
            let inner = part.strip_suffix(at);
            let (mut clean, sign) =
                (inner.unwrap_or(part).to_owned(), &part[inner.map_or(part.len(), str::len)..]);
            if inner.is_some() || end {
                self.begun(&mut clean);
            }
            clean + sign
        };
        *text = text.split_inclusive(at).map(clean).collect();
    }

    fn begun(&self, text: &mut String) {
        if let Some((start, found, _)) = escapes::begun(&self.sorted, text.as_bytes()) {
            let head = String::from_utf8_lossy(&text.as_bytes()[..start]).into_owned();
            *text = head + &self.replacements[self.numbers[found]];
            return;
        }
        let views = (0..escapes::KINDS).map(|kind| escapes::view(text.as_bytes(), kind));
        for view in [folded::view(text.as_bytes())].into_iter().chain(views).flatten() {
            if let Some((start, found, _)) = escapes::begun(&self.sorted, &view.bytes) {
                let head = String::from_utf8_lossy(&text.as_bytes()[..view.start(start)]).into_owned();
                *text = head + &self.replacements[self.numbers[found]];
                return;
            }
        }
    }

    fn whole(&self, text: &mut String) {
        if let Some(redacted) = self.without(text.as_bytes()) {
            *text = String::from_utf8_lossy(&redacted).into_owned();
        }
    }

    fn bytes(&self, bytes: &mut Vec<u8>) {
        if let Some(redacted) = self.without(bytes) {
            *bytes = redacted;
        }
    }

    /// The bytes without the secrets in them; `None` when there are none.
    fn without(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        self.searcher.as_ref()?;
        let clean = |part: &[u8]| self.seen(part);
        // First what is broken over lines, while its lines are whole: it is on one line then.
        let joined = folded::view(bytes).and_then(|view| encoded::without(&view.bytes, &clean));
        let seen = self.seen(joined.as_deref().unwrap_or(bytes)).or(joined);
        encoded::without(seen.as_deref().unwrap_or(bytes), &clean).or(seen)
    }

    /// The bytes without the secrets that can be seen in them, escaped or not, on one line or on two.
    fn seen(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let searcher = self.searcher.as_ref()?;
        let mut redacted = folded::view(bytes).and_then(|view| self.in_view(bytes, &view));
        let source = redacted.as_deref().unwrap_or(bytes);
        if searcher.is_match(source) {
            redacted = Some(searcher.replace_all_bytes(source, &self.replacements));
        }
        // One kind of escape after the other: what one view shows is gone when the next is made.
        for kind in 0..escapes::KINDS {
            let source = redacted.as_deref().unwrap_or(bytes);
            let Some(view) = escapes::view(source, kind) else { continue };
            redacted = self.in_view(source, &view).or(redacted);
        }
        redacted
    }

    /// The source without the secrets that a view of it shows.
    fn in_view(&self, source: &[u8], view: &View) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let mut copied = 0;
        for found in self.searcher.as_ref()?.find_iter(&view.bytes) {
            let (start, end) = (view.start(found.start()), view.start(found.end()));
            out.extend_from_slice(&source[copied..start]);
            out.extend_from_slice(self.replacements[found.pattern().as_usize()].as_bytes());
            copied = end;
        }
        (copied > 0).then(|| {
            out.extend_from_slice(&source[copied..]);
            out
        })
    }

    fn trial(&self, trial: &mut TrialFinished) {
        if self.searcher.is_none() {
            return;
        }
        trial.reason.iter_mut().for_each(|reason| self.text(reason));
        trial.retried.iter_mut().for_each(|attempt| self.text(&mut attempt.why));
        trial.steps.iter_mut().for_each(|step| self.step(step));
    }

    fn step(&self, step: &mut StepRecord) {
        self.request(&mut step.request);
        if let Some(response) = &mut step.response {
            self.headers(&mut response.headers);
            self.body(&mut response.body);
        }
        if let Some(error) = &mut step.error {
            self.excerpt(&mut error.message);
        }
        self.text(&mut step.curl);
        for CallbackRecord { request, .. } in &mut step.callbacks {
            self.request(request);
        }
        for finding in &mut step.findings {
            self.excerpt(&mut finding.message);
            self.text(&mut finding.at);
            finding.expected.iter_mut().for_each(|text| self.excerpt(text));
            finding.actual.iter_mut().for_each(|text| self.excerpt(text));
            finding.requirement.iter_mut().for_each(|text| self.text(text));
            finding.details.iter_mut().for_each(|text| self.excerpt(text));
        }
    }

    fn request(&self, request: &mut RequestRecord) {
        self.text(&mut request.method);
        self.text(&mut request.url);
        self.headers(&mut request.headers);
        self.body(&mut request.body);
    }

    fn headers(&self, headers: &mut [(String, String)]) {
        for (name, value) in headers {
            self.text(name);
            self.text(value);
        }
    }

    fn body(&self, body: &mut BodyRecord) {
        body.text.iter_mut().for_each(|text| self.text(text));
        if let Some(bytes) = body.base64.as_deref().and_then(digest::from_base64) {
            let mut redacted = bytes.clone();
            self.bytes(&mut redacted);
            if redacted != bytes {
                body.base64 = Some(digest::base64(&redacted));
            }
        }
    }
}

/// The forms in which a value may turn up, beside those that [`escapes`] take off.
fn forms(value: &str) -> Vec<Vec<u8>> {
    let json = serde_json::Value::String(value.to_owned()).to_string();
    let mut forms = vec![
        value.to_owned(),
        value.replace(' ', "+"),
        // In a JSON pointer (RFC 6901).
        value.replace('~', "~0").replace('/', "~1"),
        json[1..json.len() - 1].to_owned(),
        // As the name of a field in a JSON pointer (RFC 6901 section 3).
        value.replace('~', "~0").replace('/', "~1"),
        // Percent-encoded twice: one layer comes off with the escapes.
        charset::percent_encode(value, "utf-8").unwrap_or_default(),
        // Header bytes are shown as Latin-1.
        latin1(value.as_bytes()),
        digest::hex(value.as_bytes()),
        digest::hex(value.as_bytes()).to_uppercase(),
    ];
    for encoded in base64_forms(value.as_bytes()) {
        forms.push(encoded.replace('+', "-").replace('/', "_"));
        forms.push(encoded);
    }
    let mut forms: Vec<Vec<u8>> = forms.into_iter().map(String::into_bytes).collect();
    forms.extend(charset::encode(value, "GBK"));
    // Keys have lines: this is how they look where line breaks were taken out.
    let folded: Vec<Vec<u8>> = forms.iter().filter_map(|form| Some(folded::view(form)?.bytes)).collect();
    forms.extend(folded);
    forms
}

/// A value inside a longer base64 text begins at one of three offsets; the characters that its neighbours share are
/// left out.
fn base64_forms(value: &[u8]) -> Vec<String> {
    (0..3)
        .filter_map(|offset| {
            let mut padded = vec![0; offset];
            padded.extend_from_slice(value);
            let encoded = digest::base64(&padded);
            let encoded = encoded.trim_end_matches('=');
            let start = (offset * 8).div_ceil(6);
            let end = (padded.len() * 8) / 6;
            encoded.get(start..end.min(encoded.len())).filter(|core| core.len() >= 6).map(str::to_owned)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_secret_goes() {
        let secret = "s3cr\"et/ü value";
        let redactor = Redactor::new([("KEY", secret)]);
        let json = serde_json::json!(secret).to_string();
        let percent = charset::percent_encode(secret, "utf-8").unwrap();
        let texts = [
            format!("a {secret} b"),
            json,
            format!("?k={percent}&x"),
            format!("?k={}", percent.to_lowercase()),
            digest::hex(secret.as_bytes()),
            digest::base64(format!("user:{secret}").as_bytes()),
            digest::base64(format!("user1:{secret}!").as_bytes()),
            digest::base64(format!("user12:{secret}!!").as_bytes()),
        ];
        for text in texts {
            let mut redacted = text.clone();
            redactor.text(&mut redacted);
            assert!(redacted.contains("[KEY]"), "{text} -> {redacted}");
            assert!(!redacted.contains("cr\"et") && !redacted.contains("value"), "{redacted}");
        }
    }

    /// As MIME has it (RFC 2045 section 6.8), at every place of a line, with the ends of lines in every syntax.
    #[test]
    fn base64_that_is_broken_over_lines_has_no_secret() {
        let secret = "s3cr\"et/ü value";
        let redactor = Redactor::new([("KEY", secret)]);
        let broken = |encoded: &str, length: usize, end: &str| {
            let lines = encoded.as_bytes().chunks(length).map(String::from_utf8_lossy);
            lines.collect::<Vec<_>>().join(end)
        };
        for before in 30..80 {
            let text = |value: &str| format!("{}{value}{}", "x".repeat(before), "y".repeat(40));
            let (encoded, hex) =
                (digest::base64(text(secret).as_bytes()), digest::hex(text(secret).as_bytes()));
            let clean = text("[KEY]");
            for end in ["\r\n", "\n", "\\r\\n", "&#13;&#10;"] {
                let mut redacted = format!("{{\"key\": \"{}\"}}", broken(&encoded, 76, end));
                redactor.text(&mut redacted);
                let expected = format!("{{\"key\": \"{}\"}}", digest::base64(clean.as_bytes()));
                assert_eq!(redacted, expected, "{before} {end:?}");
            }
            // The hex of it, as `xxd -p` has it.
            let mut redacted = broken(&hex, 60, "\n");
            redactor.text(&mut redacted);
            assert_eq!(redacted, digest::hex(clean.as_bytes()), "{before}");
            // Among bytes that are no text only the secret itself is known.
            let bytes = [vec![0x80; before], secret.as_bytes().to_vec(), vec![0xff; 90]].concat();
            let mut redacted = broken(&digest::base64(&bytes), 76, "\n");
            redactor.text(&mut redacted);
            let kept = base64_forms(secret.as_bytes());
            assert!(redacted.contains("[KEY]"), "{before}: {redacted}");
            assert!(
                !kept.iter().any(|form| redacted.replace('\n', "").contains(form)),
                "{before}: {redacted}"
            );
        }
        // A key of several lines, in a text that has another secret on two lines.
        let key = format!("-----BEGIN KEY-----\n{}\n-----END KEY-----", broken(&"k3y".repeat(60), 64, "\n"));
        let redactor = Redactor::new([("KEY", secret), ("LONG", key.as_str())]);
        let other = digest::base64(format!("{}{secret}", "x".repeat(50)).as_bytes());
        let mut text = format!("{key}, {}", broken(&other, 76, "\r\n"));
        redactor.text(&mut text);
        assert!(text.starts_with("[LONG], eHh4") && !text.contains("k3y"), "{text}");
    }

    #[test]
    fn the_beginning_of_a_secret_goes_where_a_text_was_cut() {
        let secret = "s3cr\"et/ü value";
        let redactor = Redactor::new([("KEY", secret)]);
        let percent: String = secret.bytes().map(|b| format!("%{b:02X}")).collect();
        let json = serde_json::json!(secret).to_string();
        for form in [
            secret,
            &percent,
            &json[1..],
            &digest::hex(secret.as_bytes()),
            &digest::base64(secret.as_bytes()),
        ] {
            for end in (14..form.len()).filter(|end| form.is_char_boundary(*end)) {
                let mut text = format!("a value: {}… (400 more characters)", &form[..end]);
                redactor.text(&mut text);
                let left = text
                    .strip_prefix("a value: [KEY]")
                    .and_then(|t| t.strip_suffix("… (400 more characters)"));
                // A last character of base64 has bits of no more than one byte.
                assert!(
                    left.is_some_and(|left| left.trim_end_matches('=').len() < 2),
                    "{form} at {end}: {text}"
                );
            }
        }
        let mut other = "s3cr is the beginning, and s3c…".to_owned();
        redactor.text(&mut other);
        assert_eq!(other, "s3cr is the beginning, and s3c…");
    }

    #[test]
    fn short_values_and_other_text_stay() {
        let mut text = "abc 123".to_owned();
        Redactor::new([("KEY", "abc"), ("OTHER", "zebra")]).text(&mut text);
        assert_eq!(text, "abc 123");
    }
}
