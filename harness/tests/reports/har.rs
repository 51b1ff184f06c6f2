//! HAR, by its schema; and every exchange of the record is in it, byte for byte.

use crate::made::{FAULTY, HOSTILE, HOSTILE_TARGET, Made};
use crate::schema::{har, valid};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

fn entries(made: &Made) -> Vec<Value> {
    let log = made.json("har");
    valid(&har(), &log);
    assert_eq!(log["log"]["version"], "1.2");
    log["log"]["entries"].as_array().expect("entries").clone()
}

fn steps(made: &'static Made) -> Vec<(&'static Value, &'static Value)> {
    let steps = |trial: &'static Value| {
        trial["steps"].as_array().into_iter().flatten().map(move |step| (trial, step))
    };
    made.record.trials.iter().flat_map(steps).collect()
}

/// A body's bytes as the record has them.
fn recorded(body: &Value) -> Vec<u8> {
    match (body["text"].as_str(), body["base64"].as_str()) {
        (Some(text), _) => text.as_bytes().to_vec(),
        (None, Some(base64)) => STANDARD.decode(base64).expect("base64"),
        (None, None) => Vec::new(),
    }
}

#[track_caller]
fn same_exchanges(made: &'static Made) {
    let entries = entries(made);
    let mut sent = entries.iter().filter(|entry| entry["_step"].is_number());
    for (trial, step) in steps(made) {
        let entry = sent.next().expect("an entry for every step");
        assert_eq!((&entry["_trial"], &entry["_role"]), (&trial["name"], &step["role"]));
        let sent_to = if entry["_url"].is_string() { &entry["_url"] } else { &entry["request"]["url"] };
        assert_eq!(
            (&entry["request"]["method"], sent_to),
            (&step["request"]["method"], &step["request"]["url"])
        );
        let pairs = |headers: &Value| -> Vec<(Value, Value)> {
            headers
                .as_array()
                .into_iter()
                .flatten()
                .map(|h| (h["name"].clone(), h["value"].clone()))
                .collect()
        };
        let written = |headers: &Value| -> Vec<(Value, Value)> {
            headers.as_array().into_iter().flatten().map(|h| (h[0].clone(), h[1].clone())).collect()
        };
        assert_eq!(pairs(&entry["request"]["headers"]), written(&step["request"]["headers"]));
        assert_eq!(pairs(&entry["response"]["headers"]), written(&step["response"]["headers"]));
        let data = &entry["request"]["postData"];
        assert_eq!(data["text"].as_str().unwrap_or_default().as_bytes(), recorded(&step["request"]["body"]));
        let content = &entry["response"]["content"];
        let text = content["text"].as_str().unwrap_or_default();
        let bytes = match content["encoding"].as_str() {
            Some(encoding) => {
                assert_eq!(encoding, "base64");
                STANDARD.decode(text).expect("base64")
            }
            None => text.as_bytes().to_vec(),
        };
        assert_eq!(bytes, recorded(&step["response"]["body"]));
        let status = step["response"]["status"].as_u64().unwrap_or(0);
        assert_eq!(entry["response"]["status"], status);
        assert_eq!(entry["_error"].is_object(), step["error"].is_object());
        let timings = &entry["timings"];
        let sum: f64 = ["send", "wait", "receive"].iter().filter_map(|t| timings[t].as_f64()).sum();
        assert!(
            (entry["time"].as_f64().unwrap_or(-1.0) - sum).abs() < 0.001,
            "the time is the sum of its parts"
        );
    }
    assert!(sent.next().is_none(), "more entries than steps");
}

#[test]
fn every_exchange_is_an_entry() {
    same_exchanges(&FAULTY);
    let entries = entries(&FAULTY);
    let callbacks = entries.iter().filter(|entry| entry["_callback"].is_string()).count();
    let recorded: usize =
        steps(&FAULTY).iter().map(|(_, step)| step["callbacks"].as_array().map_or(0, Vec::len)).sum();
    assert!(recorded > 5, "{recorded} callbacks");
    assert_eq!(callbacks, recorded);
    let strays =
        FAULTY.record.finished.as_ref().and_then(|end| end["stray_callbacks"].as_array()).map_or(0, Vec::len);
    assert!(strays > 5, "{strays} callbacks that no case waited for");
    assert_eq!(entries.len(), steps(&FAULTY).len() + callbacks + strays);
    let odd = entries.iter().filter(|entry| entry["_url"].is_string() && entry["_step"].is_number());
    assert!(odd.count() > 0, "a case sends a query that no URI can have");
    let gbk = entries.iter().filter(|entry| entry["response"]["content"]["comment"] == "transcoded from GBK");
    assert!(gbk.count() > 0, "answers in GBK are text");
}

#[test]
fn odd_exchanges_are_what_they_were() {
    same_exchanges(&HOSTILE_TARGET);
    let entries = entries(&HOSTILE_TARGET);
    let of = |case: &str| {
        let is = |entry: &&Value| entry["_trial"].as_str().is_some_and(|name| name.ends_with(case));
        entries.iter().find(is).unwrap_or_else(|| panic!("no entry of {case}"))
    };
    assert_eq!(of("hostile/bytes")["response"]["content"]["encoding"], "base64");
    let query = &of("hostile/fields")["request"]["queryString"];
    assert_eq!(query[0]["value"], "a b&c=😀");
    let head = &of("hostile/head")["response"];
    assert_eq!(head["redirectURL"], "http://evil.example/::error::/[x](y)");
    assert_eq!(head["content"]["text"], HOSTILE);
    let cookie = &head["cookies"][0];
    assert_eq!(
        (&cookie["name"], &cookie["path"], &cookie["httpOnly"]),
        (&"a".into(), &"/".into(), &true.into())
    );
    assert_eq!(of("good")["request"]["cookies"][0]["value"], "s1");
    assert_eq!(of("dropped")["response"]["status"], 0);
}
