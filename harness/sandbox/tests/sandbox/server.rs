//! Starting, addressing and stopping.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use proofmark_sandbox::{Options, Sandbox, StartError, apis, faults};

use crate::bench::{Bench, CUBE_ORDER, SLOW, VAS_CHECK, VAS_REGISTER, signed};
use crate::client::{self, raw};

#[test]
fn every_api_has_a_base_url() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let address = sandbox.address();
    let urls: Vec<_> = apis().iter().map(|api| sandbox.base_url(api).unwrap()).collect();
    let expected = ["unicom-ivr", "jsms", "roam", "vascloud", "cube/cube/v4"]
        .map(|path| format!("http://{address}/{path}"));
    assert_eq!(urls, expected);
    assert_eq!(sandbox.base_url("nosuch"), None);
}

#[test]
fn credentials_are_made_up_from_the_seed_unless_given() {
    let start = |seed, given: &[(&str, &str)]| {
        let credentials =
            given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Sandbox::start(Options { seed, credentials, ..Options::default() }).unwrap().credentials().clone()
    };
    let generated = start(1, &[]);
    assert_eq!(generated.keys().collect::<Vec<_>>(), ["CUBE_ACCESS_CODE", "CUBE_SECRET"]);
    assert_eq!(start(1, &[]), generated);
    assert_ne!(start(2, &[]), generated);
    let mixed = start(1, &[("CUBE_SECRET", "mine"), ("PATH", "/")]);
    assert_eq!(mixed["CUBE_SECRET"], "mine");
    assert_eq!(mixed["CUBE_ACCESS_CODE"], generated["CUBE_ACCESS_CODE"]);
    assert_eq!(mixed.len(), 2);
}

#[test]
fn a_start_that_cannot_work_says_why() {
    let start = |options| Sandbox::start(options).unwrap_err();
    let error = start(Options { faults: vec!["cube-slow-anser".to_owned()], ..Options::default() });
    let StartError::UnknownFault { name, nearest, known } = &error else { panic!("{error}") };
    assert_eq!((name.as_str(), *nearest), ("cube-slow-anser", Some("cube-slow-answer")));
    assert_eq!(known.len(), faults().len());
    let error =
        start(Options { callback_url: Some("https://partner.example/".to_owned()), ..Options::default() });
    assert_eq!(
        error.to_string(),
        "the callback URL `https://partner.example/` is not an absolute `http://` URL"
    );
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let error = start(Options { listen: taken.local_addr().unwrap(), ..Options::default() });
    assert!(
        error.to_string().starts_with(&format!("cannot listen on `{}`: ", taken.local_addr().unwrap())),
        "{error}"
    );
}

/// A harness keeps one for all its threads.
#[test]
fn a_sandbox_can_be_shared_by_threads() {
    fn is_shared<T: Send + Sync + 'static>(_: &T) {}
    is_shared(&Sandbox::start(Options::default()).unwrap());
}

#[test]
fn a_sandbox_starts_inside_a_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async { drop(Sandbox::start(Options::default()).unwrap()) });
}

#[test]
fn a_dropped_sandbox_stops_in_spite_of_idle_and_slow_connections() {
    let bench = Bench::new(&["cube-slow-answer"]);
    let address = bench.address();
    let mut idle = TcpStream::connect(address).unwrap();
    let mut slow = TcpStream::connect(address).unwrap();
    std::io::Write::write_all(&mut slow, &raw("POST", CUBE_ORDER, &[], signed(&[]).as_bytes())).unwrap();
    // An answer on a later connection: by now the earlier ones have been accepted.
    bench.vas_check("1", "1000161", "1003013");
    let start = Instant::now();
    drop(bench);
    assert!(start.elapsed() < SLOW, "{:?}", start.elapsed());
    assert_eq!(idle.read(&mut [0]).unwrap_or(0), 0);
    assert_eq!(slow.read(&mut [0]).unwrap_or(0), 0);
    assert!(TcpStream::connect_timeout(&address, Duration::from_secs(5)).is_err());
}

#[test]
fn unknown_paths_and_methods() {
    let bench = Bench::new(&[]);
    for path in [
        "/",
        "/cube",
        "/cube/",
        "/nosuch",
        "/unicom-ivr/ivrbaoyue/",
        "/%FF%00",
        "/vascloud/v1/notify_check.html",
    ] {
        let answer = client::get(bench.address(), path);
        assert_eq!((answer.status, answer.text().as_str()), (404, "not found\n"), "{path}");
        assert_eq!(answer.header("content-type"), "text/plain; charset=UTF-8");
    }
    for (path, allow) in [
        ("/unicom-ivr/ivrbaoyue", "GET"),
        ("/unicom-ivr/ivrquxiao", "GET"),
        ("/unicom-ivr/ivrchaxun", "GET"),
        ("/roam/uc/services/login", "GET, POST"),
        ("/roam/om/services/order_gets", "GET, POST"),
        (VAS_CHECK, "GET, POST"),
        (VAS_REGISTER, "GET, POST"),
        (CUBE_ORDER, "POST"),
    ] {
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"] {
            if !allow.split(", ").any(|allowed| allowed == method) {
                let answer = client::request(bench.address(), method, path, &[], b"");
                assert_eq!((answer.status, answer.header("allow")), (405, allow), "{method} {path}");
            }
        }
    }
}
