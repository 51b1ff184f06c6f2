//! What a step sends, byte for byte: parameters, bodies, charsets, and odd requests.

use crate::support::{Answer, Received, Server, Suite, demo};

/// Sends one case after the other and gives the requests in that order. A case is what stands below `doc:`.
#[track_caller]
fn sent(cases: &[&str]) -> Vec<Received> {
    let server = Server::start(|r| match r.target() {
        "/xml" => Answer::typed("application/xml", b"<R><ok>1</ok></R>"),
        gbk if gbk.starts_with("/gbk") => {
            Answer::typed("application/json; charset=GBK", demo::GOOD.as_bytes())
        }
        _ => Answer::json(demo::GOOD),
    });
    let suite = Suite::at(&server.url()).cases(&file(cases));
    suite.run("staging", &["--jobs", "1"]).exits(0);
    server.received()
}

fn file(cases: &[&str]) -> String {
    let mut out = String::new();
    for (number, case) in cases.iter().enumerate() {
        out.push_str(&format!("  - id: c{number:02}\n    title: T\n    doc: demo.txt#1\n"));
        case.lines().for_each(|line| out.push_str(&format!("    {line}\n")));
    }
    out
}

/// The request's lines that tests look at: the first, the content type if any, and the body if any.
fn shown(request: &Received) -> String {
    let content_type = request.header("content-type").map(|t| format!("\n{t}")).unwrap_or_default();
    let body = if request.body.is_empty() { String::new() } else { format!("\n{}", request.text()) };
    format!("{}{content_type}{body}", request.line)
}

/// Each case sends the request beside it.
#[track_caller]
fn sends(rows: &[(&str, &str)]) {
    let cases: Vec<&str> = rows.iter().map(|(case, _)| *case).collect();
    let requests = sent(&cases);
    assert_eq!(requests.len(), rows.len());
    for ((case, expected), request) in rows.iter().zip(&requests) {
        assert_eq!(shown(request), *expected, "{case}");
    }
}

#[test]
fn parameters_go_where_the_spec_says() {
    sends(&[
        ("call: get_thing\nwith: { id: \"7\", q: \"x y\" }", "GET /things/7?q=x%20y HTTP/1.1"),
        ("call: get_thing\nfrom: documented", "GET /things/7 HTTP/1.1"),
        ("call: get_thing\nfrom: documented\nwith: { id: \"8\" }", "GET /things/8 HTTP/1.1"),
        ("call: get_thing\nwith: { id: \"a/b?c#d é%\" }", "GET /things/a%2Fb%3Fc%23d%20%C3%A9%25 HTTP/1.1"),
        ("call: get_thing\nwith: { id: \"7\", q: \"&=+~é\" }", "GET /things/7?q=%26%3D%2B~%C3%A9 HTTP/1.1"),
        ("call: get_thing\nwith: { id: \"7\", q: \"\" }", "GET /things/7?q= HTTP/1.1"),
        ("call: get_thing\nwith: { id: \"7\", q: null }", "GET /things/7?q= HTTP/1.1"),
        ("call: get_thing\nwith: { id: 007, q: [1, true, x] }", "GET /things/007?q=1&q=true&q=x HTTP/1.1"),
        (
            "call: get_thing\nwith: { id: 12345678901234567890123, q: 1.5 }",
            "GET /things/12345678901234567890123?q=1.5 HTTP/1.1",
        ),
        ("call: get_thing\nwith: { id: \"7\", q: x }\nwithout: [q]", "GET /things/7 HTTP/1.1"),
        ("call: get_thing\nwith: { id: \"7\" }\nwithout: \"${'q'}\"", "GET /things/7 HTTP/1.1"),
        ("call: get_thing\nwith: { id: \"7\", \"${'q'}\": y }", "GET /things/7?q=y HTTP/1.1"),
    ]);
}

