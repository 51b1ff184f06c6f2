use crate::support::*;
#[test]
fn explore() {
    let s = Suite::with_cases(r#"
  - id: one
    title: One
    doc: demo.txt#1
    call: get_thing
    with: { id: "7", q: "x y" }
    expect: { outcome: success }
"#);
    let server = Server::json(demo::GOOD);
    let o = s.run(&server.url(), &[]);
    println!("{}\n{}\n{}", o.status, o.stdout, o.stderr);
    println!("{:#?}", server.received());
    let o = s.check();
    println!("{}\n{}\n{}", o.status, o.stdout, o.stderr);
}
