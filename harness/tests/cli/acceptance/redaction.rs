//! Evidence leaves the house: no secret is in it, and no person, in whatever form a request, an answer or a callback had
//! them.

use super::{CASES, PROFILE, certify, commit, files, verify};
use crate::support::caller::call;
use crate::support::{Answer, Port, Received, Server, Suite, demo};
use std::path::Path;

/// What the environment holds.
pub const SECRET: &str = "k'Zx81/\"hunter2%\\&+ü=<1>{}";
/// Persons, by field or by what they look like. Each has a part that most syntaxes leave as it is.
const PERSONS: [&str; 6] = [
    "15500004711",
    "wei.example@mail.example",
    "89860099887766554433",
    "s3cret-Passw0rd",
    "5e55beef-1234-4777",
    "王小明五",
];
/// Fields that hold them, in the same order.
const FIELDS: [&str; 6] = ["phone", "mail", "iccid", "password", "session", "buyer_name"];

pub fn base64(text: &str) -> String {
    proofmark::http::digest::base64(text.as_bytes())
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

pub fn percent(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("%{b:02X}")).collect()
}

fn unicode(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect()
}

fn entities(text: &str) -> String {
    text.chars().map(|c| format!("&#{};", u32::from(c))).collect()
}

/// A longer text around a value in base64 as MIME has it, in lines of 76 characters (RFC 2045 section 6.8): the value
/// stands on two of them.
pub fn mime(value: &str) -> String {
    let text =
        base64(&format!("{:.<50}{value} and what follows, which fills the rest of a line", "a letter"));
    let lines = text.as_bytes().chunks(76).map(String::from_utf8_lossy);
    lines.collect::<Vec<_>>().join("\r\n")
}

/// A text without the ends of lines, as they are or as JSON, HTML and we ourselves write them.
pub fn unfolded(text: &str) -> String {
    let mut text = text.replace(['\r', '\n'], "");
    for end in
        ["\\\\r", "\\\\n", "\\r", "\\n", "\\u{d}", "\\u000d", "\\u000a", "&#13;", "&#10;", "%0d", "%0a"]
    {
        text = text.replace(end, "");
    }
    text
}

/// Everything that a text may look like, lower case: what is searched is too.
pub fn disguises(text: &str) -> Vec<String> {
    let json = serde_json::json!(text).to_string();
    let (gbk, _, _) = encoding_rs::GBK.encode(text);
    let mut all = vec![
        text.to_owned(),
        json[1..json.len() - 1].to_owned(),
        percent(text.as_bytes()),
        hex(text.as_bytes()),
        unicode(text),
        entities(text),
        text.bytes().map(|b| format!("&#x{b:x};")).collect(),
        percent(&gbk),
        hex(&gbk),
    ];
    for offset in 0..3 {
        let padded = format!("{}{text}", &"xyz"[..offset]);
        let encoded = base64(&padded);
        let (start, end) = ((offset * 8).div_ceil(6), padded.len() * 8 / 6);
        let core = encoded[start..end].to_owned();
        all.push(core.replace('+', "-").replace('/', "_"));
        all.push(percent(core.as_bytes()));
        all.push(core);
    }
    all.iter().map(|text| text.to_lowercase()).collect()
}

/// Panics where a file of a folder has one of the texts in some form.
#[track_caller]
fn clean(folder: &Path, texts: &[&str]) {
    let forms: Vec<(String, Vec<String>)> = texts.iter().map(|t| ((*t).to_owned(), disguises(t))).collect();
    for file in files(folder) {
        let bytes = std::fs::read(&file).expect("a file");
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        let lines = unfolded(&text);
        let (gbk, _, _) = encoding_rs::GBK.decode(&bytes);
        for (value, forms) in &forms {
            for form in forms {
                let name = file.display();
                let found = text.find(form).map(|at| text[..at].chars().rev().take(300).collect::<Vec<_>>());
                let before: Option<String> = found.map(|chars| chars.into_iter().rev().collect());
                assert_eq!(before, None, "{name} has `{value}` as `{form}` behind this");
                assert!(!lines.contains(form), "{name} has `{value}` as `{form}` on two lines");
                assert!(!gbk.contains(form), "{name} has `{value}` as GBK `{form}`");
            }
        }
    }
}