#[test]
fn headers_and_cookies() {
    let requests = sent(&[
        "call: get_thing\nwith: { id: \"7\", X-Trace: \"a b\", session: s1, theme: dark }",
        "call: get_thing\nwith: { id: \"7\", X-Trace: a }\nheaders: { x-trace: b, Accept: text/x, User-Agent: null, X-Two: \"${1 + 1}\", X-Empty: \"\" }",
        "call: make_thing\nfrom: documented\nheaders: { Content-Type: text/plain }",
        "call: make_thing\nfrom: documented\nheaders: { Content-Type: null }",
        "call: get_thing\nwith: { id: \"7\" }\nheaders: { X-Latin: é }",
    ]);
    let of = |number: usize, name: &str| requests[number].header(name).map(str::to_owned);
    assert_eq!(of(0, "X-Trace").as_deref(), Some("a b"));
    assert_eq!(of(0, "Cookie").as_deref(), Some("session=s1; theme=dark"));
    assert_eq!(of(0, "Accept").as_deref(), Some("*/*"));
    assert_eq!(of(0, "User-Agent").as_deref(), Some("proofmark/0.1.0"));
    assert_eq!(of(0, "Content-Type"), None);
    // What a case says of a header wins over a parameter.
    assert_eq!(of(1, "X-Trace").as_deref(), Some("b"));
    assert_eq!((of(1, "Accept").as_deref(), of(1, "User-Agent")), (Some("text/x"), None));
    assert_eq!((of(1, "X-Two").as_deref(), of(1, "X-Empty").as_deref()), (Some("2"), Some("")));
    assert_eq!(of(2, "Content-Type").as_deref(), Some("text/plain"));
    assert_eq!(of(3, "Content-Type"), None);
    assert_eq!(of(4, "X-Latin").as_deref(), Some("é"));
}

const DOCUMENTED: &str = r#"{"zebra":"1","name":"seven","inner":{"list":[1,2,3],"flag":true},"apple":"2"}"#;

