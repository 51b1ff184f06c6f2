//! Tests of pseudonyms in whole records.

use crate::http::{charset, digest};
use crate::model::verdict::Verdict;
use crate::record::personal::{Finder, Mask, Policy, pseudonymise};
use crate::record::{Attempt, BodyRecord, Event, RequestRecord, ResponseRecord};
use crate::report::fixture::{run, trial_with};
use crate::suite::PersonalData;
use std::collections::BTreeSet;

const KEY: [u8; 32] = [7; 32];
const PHONE: &str = "15500001234";
const MAIL: &str = "Wei.Example@mail.example";

fn values(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|value| (*value).to_owned()).collect()
}

fn mask(list: &[&str]) -> Mask {
    Mask::new(&values(list), KEY)
}

fn masked(mask: &Mask, text: &str) -> String {
    let mut text = text.to_owned();
    mask.text(&mut text);
    text
}

fn shape(text: &str) -> String {
    let kind = |c: char| match c {
        '0'..='9' => '9',
        'a'..='z' => 'a',
        'A'..='Z' => 'A',
        other if !other.is_ascii() => '文',
        other => other,
    };
    text.chars().map(kind).collect()
}

/// Every character as an escape of one kind.
fn each(text: &str, escape: impl Fn(u8) -> String) -> String {
    text.bytes().map(escape).collect()
}

#[test]
fn a_pseudonym_has_the_shape_of_its_value() {
    for value in [
        PHONE,
        MAIL,
        "89860012345678901234",
        "pass-WORD_1",
        "5e551d00-0000-4000-8000-0000deadbeef",
        "王小明先生",
        "Nguyễn Ánh",
        "0912 345 678",
    ] {
        let mask = mask(&[value]);
        let pseudonym = masked(&mask, value);
        assert_ne!(pseudonym, value);
        assert_eq!(
            (shape(&pseudonym), pseudonym.len()),
            (shape(value), value.len()),
            "{value} -> {pseudonym}"
        );
        assert_eq!(pseudonym.starts_with('0'), value.starts_with('0'), "{pseudonym}");
    }
    let session =
        masked(&mask(&["5e551d00-0000-4000-8000-0000deadbeef"]), "5e551d00-0000-4000-8000-0000deadbeef");
    assert!(session.chars().all(|c| c.is_ascii_hexdigit() || c == '-'), "{session}");
}

