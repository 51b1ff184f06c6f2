//! Records for the renderers' tests: one of every verdict, body and finding, and ones made by the thousand.

use crate::contract::Defect;
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::source::Location;
use crate::model::verdict::Verdict;
use crate::record::{
    ApiSummary, BodyRecord, CallbackRecord, Counts, ErrorRecord, Event, OperationSummary, RequestRecord,
    ResponseRecord, Role, RunFinished, RunStarted, StepRecord, TrialFinished, VERSION,
};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A folder for one test, removed with it.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("proofmark-report-{}-{test}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    pub fn record(&self, events: &[Event]) -> PathBuf {
        let path = self.0.join("run.ndjson");
        write(&path, events);
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn write(path: &Path, events: &[Event]) {
    let mut text = String::new();
    for event in events {
        text.push_str(&serde_json::to_string(event).expect("events are JSON"));
        text.push('\n');
    }
    std::fs::write(path, text).expect("the record can be written");
}

/// A run with failures, errors, skips, warnings, callbacks, XML, JSON and GBK.
pub fn failing() -> Vec<Event> {
    let trials = vec![
        order_without_id("order/documented", "The documented order is accepted with code 0000", 12),
        order_without_id("order/now", "An order with the current time is accepted", 41),
        order_without_id("order/without-pay-type", "pay_type is optional (可选)", 52),
        wrong_signature_accepted(),
        passed("cube", "orderPackage", "refusals/unknown-device", "An unknown SIM card is refused"),
        passed("cube", "orderPackage", "refusals/malformed-json", "A body that is not JSON is refused"),
        with_warning(),
        flow(),
        gbk_mismatch(),
        callback_never_came(),
        passed("unicom-ivr", "ivrquxiao", "cancel/ascii", "A cancellation answers success"),
        xml_mismatch(),
        timed_out(),
        refused_connection("check/post", 200),
        refused_connection("check/get", 231),
        passed("vascloud", "register", "register/success", "A registration is answered with error_id 0"),
        skipped("register/twice", "the effect of `register` is `mutates` and the run is --safe-only"),
        skipped("register/cancel", "the effect of `register` is `mutates` and the run is --safe-only"),
    ];
    run(trials, &["cube-order-id-null", "cube-signature-not-verified"])
}

/// A run in which all is well but for one warning.
pub fn passing() -> Vec<Event> {
    let trials = vec![
        passed("cube", "orderPackage", "order/documented", "The documented order is accepted with code 0000"),
        passed("cube", "orderPackage", "refusals/unknown-device", "An unknown SIM card is refused"),
        with_warning(),
        passed("unicom-ivr", "ivrchaxun", "query/subscribed", "A subscribed number is reported as such"),
        passed(
            "vascloud",
            "notify_check",
            "check/success",
            "A well-formed check answers success and echoes the request",
        ),
        passed("vascloud", "register", "register/success", "A registration is answered with error_id 0"),
    ];
    run(trials, &[])
}

/// `failing` as `kill -9` leaves it: no end, and half a line.
pub fn interrupted() -> String {
    let events: Vec<String> =
        failing().iter().take(7).map(|e| serde_json::to_string(e).expect("events are JSON") + "\n").collect();
    let whole = events.concat();
    whole.clone() + &whole[..whole.len().min(300)]
}

/// Thousands of trials, all failed or all passed, with bodies of about 2 KB.
pub fn many(count: usize, verdict: Verdict) -> Vec<Event> {
    let body = format!(
        r#"{{"code":"0000","data":{{"order_id":null,"items":[{}]}},"message":"成功","success":true}}"#,
        (0..40).map(|i| format!(r#"{{"id":{i},"name":"item number {i}"}}"#)).collect::<Vec<_>>().join(",")
    );
    let trials = (0..count).map(|i| {
        let mut trial =
            passed("cube", "orderPackage", &format!("generated/case-{i}"), "A generated case is accepted");
        trial.verdict = verdict;
        for step in &mut trial.steps {
            step.response = Some(response(200, "application/json", &body));
            if verdict == Verdict::Failed {
                step.findings = vec![finding("schema", "/data/order_id"), finding("like", "/data/order_id")];
            }
        }
        trial
    });
    run(trials.collect(), &[])
}

/// Every string of `failing` that is not a word of the format, with markup, escapes and invisible characters in it.
pub fn hostile() -> Vec<u8> {
    let mut out = Vec::new();
    for event in failing() {
        let mut value = serde_json::to_value(event).expect("events are JSON");
        poison(&mut value, "");
        out.extend(serde_json::to_vec(&value).expect("values are JSON"));
        out.push(b'\n');
    }
    out
}

/// What is put into every string of the hostile record.
pub const POISON: &str = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\" onclick=\"alert(1)' ]]>--> \
    javascript:alert(1) &amp; \u{0}\u{1}\u{8}\u{b}\u{1b}[31m\u{1b}]0;x\u{7}\u{7f}\u{85}\u{9b}31m\r\n\u{202e}\u{2066}\
    \u{200b}\u{2028}\u{feff}\u{fffe}\u{ffff}`<b>`${x}{{x}}%0a";

fn poison(value: &mut serde_json::Value, key: &str) {
    let words = ["event", "level", "verdict", "role", "kind", "severity", "charset", "base64", "started"];
    match value {
        serde_json::Value::String(text) if !words.contains(&key) => text.push_str(POISON),
        serde_json::Value::Array(list) => list.iter_mut().for_each(|v| poison(v, key)),
        serde_json::Value::Object(map) => map.iter_mut().for_each(|(k, v)| poison(v, k)),
        _ => {}
    }
}

/// A trial of one step with these findings.
pub fn trial_with(findings: Vec<Finding>) -> TrialFinished {
    let mut trial = passed("cube", "orderPackage", "order/one", "An order");
    trial.verdict = Verdict::Failed;
    trial.steps[0].findings = findings;
    trial
}

pub fn finding(check: &str, at: &str) -> Finding {
    Finding::new(check, at, format!("{check} does not hold at `{at}`"))
        .requirement("type")
        .expected("a string")
        .actual("null")
        .spec(Some(location("specs/cube/openapi.yaml", 201)))
        .case(Some(location("cases/cube/order.yaml", 14)))
        .doc(Some("004_60df215077719607.txt#174-176".into()))
}

pub fn run(trials: Vec<TrialFinished>, faults: &[&str]) -> Vec<Event> {
    let mut counts = Counts::default();
    for trial in &trials {
        counts.add(trial.verdict);
        counts.warnings += trial.findings().filter(|(_, f)| f.level != Level::Must).count();
    }
    let planned = trials.len();
    let mut events = vec![Event::RunStarted(Box::new(started(planned, faults)))];
    let mut at = 3;
    for mut trial in trials {
        trial.started_ms = at;
        at += 17;
        events.push(Event::TrialFinished(Box::new(trial)));
    }
    events.push(Event::RunFinished(RunFinished {
        counts,
        duration_ms: at + 1_200,
        interrupted: false,
        stray_callbacks: if faults.is_empty() {
            Vec::new()
        } else {
            vec![get("http://127.0.0.1:40213/callback?mobile=15500000077&order_time=20261122021433&result=0&productid=p9")]
        },
    }));
    events
}

fn started(planned: usize, faults: &[&str]) -> RunStarted {
    let url = |api: &str, path: &str| (api.to_owned(), format!("http://127.0.0.1:40211/{path}"));
    RunStarted {
        version: VERSION,
        tool: "proofmark 0.1.0".into(),
        run: "2026-11-22T02-14-33Z-sandbox".into(),
        started: "2026-11-22T02:14:33.128Z".into(),
        suite: "proofmark.yaml".into(),
        target: "sandbox".into(),
        urls: BTreeMap::from([
            url("cube", "cube/cube/v4"),
            url("unicom-ivr", "unicom-ivr/ivrbaoyue"),
            url("vascloud", "vascloud"),
        ]),
        faults: faults.iter().map(|f| (*f).to_owned()).collect(),
        seed: 42,
        jobs: 8,
        command: ["proofmark", "run", "--target", "sandbox", "--fault", "cube-order-id-null"]
            .map(str::to_owned)
            .to_vec(),
        apis: vec![
            api(
                "cube",
                "Cube, ordering data plans for SIM cards",
                "004_60df215077719607.txt",
                &[("orderPackage", "POST", "/package/orderPackage", "25-30")],
                cube_defects(),
            ),
            api(
                "unicom-ivr",
                "China Unicom IVR subscriptions",
                "000_983bfbf0226d5625.txt",
                &[
                    ("ivrbaoyue", "GET", "/ivrbaoyue", "19-41"),
                    ("ivrquxiao", "GET", "/ivrquxiao", "43-65"),
                    ("ivrchaxun", "GET", "/ivrchaxun", "67-86"),
                ],
                ivr_defects(),
            ),
            api(
                "vascloud",
                "VASCloud service notifications",
                "003_714fa3e02b15ba1b.txt",
                &[
                    ("notify_check", "POST", "/vascloud/v1/notify_check.html", "8-86"),
                    ("register", "POST", "/vascloud/v1/notify_register.html", "88-204"),
                ],
                vascloud_defects(),
            ),
        ],
        planned,
        selected: planned.saturating_sub(2),
    }
}

fn api(
    name: &str,
    title: &str,
    document: &str,
    operations: &[(&str, &str, &str, &str)],
    defects: Vec<Defect>,
) -> ApiSummary {
    ApiSummary {
        name: name.into(),
        title: title.into(),
        document: Some(document.into()),
        operations: operations
            .iter()
            .map(|(id, method, path, lines)| OperationSummary {
                id: (*id).into(),
                method: (*method).into(),
                path: (*path).into(),
                doc: Some(format!("{document}#{lines}")),
            })
            .collect(),
        defects,
    }
}

fn defect(id: &str, lines: &[&str], kind: &str, severity: &str, words: [&str; 4]) -> Defect {
    let [title, says, problem, assumes] = words;
    serde_json::from_value(json!({
        "id": id, "lines": lines, "kind": kind, "severity": severity,
        "title": title, "says": says, "problem": problem, "assumes": assumes,
    }))
    .expect("a defect")
}

fn cube_defects() -> Vec<Defect> {
    vec![
        defect(
            "CUBE-06",
            &["179-186"],
            "typing",
            "medium",
            [
                "Dates are typed as null",
                "order_start_date: null, 必需; the comment says \"Plan active time, YYYYMMDD, UTC 8\".",
                "A client generated from it can't hold the date that the comment promises.",
                "String of 8 digits, or null.",
            ],
        ),
        defect(
            "CUBE-01",
            &["5", "98", "99", "100"],
            "gap",
            "high",
            [
                "The signature rule is not stated",
                "sign, string, 必需 (required). The menu has 签名代码示例 / Sign code Example, but not the page itself.",
                "No client can sign: which fields, in which order, joined how, with which key and digest, in which charset?",
                "base64(HMAC-SHA1(secret, canonical)); canonical = all body fields but `sign` that are not empty, sorted by name, `name=value` joined by `&`, UTF-8.",
            ],
        ),
        defect(
            "CUBE-19",
            &["104"],
            "typo",
            "low",
            [
                "`expire` for `expiry`",
                "order_expire_date",
                "None, once one knows it.",
                "The name as it is written.",
            ],
        ),
    ]
}

fn ivr_defects() -> Vec<Defect> {
    vec![
        defect(
            "IVR-01",
            &["20", "44", "68"],
            "security",
            "high",
            [
                "No authentication at all",
                "Order, cancel and query take `phone`, `productid` and `order_time`; no account, key, token or signature.",
                "Whoever reaches the port can subscribe any number to a paid product.",
                "Requests carry nothing but the documented parameters. To the owner: require a partner id and a signature.",
            ],
        ),
        defect(
            "IVR-11",
            &["14", "93", "94"],
            "contradiction",
            "medium",
            [
                "Result 2 has two meanings",
                "2 is `cancelled` in one table and `unknown` in the other.",
                "A partner can't tell a cancellation from a failure.",
                "2 is a cancellation.",
            ],
        ),
    ]
}

fn vascloud_defects() -> Vec<Defect> {
    vec![defect(
        "VAS-01",
        &["45", "49", "159", "163"],
        "contradiction",
        "high",
        [
            "Says JSON, shows XML",
            "The output is a JSON string (Đầu ra là 1 chuỗi json), followed by an XML example; twice.",
            "A client has to know which parser to use. One that follows the sentence fails on every answer.",
            "The examples are right. Answers are XML, sent as text/xml or application/xml.",
        ],
    )]
}

pub fn location(file: &str, line: u32) -> Location {
    Location { file: file.into(), line, column: 7 }
}

fn text_body(text: &str) -> BodyRecord {
    BodyRecord { text: Some(text.into()), charset: None, base64: None, size: text.len() }
}

fn get(url: &str) -> RequestRecord {
    RequestRecord {
        method: "GET".into(),
        url: url.into(),
        headers: vec![("host".into(), "127.0.0.1:40211".into()), ("accept".into(), "*/*".into())],
        body: BodyRecord::default(),
    }
}

fn post(url: &str, content_type: &str, body: &str) -> RequestRecord {
    RequestRecord {
        method: "POST".into(),
        url: url.into(),
        headers: vec![
            ("accept-language".into(), "zh-CN".into()),
            ("content-type".into(), content_type.into()),
            ("user-agent".into(), "proofmark/0.1.0".into()),
        ],
        body: text_body(body),
    }
}

fn response(status: u16, content_type: &str, body: &str) -> ResponseRecord {
    ResponseRecord {
        status,
        version: "HTTP/1.1".into(),
        headers: vec![
            ("content-type".into(), content_type.into()),
            ("content-length".into(), body.len().to_string()),
            ("date".into(), "Sun, 22 Nov 2026 02:14:33 GMT".into()),
        ],
        body: text_body(body),
    }
}

fn step(role: Role, operation: &str, request: RequestRecord, response: Option<ResponseRecord>) -> StepRecord {
    let data = request.body.text.as_deref().map(|b| format!(" --data-raw '{b}'")).unwrap_or_default();
    StepRecord {
        role,
        operation: operation.into(),
        location: location("cases/cube/order.yaml", 21),
        curl: format!(
            "curl -sS -i --path-as-is -X {} -H 'Content-Type: application/json'{data} '{}'",
            request.method, request.url
        ),
        request,
        response,
        error: None,
        first_byte_ms: 1.31,
        total_ms: 1.48,
        attempts: 1,
        callbacks: Vec::new(),
        findings: Vec::new(),
    }
}

fn trial(api: &str, operation: &str, case: &str, title: &str, steps: Vec<StepRecord>) -> TrialFinished {
    let document = match api {
        "cube" => "004_60df215077719607.txt#102-204",
        "unicom-ivr" => "000_983bfbf0226d5625.txt#20-41",
        _ => "003_714fa3e02b15ba1b.txt#62",
    };
    let file = case.split('/').next().unwrap_or(case);
    TrialFinished {
        name: format!("{api}::{operation}::{case}"),
        api: api.into(),
        operation: operation.into(),
        case: case.into(),
        title: title.into(),
        doc: Some(document.into()),
        level: Level::Must,
        tags: vec!["documented".into(), "smoke".into()],
        location: location(&format!("cases/{api}/{file}.yaml"), 12),
        verdict: Verdict::Passed,
        reason: None,
        started_ms: 3,
        duration_ms: 2.1,
        steps,
    }
}

const ORDER: &str = r#"{"access_code":"P000000","device_id":"89860000000000000001","global_order":"0","is_open":"0","order_period":"1","package_code":"DP20190726001274","package_name":"C_M_0_P_中国20M不限速月套餐","package_type":"2","pay_amount":"0","pay_rst":"1","pay_type":"2","test_flow":"0","test_flow_flag":"0","timestamp":"1643253530","version":"2.0","sign":"AAAAAAAAAAAAAAAAAAAAAAAAAAA="}"#;
const ORDER_URL: &str = "http://127.0.0.1:40211/cube/cube/v4/package/orderPackage";
const JSON: &str = "application/json; charset=UTF-8";

fn order_step(answer: &str) -> StepRecord {
    step(
        Role::Case,
        "orderPackage",
        post(ORDER_URL, "application/json", ORDER),
        Some(response(200, JSON, answer)),
    )
}

fn order_without_id(case: &str, title: &str, line: u32) -> TrialFinished {
    let answer = r#"{"code":"0000","data":{"sign":null,"order_id":null,"order_start_date":null,"order_expire_date":null},"message":"成功","success":true}"#;
    let mut order = order_step(answer);
    order.findings = vec![
        Finding::new("schema", "/data/order_id", "null where the contract has a string")
            .requirement("type")
            .expected("a string")
            .actual("null")
            .spec(Some(location("specs/cube/openapi.yaml", 201)))
            .schema("/components/schemas/Order/properties/order_id/type")
            .case(Some(location("cases/cube/order.yaml", line)))
            .doc(Some("004_60df215077719607.txt#174-176".into())),
    ];
    if case == "order/documented" {
        order.findings.push(
            Finding::new("like", "/data/order_id", "null where the documented answer has a string")
                .requirement("shown")
                .expected("a string")
                .actual("null")
                .case(Some(location("cases/cube/order.yaml", line + 11)))
                .doc(Some("004_60df215077719607.txt#102-204".into())),
        );
    }
    let mut trial = trial("cube", "orderPackage", case, title, vec![order]);
    trial.verdict = Verdict::Failed;
    trial.location = location("cases/cube/order.yaml", line);
    trial
}

fn wrong_signature_accepted() -> TrialFinished {
    let answer = r#"{"code":"0000","data":{"sign":null,"order_id":"ORDER_10000000000000007","order_start_date":null,"order_expire_date":null},"message":"成功","success":true}"#;
    let mut order = order_step(answer);
    let case = Some(location("cases/cube/signature.yaml", 33));
    let doc = Some("004_60df215077719607.txt#98-100".to_owned());
    let mut outcome = Finding::new("outcome", "body", "the outcome is success instead of failure: `string(body.success) == 'false' && int(body.code) != 0` does not hold")
        .requirement("expected")
        .expected("failure")
        .actual("success")
        .spec(Some(location("specs/cube/openapi.yaml", 48)))
        .case(case.clone())
        .doc(doc.clone());
    outcome.details = vec![
        "fields: access_code, device_id, …, version (15)".into(),
        "canonical: access_code=P000000&device_id=89860000000000000001&global_order=0&is_open=0&order_period=1".into(),
        "hmac-sha1: 9f1c0d6d7bd35b0f4a1fae1f0b9e2a1f3a0b1c2d".into(),
        "base64: nxwNbXvTWw9KGv4fC54qHzoLHC0=".into(),
    ];
    order.findings = vec![
        outcome,
        Finding::new("equals", "/success", "`true` instead of `false`")
            .requirement("/success")
            .expected("false")
            .actual("true")
            .case(case)
            .doc(doc),
    ];
    let mut trial = trial(
        "cube",
        "orderPackage",
        "signature/wrong",
        "A request whose signature is that of other content is refused",
        vec![order],
    );
    trial.verdict = Verdict::Failed;
    trial.location = location("cases/cube/signature.yaml", 24);
    trial
}

fn with_warning() -> TrialFinished {
    let answer = r#"{"code":"0000","data":{"sign":null,"order_id":"ORDER_10000000000000009","order_start_date":null,"order_expire_date":null},"message":"Success","success":true,"traceId":"7f3a"}"#;
    let mut order = order_step(answer);
    order.findings = vec![
        Finding::new("undocumented", "/traceId", "`traceId` is not documented")
            .requirement("documented")
            .level(Level::Should)
            .expected("only documented fields")
            .actual("\"7f3a\"")
            .spec(Some(location("specs/cube/openapi.yaml", 160))),
    ];
    let mut trial = trial(
        "cube",
        "orderPackage",
        "order/language/english",
        "Accept-Language chooses the language of the message",
        vec![order],
    );
    trial.level = Level::Should;
    trial
}

fn flow() -> TrialFinished {
    let number = "phone=15500000001&productid=%C1%C4%CC%EC%B0%FC&order_time=20261122021433";
    let url = |operation: &str| format!("http://127.0.0.1:40211/unicom-ivr/ivrbaoyue/{operation}?{number}");
    let answer = |status: &str, value: &str| {
        let text = format!(
            r#"{{"phone":"15500000001","productid":"聊天包","code":"0","err_code":"0","cause":"成功","status_code":"{status}","status_value":"{value}"}}"#
        );
        let mut response = response(200, "application/json; charset=GBK", &text);
        response.body.charset = Some("GBK".into());
        response
    };
    let mut order = step(Role::Case, "ivrbaoyue", get(&url("ivrbaoyue")), Some(answer("1", "已订购")));
    order.callbacks = vec![CallbackRecord {
        name: "subscriptionResult".into(),
        after_ms: 12.4,
        request: get(
            "http://127.0.0.1:40213/callback?mobile=15500000001&order_time=20261122021433&result=0&productid=%C1%C4%CC%EC%B0%FC",
        ),
    }];
    let mut query = step(Role::Case, "ivrchaxun", get(&url("ivrchaxun")), Some(answer("0", "未订购")));
    query.attempts = 3;
    query.findings = vec![
        Finding::new("rule", "body", "`body.status_code != vars.before` does not hold")
            .requirement("ordered-is-not-before")
            .expected("body.status_code != vars.before")
            .case(Some(location("cases/unicom-ivr/flows.yaml", 19)))
            .doc(Some("000_983bfbf0226d5625.txt#12-84".into())),
        Finding::new("equals", "/status_value", "`\"未订购\"` instead of `\"已订购\"`")
            .requirement("/status_value")
            .expected("\"已订购\"")
            .actual("\"未订购\"")
            .case(Some(location("cases/unicom-ivr/flows.yaml", 20)))
            .doc(Some("000_983bfbf0226d5625.txt#12-84".into())),
    ];
    let steps = vec![
        step(Role::Setup, "ivrchaxun", get(&url("ivrchaxun")), Some(answer("0", "未订购"))),
        order,
        query,
        step(Role::Finally, "ivrquxiao", get(&url("ivrquxiao")), Some(answer("2", "已取消"))),
    ];
    let mut trial = trial(
        "unicom-ivr",
        "flow",
        "flow/order-query-cancel-query/chinese",
        "Queries follow what orders and cancellations did",
        steps,
    );
    trial.verdict = Verdict::Failed;
    trial.duration_ms = 36.2;
    trial
}

fn gbk_mismatch() -> TrialFinished {
    let text = "{\"phone\":\"15500000001\",\"productid\":\"p1\",\"code\":\"0\",\"err_code\":\"0\",\"cause\":\"鎴愬姛\"}";
    let mut response = response(200, "application/json; charset=GBK", text);
    response.body.charset = Some("GBK".into());
    let url = "http://127.0.0.1:40211/unicom-ivr/ivrbaoyue/ivrchaxun?phone=15500000001&productid=p1";
    let mut query = step(Role::Case, "ivrchaxun", get(url), Some(response));
    query.findings = vec![
        Finding::new("charset", "body", "the bytes are UTF-8, not GBK")
            .requirement("bytes")
            .expected("GBK")
            .actual("UTF-8")
            .spec(Some(location("specs/unicom-ivr/openapi.yaml", 31)))
            .case(Some(location("cases/unicom-ivr/query.yaml", 7)))
            .doc(Some("000_983bfbf0226d5625.txt#10".into())),
    ];
    let mut trial = trial(
        "unicom-ivr",
        "ivrchaxun",
        "query/subscribed",
        "A subscribed number is reported as such",
        vec![query],
    );
    trial.verdict = Verdict::Failed;
    trial
}

fn callback_never_came() -> TrialFinished {
    let text = r#"{"phone":"15500000001","productid":"p1","code":"0","err_code":"0","cause":"成功"}"#;
    let url = "http://127.0.0.1:40211/unicom-ivr/ivrbaoyue/ivrbaoyue?phone=15500000001&productid=p1&order_time=20261122021433";
    let mut order = step(Role::Case, "ivrbaoyue", get(url), Some(response(200, JSON, text)));
    order.findings = vec![
        Finding::new("callback", "callback", "the callback never came (waited 3s)")
            .requirement("never")
            .expected("3s")
            .spec(Some(location("specs/unicom-ivr/openapi.yaml", 88)))
            .case(Some(location("cases/unicom-ivr/callback.yaml", 12)))
            .doc(Some("000_983bfbf0226d5625.txt#13-15".into())),
    ];
    let mut trial = trial(
        "unicom-ivr",
        "ivrbaoyue",
        "callback/success",
        "An accepted order is confirmed by a callback",
        vec![order],
    );
    trial.verdict = Verdict::Failed;
    trial.duration_ms = 3_504.0;
    trial
}

const CHECK_URL: &str = "http://127.0.0.1:40211/vascloud/vascloud/v1/notify_check.html";
const CHECK: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<RQST>\n<name>CheckServiceInfo</name>\n<requestid>1494245578082</requestid>\n<msisdn>84900000755</msisdn>\n<service>1000161</service>\n<package>1003013</package>\n</RQST>";

fn xml_mismatch() -> TrialFinished {
    let answer = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><RPLY name=\"CheckServiceInfo\"><requestid>1494245578082</requestid><msisdn>0900000755</msisdn><error_id>0</error_id><error_desc>Success</error_desc><status>1</status></RPLY>";
    let request = post(CHECK_URL, "text/xml", CHECK);
    let mut check =
        step(Role::Case, "notify_check", request, Some(response(200, "text/xml; charset=UTF-8", answer)));
    check.findings = vec![
        Finding::new("xsd", "/RPLY/msisdn[1]", "`0900000755` does not match the pattern `84[0-9]{9}`")
            .requirement("cvc-pattern-valid")
            .expected("84[0-9]{9}")
            .actual("0900000755")
            .spec(Some(location("specs/vascloud/schemas/check-answer.xsd", 14)))
            .schema("Msisdn")
            .doc(Some("003_714fa3e02b15ba1b.txt#52".into())),
        Finding::new("rule", "body", "not so: the answer repeats the msisdn of the request")
            .requirement("echo-msisdn")
            .expected("body.RPLY.msisdn == request.body.RQST.msisdn")
            .spec(Some(location("specs/vascloud/openapi.yaml", 77)))
            .doc(Some("003_714fa3e02b15ba1b.txt#62".into())),
    ];
    let mut trial = trial(
        "vascloud",
        "notify_check",
        "check/success",
        "A well-formed check answers success and echoes the request",
        vec![check],
    );
    trial.verdict = Verdict::Failed;
    trial
}

fn errored(case: &str, kind: &str, message: &str) -> TrialFinished {
    let mut check = step(Role::Case, "notify_check", post(CHECK_URL, "text/xml", CHECK), None);
    check.error = Some(ErrorRecord { kind: kind.into(), message: message.into() });
    let mut trial = trial("vascloud", "notify_check", case, "Channel and note are optional", vec![check]);
    trial.verdict = Verdict::Errored;
    trial.reason = Some(format!("no answer to judge: {message}"));
    trial
}

fn timed_out() -> TrialFinished {
    let mut trial = errored("check/optional", "timeout", "not answered whole within 2000 ms");
    trial.duration_ms = 2_003.7;
    trial
}

fn refused_connection(case: &str, port: u32) -> TrialFinished {
    errored(case, "connect", &format!("connection to 127.0.0.1:{port} refused"))
}

fn passed(api: &str, operation: &str, case: &str, title: &str) -> TrialFinished {
    let only = match api {
        "cube" => order_step(r#"{"code":"1001","data":null,"message":"设备不存在","success":false}"#),
        "vascloud" => step(
            Role::Case,
            operation,
            post(CHECK_URL, "text/xml", CHECK),
            Some(response(
                200,
                "text/xml; charset=UTF-8",
                "<RPLY name=\"CheckServiceInfo\"><error_id>0</error_id></RPLY>",
            )),
        ),
        _ => step(
            Role::Case,
            operation,
            get("http://127.0.0.1:40211/unicom-ivr/ivrbaoyue/ivrquxiao?phone=15500000001&productid=p1"),
            Some(response(200, JSON, r#"{"phone":"15500000001","code":"0"}"#)),
        ),
    };
    trial(api, operation, case, title, vec![only])
}

fn skipped(case: &str, reason: &str) -> TrialFinished {
    let mut trial = trial("vascloud", "register", case, "A second registration is refused", Vec::new());
    trial.verdict = Verdict::Skipped;
    trial.reason = Some(reason.into());
    trial.duration_ms = 0.0;
    trial
}