/// An answer that holds a value in every way that its syntax has, some of them encoded.
pub fn answer(kind: &str, field: &str, value: &str) -> Answer {
    let json = serde_json::json!(value).to_string();
    let xml = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    match kind {
        "json" => Answer::json(&format!(
            r#"{{"code": "1", "{field}": {json}, {json}: 1, "list": [[{json}]], "text": {}, "in": "{}", "b": "{}", "b2": "xy{}", "h": "{}", "u": "{}", "mime": {}}}"#,
            serde_json::json!(format!("the {field} {value} is not known")),
            percent(value.as_bytes()),
            base64(value),
            base64(&format!("a:{value}:b")),
            hex(value.as_bytes()).to_uppercase(),
            unicode(value),
            serde_json::json!(mime(value)),
        )),
        "xml" => Answer::typed(
            "application/xml",
            format!("<R {field}=\"{xml}\"><ok>0</ok><{field}>{xml}</{field}><e>{}</e><c><![CDATA[{value}]]></c><m>{}</m></R>", entities(value), mime(value)).as_bytes(),
        ),
        "html" => Answer::typed(
            "text/html; charset=utf-8",
            format!("<html><title>{xml}</title><input type=hidden name=\"{field}\" value=\"{xml}\"><a href=\"/x?{field}={}\">{xml}</a><!-- {xml} --></html>", percent(value.as_bytes())).as_bytes(),
        ),
        "gbk" => {
            let text = format!("{{\"code\": \"1\", \"{field}\": {json}}}");
            Answer::typed("application/json; charset=GBK", &encoding_rs::GBK.encode(&text).0)
        }
        _ => Answer::whole(
            "500 Internal Server Error",
            &[
                ("Content-Type", "text/plain"),
                ("X-Echo", &percent(value.as_bytes())),
                ("Set-Cookie", &format!("{field}={}; Path=/", percent(value.as_bytes()))),
            ],
            format!("error: {field}={value}\n at login({field}: \"{value}\")\n{}\n", mime(value)).as_bytes(),
        ),
    }
}

pub fn kind(request: &Received) -> &'static str {
    ["json", "xml", "html", "gbk"].into_iter().find(|kind| request.target().contains(kind)).unwrap_or("error")
}

/// A request with a value in its path, query, header, cookies, JSON, XML and form.
pub fn cases(value: &str) -> String {
    let text = serde_json::json!(value).to_string();
    let ways = ["json", "xml", "html", "gbk", "error"];
    let get = ways.map(|way| {
        format!("  - {{ id: get-{way}, title: T, doc: demo.txt#1, call: get_thing, with: {{ id: {text}, q: \"{way}\", X-Trace: {text}, session: {text} }}, expect: {{ outcome: success, equals: {{ name: {text} }} }} }}\n")
    });
    get.concat()
        + &format!(
            "  - {{ id: body, title: T, doc: demo.txt#1, call: make_thing, with: {{ name: {text}, apple: {text}, inner: {{ password: {text} }} }}, expect: {{ outcome: success }} }}\n"
        )
        + &format!(
            "  - {{ id: form, title: T, doc: demo.txt#1, call: make_thing, as: application/x-www-form-urlencoded, with: {{ name: {text} }}, expect: {{ outcome: success }} }}\n"
        )
        + &format!(
            "  - {{ id: gbk, title: T, doc: demo.txt#1, call: find_gbk, with: {{ name: \"1\" }}, query: {}, expect: {{ outcome: success }} }}\n",
            serde_json::json!(format!("password={}", percent(value.as_bytes())))
        )
}