#[test]
fn json_bodies_keep_order_and_types() {
    let json = |body: &str| format!("POST /things HTTP/1.1\napplication/json\n{body}");
    sends(&[
        ("call: make_thing\nfrom: documented", &json(DOCUMENTED)),
        (
            "call: make_thing\nfrom: documented\nwith: { inner.list.1: 9, inner.flag: false, name: \"n${1 + 1}\", inner.new.deep: [x] }",
            &json(
                r#"{"zebra":"1","name":"n2","inner":{"list":[1,9,3],"flag":false,"new":{"deep":["x"]}},"apple":"2"}"#,
            ),
        ),
        (
            "call: make_thing\nfrom: documented\nwithout: [inner.list.0, inner.flag, zebra, inner.gone]\nwith: { apple: null }",
            &json(r#"{"name":"seven","inner":{"list":[2,3]},"apple":null}"#),
        ),
        ("call: make_thing", &json("{}")),
        (
            "call: make_thing\nwith: { zebra: \"${1 + 1}\", name: \"${2.5}\", apple: \"${true}\" }",
            &json(r#"{"zebra":2,"name":2.5,"apple":true}"#),
        ),
        ("call: make_thing\nwith: { name: \"${{'a': [1, 'x']}}\" }", &json(r#"{"name":{"a":[1,"x"]}}"#)),
        ("call: make_thing\nwith: { name: \"$${vars.x} ${'$'}{y}\" }", &json(r#"{"name":"${vars.x} ${y}"}"#)),
        (
            "call: make_thing\nbody: { b: 1, a: { d: \"${'x'}\", c: null } }",
            &json(r#"{"b":1,"a":{"d":"x","c":null}}"#),
        ),
        ("call: make_thing\nbody: { b: 1 }\nwith: { name: x }", &json(r#"{"b":1,"name":"x"}"#)),
        ("call: make_thing\nbody: [1, [2]]", &json("[1,[2]]")),
        ("call: make_thing\nbody: '{\"broken\": '", &json("{\"broken\": ")),
        ("call: make_thing\nwith: { name: \"彩\\u0001\\n\" }", &json("{\"name\":\"彩\\u0001\\n\"}")),
        ("call: make_thing\nwith: { name: 12345678901234567890 }", &json(r#"{"name":12345678901234567890}"#)),
        ("call: make_thing\nbody: \"\"", "POST /things HTTP/1.1"),
    ]);
}

#[test]
fn other_bodies_are_written_as_their_media_type_wants() {
    let form = "call: make_thing\nas: application/x-www-form-urlencoded\n";
    let type_form = "POST /things HTTP/1.1\napplication/x-www-form-urlencoded";
    sends(&[
        (
            &format!("{form}with: {{ name: \"a b&c\", zebra: é }}"),
            &format!("{type_form}\nname=a%20b%26c&zebra=%C3%A9"),
        ),
        (&format!("{form}with: {{ name: 彩 }}\ncharset: GBK"), &format!("{type_form}\nname=%B2%CA")),
        (&format!("{form}body: raw=%zz"), &format!("{type_form}\nraw=%zz")),
        (
            "call: make_thing\nas: text/csv\nbody: \"a;b\"",
            "POST /things HTTP/1.1\ntext/csv; charset=UTF-8\na;b",
        ),
        (
            "call: make_thing\nas: application/octet-stream\nbody: x",
            "POST /things HTTP/1.1\napplication/octet-stream; charset=UTF-8\nx",
        ),
    ]);
}

#[test]
fn xml_bodies() {
    let xml = |body: &str| format!("POST /xml HTTP/1.1\napplication/xml; charset=UTF-8\n{body}");
    let head = "<?xml version=\"1.0\"?>\n";
    sends(&[
        // As it stands in the document.
        (
            "call: post_xml\nfrom: documented",
            &xml("<?xml version=\"1.0\"?><Q kind=\"a\"><id>1</id><note>old</note></Q>"),
        ),
        (
            "call: post_xml\nfrom: documented\nwith: { id: \"2 < 3 & é\", note: \"\" }",
            &xml(&format!("{head}<Q kind=\"a\"><id>2 &lt; 3 &amp; é</id><note/></Q>")),
        ),
        (
            "call: post_xml\nfrom: documented\nwithout: [note]",
            &xml(&format!("{head}<Q kind=\"a\"><id>1</id></Q>")),
        ),
        (
            "call: post_xml\nfrom: documented\nwith: { more: x }",
            &xml(&format!("{head}<Q kind=\"a\"><id>1</id><note>old</note><more>x</more></Q>")),
        ),
        ("call: post_xml\nbody: \"<Q><id>${1 + 1}</id></Q>\"", &xml("<Q><id>2</id></Q>")),
        ("call: post_xml\nbody: \"<Q><open>\"", &xml("<Q><open>")),
        ("call: post_xml\nbody: { Q: { \"@kind\": b, id: \"1\" } }", &xml("<Q kind=\"b\"><id>1</id></Q>")),
    ]);
    let gbk =
        sent(&["call: post_xml\nbody: '<?xml version=\"1.0\" encoding=\"GBK\"?><Q>彩铃</Q>'\ncharset: GBK"]);
    assert_eq!(gbk[0].header("content-type"), Some("application/xml; charset=GBK"));
    assert_eq!(gbk[0].body, b"<?xml version=\"1.0\" encoding=\"GBK\"?><Q>\xb2\xca\xc1\xe5</Q>");
}

/// `彩铃` is B2 CA C1 E5 in GBK (`'彩铃'.encode('gbk')` of Python).
#[test]
fn queries_are_in_the_contracts_charset() {
    sends(&[
        ("call: find_gbk\nwith: { name: 彩铃 }", "GET /gbk?name=%B2%CA%C1%E5 HTTP/1.1"),
        ("call: find_gbk\nwith: { name: 彩铃 }\ncharset: UTF-8", "GET /gbk?name=%E5%BD%A9%E9%93%83 HTTP/1.1"),
        ("call: find_gbk\nwith: { name: \"é€\" }", "GET /gbk?name=%A8%A6%80 HTTP/1.1"),
        ("call: get_thing\nwith: { id: 彩 }\ncharset: Big5", "GET /things/%B1m HTTP/1.1"),
    ]);
}

#[test]
fn odd_requests_are_sent_as_given() {
    sends(&[
        ("call: find_gbk\nquery: \"name=%B2%CA&&x=%zz&=%\"", "GET /gbk?name=%B2%CA&&x=%zz&=% HTTP/1.1"),
        ("call: find_gbk\nwith: { name: x }\nquery: \"\"", "GET /gbk? HTTP/1.1"),
        ("call: find_gbk\nquery: \"name=${'a' + 'b'}&name=c\"", "GET /gbk?name=ab&name=c HTTP/1.1"),
        ("call: get_thing\nwith: { id: \"7\" }\nmethod: patch", "PATCH /things/7 HTTP/1.1"),
        (
            "call: make_thing\nfrom: documented\nmethod: PUT",
            &format!("PUT /things HTTP/1.1\napplication/json\n{DOCUMENTED}"),
        ),
        (
            "call: make_thing\nfrom: documented\nmethod: GET\nas: application/json",
            &format!("GET /things HTTP/1.1\napplication/json\n{DOCUMENTED}"),
        ),
    ]);
}

/// A request that cannot be made is not the target's fault, and nothing of it is sent.
#[test]
fn what_cannot_be_sent_is_errored() {
    let rows = [
        ("call: find_gbk\nwith: { name: \"a😀\" }", "`😀` cannot be written in GBK"),
        (
            "call: make_thing\nbody: \"é\"\ncharset: GBK\nwith: { name: x }",
            "`name` cannot be set in a body that is given as text",
        ),
        (
            "call: make_thing\nfrom: documented\nwith: { inner.list.7: x }",
            "`inner.list.7`: the list has 3 elements",
        ),
        (
            "call: make_thing\nfrom: documented\nwith: { name.x: y }",
            "`name.x` leads into \"seven\", which has no fields",
        ),
        ("call: get_thing\nwith: { id: \"${{'a': 1}.b}\" }", "`${{'a': 1}.b}`: there is no `b`"),
        (
            "call: get_thing\nwith: { id: \"7\" }\nheaders: { X-Odd: \"a\\nb\" }",
            "request: the value of header `X-Odd` has bytes that HTTP does not allow",
        ),
        (
            "call: get_thing\nwith: { id: \"7\" }\nheaders: { \"X Y\": a }",
            "request: `X Y` is not a header name",
        ),
        ("call: get_thing\nwith: { id: \"7\" }\nmethod: \"G T\"", "request: `G T` is not a method"),
    ];
    let server = Server::json(demo::GOOD);
    let cases: Vec<&str> = rows.iter().map(|(case, _)| *case).collect();
    let suite = Suite::at(&server.url()).cases(&file(&cases));
    suite.run("staging", &[]).exits(2);
    let record = suite.record();
    for (number, (case, message)) in rows.iter().enumerate() {
        let trial = record.trial(&format!("c{number:02}"));
        let reason = trial["reason"].as_str().unwrap_or_default();
        let line = 3 + cases[..number].iter().map(|c| 3 + c.lines().count()).sum::<usize>() + 3;
        let expected = match message.starts_with("request: ") {
            true => (*message).to_owned(),
            false => format!("the request at cases/demo/cases.yaml:{line}:11 cannot be made: {message}"),
        };
        assert_eq!((trial["verdict"].as_str(), reason), (Some("errored"), expected.as_str()), "{case}");
    }
    assert_eq!(server.connections(), 0, "something was sent: {:?}", server.lines());
}