#[test]
fn the_same_value_has_the_same_pseudonym_in_every_form() {
    let mask = mask(&[PHONE, MAIL]);
    let plain = masked(&mask, &format!("{PHONE} {MAIL}"));
    type Decoder = (&'static str, String, fn(&str) -> String);
    let decoders: [Decoder; 9] = [
        ("percent", each(&format!("{PHONE} {MAIL}"), |b| format!("%{b:02x}")), |t| percent_decoded(t)),
        ("json", format!("{:?}", format!("{PHONE} {MAIL}")), |t| serde_json::from_str(t).unwrap()),
        ("unicode", format!("\"{}\"", each(&format!("{PHONE} {MAIL}"), |b| format!("\\u{b:04x}"))), |t| {
            serde_json::from_str(t).unwrap()
        }),
        ("hexadecimal entities", each(&format!("{PHONE} {MAIL}"), |b| format!("&#x{b:x};")), |t| entities(t)),
        ("hex", digest::hex(format!("{PHONE} {MAIL}").as_bytes()), |t| unhex(t)),
        ("HEX", digest::hex(format!("{PHONE} {MAIL}").as_bytes()).to_uppercase(), |t| unhex(t)),
        ("base64", digest::base64(format!("{PHONE} {MAIL}").as_bytes()), |t| unbase64(t)),
        (
            "base64 in percent",
            each(&digest::base64(format!("{PHONE} {MAIL}").as_bytes()), |b| format!("%{b:02X}")),
            |t| unbase64(&percent_decoded(t)),
        ),
        (
            "JSON in base64",
            digest::base64(serde_json::json!({ "a": format!("{PHONE} {MAIL}") }).to_string().as_bytes()),
            |t| {
                serde_json::from_str::<serde_json::Value>(&unbase64(t)).unwrap()["a"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            },
        ),
    ];
    for (name, text, decode) in decoders {
        let hidden = masked(&mask, &text);
        assert_eq!(hidden.len(), text.len(), "{name}");
        assert_eq!(decode(&hidden), plain, "{name}: {hidden}");
    }
}

fn percent_decoded(text: &str) -> String {
    unhex(&text.replace('%', ""))
}

fn unhex(text: &str) -> String {
    let bytes: Vec<u8> =
        (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect();
    String::from_utf8(bytes).unwrap()
}

fn entities(text: &str) -> String {
    text.split_terminator(';').map(|e| char::from(u8::from_str_radix(&e[3..], 16).unwrap())).collect()
}

fn unbase64(text: &str) -> String {
    String::from_utf8(digest::from_base64(text).unwrap()).unwrap()
}

#[test]
fn base64_is_seen_at_every_offset_and_inside_longer_runs() {
    let mask = mask(&[PHONE]);
    let pseudonym = masked(&mask, PHONE);
    for before in ["", "a", "ab", "abc", "user:"] {
        for after in ["", "!", "!!", ":more"] {
            let encoded = digest::base64(format!("{before}{PHONE}{after}").as_bytes());
            assert_eq!(unbase64(&masked(&mask, &encoded)), format!("{before}{pseudonym}{after}"));
            for joined in ["x", "xy", "xyz"] {
                let run = masked(&mask, &format!("{joined}{encoded}"));
                assert_eq!(unbase64(&run[joined.len()..]), format!("{before}{pseudonym}{after}"), "{joined}");
            }
        }
    }
}

#[test]
fn related_forms_of_a_value_stay_related() {
    let mask = mask(&["+1 555 0100 234", "15550100234", "Wei@mail.example", "wei@mail.example"]);
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    assert_eq!(digits(&masked(&mask, "+1 555 0100 234")), masked(&mask, "15550100234"));
    assert_eq!(masked(&mask, "Wei@mail.example").to_lowercase(), masked(&mask, "wei@mail.example"));
    assert_eq!(masked(&mask, "WEI@MAIL.EXAMPLE"), masked(&mask, "wei@mail.example").to_uppercase());
}

#[test]
fn another_key_gives_other_pseudonyms() {
    let other = Mask::new(&values(&[PHONE]), [8; 32]);
    assert_ne!(masked(&mask(&[PHONE]), PHONE), masked(&other, PHONE));
}

#[test]
fn a_short_value_is_replaced_where_it_stands_alone_and_what_is_cut_is_not_left() {
    let short = mask(&["4711"]);
    let hidden = masked(&short, "pin=4711, 47110, a4711, [4711]");
    assert!(!hidden.contains("=4711") && !hidden.contains("[4711]"), "{hidden}");
    assert!(hidden.contains("47110") && hidden.contains("a4711"), "{hidden}");
    let long = mask(&[PHONE]);
    let cut = masked(&long, "the number 1550000… (400 more characters)");
    assert!(!cut.contains("1550000") && cut.contains(&masked(&long, PHONE)[..7]), "{cut}");
    assert_eq!(masked(&long, "155000012 1550000"), "155000012 1550000");
}

#[test]
fn gbk_bytes_and_header_bytes_are_seen() {
    let name = "王小明";
    let mask = mask(&[name]);
    let pseudonym = masked(&mask, name);
    let gbk = |text: &str| charset::encode(text, "GBK").unwrap();
    let body = [b"<name>".as_slice(), &gbk(name), b"</name>"].concat();
    let expected = [b"<name>".as_slice(), &gbk(&pseudonym), b"</name>"].concat();
    assert_eq!(mask.bytes(&body), Some(expected));
    let percent: String = gbk(name).iter().map(|b| format!("%{b:02X}")).collect();
    let other: String = gbk(&pseudonym).iter().map(|b| format!("%{b:02X}")).collect();
    assert_eq!(masked(&mask, &format!("?n={percent}")), format!("?n={other}"));
    let latin1: String = name.bytes().map(char::from).collect();
    assert_eq!(masked(&mask, &latin1), pseudonym.bytes().map(char::from).collect::<String>());
}

fn policy(fields: &[&str], patterns: &[&str]) -> Policy {
    let list = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    Policy::new(&PersonalData { defaults: true, fields: list(fields), patterns: list(patterns) }).unwrap()
}

/// What is found in the exchange of one request.
fn found(policy: &Policy, change: impl Fn(&mut RequestRecord, &mut ResponseRecord)) -> Vec<String> {
    let mut trial = trial_with(Vec::new());
    let step = &mut trial.steps[0];
    step.request.url = "http://a.example/".into();
    step.request.headers.clear();
    step.request.body = BodyRecord::default();
    step.curl.clear();
    if let Some(response) = &mut step.response {
        response.body = BodyRecord::default();
    }
    change(&mut step.request, step.response.as_mut().unwrap());
    let mut finder = Finder::new(policy);
    finder.trial(&trial);
    finder.values().iter().cloned().collect()
}

#[test]
fn values_are_found_wherever_a_field_is_named() {
    let policy = policy(&["buyer"], &["[A-Z]{2}-[0-9]{6}"]);
    let body = |text: &str| BodyRecord::new(text.as_bytes(), "utf-8");
    let in_body = |text: &str| found(&policy, |_, response| response.body = body(text));
    for text in [
        r#"{"a": [{"user_password": "hunter2!"}]}"#,
        r#"{"broken": , "user-password": "hunter2!""#,
        "<a><userPassword>hunter2!</userPassword></a>",
        "<a user_password='hunter2!'/>",
        r#"<input type="hidden" name="password" value="hunter2!">"#,
        r#"<input value='hunter2!' name='password'>"#,
        "password=hunter2!&a=b",
        "login failed: password = hunter2!, try again",
        r#"{"inner": "{\"password\": \"hunter2!\"}"}"#,
        "--x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter2!\r\n--x--",
        "cGFzc3dvcmQ9aHVudGVyMiE=",
    ] {
        assert_eq!(in_body(text), ["hunter2!"], "{text}");
    }
    let cookie = |name: &str, value: &str| {
        found(&policy, |request, _| request.headers = vec![(name.to_owned(), value.to_owned())])
    };
    assert_eq!(cookie("Cookie", "theme=dark; JSESSIONID=abc123"), ["abc123"]);
    assert_eq!(cookie("Authorization", "Bearer abc.def"), ["abc.def"]);
    let basic = format!("Basic {}", digest::base64(b"somebody:hunter2!"));
    assert!(cookie("Authorization", &basic).contains(&"hunter2!".to_owned()));
    assert_eq!(
        found(&policy, |request, _| request.url = "http://a.example/b?buyer=%CD%F5%D0%A1".into()),
        ["王小"]
    );
    assert_eq!(
        in_body("numbers 15500001234, +4915500001234, AB-123456, 89860012345678901234"),
        ["+4915500001234", "15500001234", "89860012345678901234", "AB-123456"]
    );
}

#[test]
fn what_is_no_person_stays() {
    let policy = policy(&[], &[]);
    let in_body =
        |text: &str| found(&policy, |_, response| response.body = BodyRecord::new(text.as_bytes(), "utf-8"));
    for text in [
        r#"{"mobile": true, "phone_type": "CELL", "email": null, "password": "password", "session": ""}"#,
        "order 20170621123456, 0.15500001234, a15500001234b, 155000012345",
        "password: null",
    ] {
        assert_eq!(in_body(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn records_keep_their_form_and_lose_their_persons() {
    let mut trial = trial_with(Vec::new());
    trial.reason = Some(format!("the answer for {PHONE} did not come"));
    trial.retried = vec![Attempt {
        verdict: Verdict::Errored,
        why: format!("no answer for {PHONE}"),
        started_ms: 1,
        duration_ms: 2.0,
    }];
    let step = &mut trial.steps[0];
    step.request.url = format!("http://a.example/phones/{PHONE}?mail={}", MAIL.replace('@', "%40"));
    step.curl = format!("curl 'http://a.example/phones/{PHONE}'");
    let original = run(vec![trial], &[]);
    let mut records = [original.clone(), original.clone()];
    pseudonymise(&mut records, &policy(&[], &[]), KEY).unwrap();
    assert_eq!(records[0], records[1]);
    let text =
        |events: &[Event]| events.iter().map(|e| serde_json::to_string(e).unwrap()).collect::<String>();
    let (before, after) = (text(&original), text(&records[0]));
    assert_eq!(before.len(), after.len());
    assert!(before.contains(PHONE) && !after.contains(PHONE) && !after.contains("Wei.Example"), "{after}");
}