fn suite(url: &str, cases: &str) -> Suite {
    let personal = "personal: { fields: [buyer_name] }\n";
    let config = format!("{}{PROFILE}{personal}", demo::CONFIG.replace("URL", url));
    let suite = Suite::at(url).file("proofmark.yaml", &config).cases(cases);
    suite.proofmark(&["keygen"]).output().exits(0);
    commit(suite.path());
    suite
}

#[test]
fn no_secret_is_in_the_evidence() {
    let server = Server::start(|r| answer(kind(r), "key", SECRET));
    let suite = suite(&server.url(), &cases("${env.DEMO_KEY}"));
    let arguments =
        [&super::DELIVERY[..], &["--target", "staging", "--key", "acceptance.key", "--out", "evidence"]]
            .concat();
    let output = suite.proofmark(&arguments).env("DEMO_KEY", SECRET).output().exits(1);
    assert!(!output.all().contains("hunter2"), "{}", output.all());
    verify(&suite, "evidence", &[]).exits(0);
    clean(&suite.path().join("evidence"), &["hunter2", SECRET]);
}

#[test]
fn no_person_is_in_the_evidence_and_echoes_can_be_followed() {
    for (person, field) in PERSONS.into_iter().zip(FIELDS) {
        let server = Server::start(move |r| answer(kind(r), field, person));
        let suite = suite(&server.url(), &cases(person));
        certify(&suite, &["--out", "evidence", "--format", "terse"]).exits(1);
        verify(&suite, "evidence", &[]).exits(0);
        let folder = suite.path().join("evidence");
        let raw = std::fs::read_to_string(suite.only_run().join("run.ndjson")).expect("a record");
        assert!(raw.contains(person), "the record of the house has `{person}`");
        clean(&folder, &[person]);
        // One value, one pseudonym: what was sent is what came back.
        let record = std::fs::read_to_string(folder.join("run.ndjson")).expect("a record");
        let pseudonym = super::super::support::Record::parse(&record).trial("body")["steps"][0]["request"]["body"]["text"]
            .as_str()
            .and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok())
            .and_then(|body| body["name"].as_str().map(str::to_owned))
            .expect("a request");
        assert_eq!((pseudonym.len(), pseudonym != person), (person.len(), true), "{pseudonym}");
        let found = record.matches(&pseudonym).count();
        assert!(found > 20, "{pseudonym} is there {found} times");
        assert!(record.contains(&base64(&pseudonym)), "{pseudonym}");
        // Where no digit of an escape was a letter, its case cannot be kept.
        let lower = percent(pseudonym.as_bytes()).to_lowercase();
        assert!(record.to_lowercase().contains(&lower), "{pseudonym}");
    }
}

#[test]
fn a_person_in_a_callback_has_the_pseudonym_of_the_request() {
    let port = Port::reserve();
    let listener = port.address();
    let server = Server::start(move |r| {
        if let Some(mobile) = r.query("mobile") {
            call(
                listener,
                &format!("/callback?mobile={mobile}&result=0&mail={}", percent(PERSONS[1].as_bytes())),
            );
        }
        Answer::json(demo::GOOD)
    });
    let case = format!(
        "{CASES}  - {{ id: call, title: T, doc: demo.txt#1, call: subscribe, with: {{ mobile: \"{}\" }}, callback: {{ name: result, match: {{ mobile: \"{}\" }} }} }}\n",
        PERSONS[0], PERSONS[0]
    );
    let suite = suite(&server.url(), &case);
    let listen = listener.to_string();
    certify(&suite, &["--out", "evidence", "--callback-listen", &listen]);
    clean(&suite.path().join("evidence"), &PERSONS[..2]);
    let record = std::fs::read_to_string(suite.path().join("evidence/run.ndjson")).expect("a record");
    let record = super::super::support::Record::parse(&record);
    let step = &record.trial("call")["steps"][0];
    let number = |url: &serde_json::Value| {
        let url = url.as_str().expect("a URL").to_owned();
        url.split_once("mobile=").map(|(_, rest)| rest[..11].to_owned()).expect("a number")
    };
    assert_eq!(number(&step["request"]["url"]), number(&step["callbacks"][0]["request"]["url"]));
}
