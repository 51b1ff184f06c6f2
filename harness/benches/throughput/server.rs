//! The target: a process of its own, so that its memory and its runtime are not the harness's.

use axum::Router;
use axum::extract::RawQuery;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

pub struct Server {
    pub url: String,
    child: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts this program again as the server.
pub fn start() -> Server {
    let this = std::env::current_exe().expect("this program has a path");
    let mut child =
        Command::new(this).arg("--server").stdout(Stdio::piped()).spawn().expect("the server starts");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("a pipe");
    BufReader::new(stdout).read_line(&mut line).expect("the server says its address");
    Server { url: line.trim().to_owned(), child }
}

pub fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("http://{}", listener.local_addr().expect("an address"));
        let thing = |RawQuery(query): RawQuery| async move {
            query.as_deref().and_then(|q| q.strip_prefix("id=")).and_then(|id| id.parse().ok()).unwrap_or(0)
        };
        let many = move |query: RawQuery| async move {
            ([(CONTENT_TYPE, "application/json")], answer(thing(query).await, ITEMS))
        };
        let few = move |query: RawQuery| async move {
            ([(CONTENT_TYPE, "application/json")], answer(thing(query).await, FEW_ITEMS))
        };
        let router = Router::new().route("/things", get(many)).route("/few/things", get(few));
        let _ = axum::serve(listener, router).await;
    });
}

/// About 3 KB.
pub const ITEMS: usize = 20;
/// About 2 KB, under `/few`.
pub const FEW_ITEMS: usize = 12;

/// Items with seven fields each.
pub fn answer(id: u64, items: usize) -> String {
    let count = items;
    let items: Vec<String> = (0..items)
        .map(|n| {
            format!(
                r#"{{"sku":"SKU-{id:08}-{n:02}","title":"A thing that is sold by the piece","price":{}.25,"stock":{n},"tags":["new","sale"],"active":true,"updated":"2026-11-22T10:00:{n:02}Z"}}"#,
                n * 7
            )
        })
        .collect();
    format!(r#"{{"code":0,"message":"ok","id":"{id}","total":{count},"items":[{}]}}"#, items.join(","))
}
