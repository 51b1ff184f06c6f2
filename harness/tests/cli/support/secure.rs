//! [`SecureServer`]: a server that speaks TLS, asks for client certificates, and speaks HTTP/2; and the certificates.

use axum::body::Bytes;
use axum::http::{Response, header::CONTENT_TYPE};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::RootCertStore;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Issues certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate, PEM.
    pub pem: String,
}

/// A certificate and its key, PEM.
pub struct Identity {
    pub cert: String,
    pub key: String,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        // Two of one name would be told apart by their signatures alone.
        static NUMBER: AtomicUsize = AtomicUsize::new(1);
        let name = format!("Test authority {}", NUMBER.fetch_add(1, Ordering::SeqCst));
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// For 127.0.0.1 and localhost.
    pub fn issue(&self) -> Identity {
        let params = CertificateParams::new(vec!["127.0.0.1".into(), "localhost".into()]).expect("names");
        let key = KeyPair::generate().expect("a key");
        let cert = params.signed_by(&key, &self.issuer).expect("a certificate").pem();
        Identity { cert, key: key.serialize_pem() }
    }

    fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.pem.as_bytes()).expect("PEM")).expect("a root");
        roots
    }
}

/// A request as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// `h2` or `http/1.1`.
    pub protocol: &'static str,
    /// Whether the client showed a certificate.
    pub client: bool,
    pub path: String,
}

/// Answers every request with the same JSON.
pub struct SecureServer {
    address: SocketAddr,
    scheme: &'static str,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl SecureServer {
    /// TLS with a certificate of `authority`; clients of another authority than `clients`, and those that show no
    /// certificate, are refused where that is given. `protocols` are those that it takes by ALPN.
    pub fn tls(
        authority: &Authority,
        clients: Option<&Authority>,
        protocols: &[&str],
        body: &'static str,
    ) -> Self {
        Self::start(Some(acceptor(authority, clients, protocols)), body)
    }

    /// HTTP/2 in the clear, with prior knowledge.
    pub fn h2(body: &'static str) -> Self {
        Self::start(None, body)
    }

    fn start(tls: Option<TlsAcceptor>, body: &'static str) -> Self {
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (sender, receiver) = std::sync::mpsc::channel();
        let (kept, scheme) = (seen.clone(), if tls.is_some() { "https" } else { "http" });
        // The thread ends with the test's process.
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
                sender.send(listener.local_addr().expect("an address")).expect("the test waits");
                loop {
                    let (stream, _) = listener.accept().await.expect("a connection");
                    let (tls, seen) = (tls.clone(), kept.clone());
                    let serve = async move {
                        let Some(tls) = tls else { return h2(stream, false, &seen, body).await };
                        // A client that is refused, or refuses us, is what some tests are about.
                        let Ok(stream) = tls.accept(stream).await else { return };
                        let client = stream.get_ref().1.peer_certificates().is_some();
                        match stream.get_ref().1.alpn_protocol() {
                            Some(b"h2") => h2(stream, client, &seen, body).await,
                            _ => http1(stream, client, &seen, body).await,
                        }
                    };
                    drop(tokio::spawn(serve));
                }
            });
        });
        Self { address: receiver.recv().expect("the server starts"), scheme, seen }
    }

    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no test panics with the lock").clone()
    }
}

/// What a server of `authority` speaks TLS with.
fn acceptor(authority: &Authority, clients: Option<&Authority>, protocols: &[&str]) -> TlsAcceptor {
    let Identity { cert, key } = authority.issue();
    let chain = vec![CertificateDer::from_pem_slice(cert.as_bytes()).expect("PEM")];
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("PEM");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .expect("TLS versions");
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(clients) => builder.with_client_cert_verifier(
            WebPkiClientVerifier::builder_with_provider(Arc::new(clients.roots()), provider)
                .build()
                .expect("a verifier"),
        ),
    };
    let mut config = builder.with_single_cert(chain, key).expect("a certificate");
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    TlsAcceptor::from(Arc::new(config))
}

/// A door that speaks TLS before a server that does not: the address of the door.
pub fn door(authority: &Authority, server: SocketAddr) -> SocketAddr {
    let tls = acceptor(authority, None, &[]);
    let (sender, receiver) = std::sync::mpsc::channel();
    // The thread ends with the test's process.
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            sender.send(listener.local_addr().expect("an address")).expect("the test waits");
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let tls = tls.clone();
                drop(tokio::spawn(async move {
                    // A client that refuses us is what some tests are about.
                    let Ok(mut outside) = tls.accept(stream).await else { return };
                    let Ok(mut inside) = TcpStream::connect(server).await else { return };
                    let _ = tokio::io::copy_bidirectional(&mut outside, &mut inside).await;
                }));
            }
        });
    });
    receiver.recv().expect("the door opens")
}

fn note(seen: &Mutex<Vec<Seen>>, protocol: &'static str, client: bool, path: &str) {
    let one = Seen { protocol, client, path: path.to_owned() };
    seen.lock().expect("no test panics with the lock").push(one);
}

async fn h2(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    client: bool,
    seen: &Mutex<Vec<Seen>>,
    body: &'static str,
) {
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        note(seen, "h2", client, request.uri().path());
        let head = Response::builder().header(CONTENT_TYPE, "application/json").body(()).expect("an answer");
        let Ok(mut send) = respond.send_response(head, false) else { return };
        if send.send_data(Bytes::from_static(body.as_bytes()), true).is_err() {
            return;
        }
    }
}

/// Requests without a body, one after the other on a connection.
async fn http1(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    client: bool,
    seen: &Mutex<Vec<Seen>>,
    body: &str,
) {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(read @ 1..) => bytes.extend_from_slice(&chunk[..read]),
            _ => return,
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if !text.ends_with("\r\n\r\n") {
            continue;
        }
        note(seen, "http/1.1", client, text.split(' ').nth(1).unwrap_or_default());
        bytes.clear();
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}
