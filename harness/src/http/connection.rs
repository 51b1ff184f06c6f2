//! [`Connection`]: how a target is reached: trust, client certificate, proxy, version of HTTP.

use super::curl::quote;
use super::pem::Other;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;

/// What all connections of a run share.
#[derive(Debug, Clone, Default)]
pub struct Connection {
    pub tls: Tls,
    pub proxy: ProxyUse,
    pub version: HttpVersion,
    /// Options that make curl connect in the same way, each as it is typed.
    pub curl: Vec<String>,
}

impl Connection {
    /// The options for a URL.
    pub fn curl_options(&self, url: &str) -> String {
        let version = match (self.version, url.starts_with("https:")) {
            (HttpVersion::Http11, _) => None,
            (HttpVersion::Http2, false) => Some("--http2-prior-knowledge"),
            (HttpVersion::Http2 | HttpVersion::Auto, true) => Some("--http2"),
            (HttpVersion::Auto, false) => None,
        };
        let words = self.curl.iter().map(String::as_str).chain(version);
        words.map(|word| format!("{} ", quote(word))).collect()
    }
}

/// TLS settings, made once a run; `None` where no target uses TLS.
pub type Tls = Option<Arc<ClientConfig>>;

/// The version of HTTP that is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, schemars::JsonSchema)]
pub enum HttpVersion {
    #[default]
    #[serde(rename = "1.1")]
    Http11,
    /// HTTP/2 and nothing else: over TLS by ALPN, in the clear with prior knowledge (RFC 9113 sections 3.2 and 3.3).
    #[serde(rename = "2")]
    Http2,
    /// Over TLS what the target chooses by ALPN, in the clear HTTP/1.1.
    #[serde(rename = "auto")]
    Auto,
}

impl HttpVersion {
    pub const WORDS: [(&str, Self); 3] = [("1.1", Self::Http11), ("2", Self::Http2), ("auto", Self::Auto)];

    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, version)| *version == self).map_or("1.1", |(word, _)| word)
    }

    /// The names offered by ALPN (RFC 7301), the preferred first.
    fn alpn(self) -> Vec<Vec<u8>> {
        match self {
            Self::Http11 => vec![b"http/1.1".to_vec()],
            Self::Http2 => vec![b"h2".to_vec()],
            Self::Auto => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
        }
    }
}

/// Which proxy requests go through.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum ProxyUse {
    /// What the environment says, but never for the loopback.
    #[default]
    Environment,
    Direct,
    Through {
        /// `http://`, `https://`, `socks4://`, `socks4a://`, `socks5://` or `socks5h://`.
        url: String,
        /// User and password.
        login: Option<(String, String)>,
        /// Hosts that are reached directly, as `no_proxy` has them.
        bypass: Vec<String>,
    },
}

/// Certificates and keys, as PEM (RFC 7468).
#[derive(Debug, Clone, Default)]
pub struct Pems<'p> {
    /// Trusted in place of what the machine trusts.
    pub ca: Option<&'p [u8]>,
    pub identity: Option<Identity<'p>>,
}

/// What the client shows to a target that asks for a certificate.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'p> {
    /// The client's own certificate first, then those that it was issued by.
    pub cert: &'p [u8],
    pub key: &'p [u8],
}

/// Which of the PEMs is not what it should be, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PemError {
    pub which: Pem,
    pub message: String,
    /// What it is in place of PEM, where that can be told.
    pub other: Option<Other>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pem {
    Ca,
    Cert,
    Key,
}

/// Trusts what the machine trusts, or the Mozilla roots on a machine that has no store; or the given authorities alone.
pub fn tls(pems: &Pems<'_>, version: HttpVersion) -> Result<Tls, PemError> {
    let roots = match pems.ca {
        Some(pem) => authorities(pem)?,
        None => machine(),
    };
    let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| wrong(Pem::Ca, e))?
        .with_root_certificates(roots);
    let mut config = match &pems.identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let chain = certificates(identity.cert, Pem::Cert)?;
            // The text of a key never reaches a message.
            let key = PrivateKeyDer::from_pem_slice(identity.key).map_err(|_| {
                let message = "there is no private key in PEM (PKCS #8, PKCS #1 or SEC 1, not encrypted)";
                PemError { other: Other::of(identity.key), ..wrong(Pem::Key, message) }
            })?;
            builder.with_client_auth_cert(chain, key).map_err(|e| wrong(Pem::Key, e))?
        }
    };
    config.alpn_protocols = version.alpn();
    Ok(Some(Arc::new(config)))
}

fn machine() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let (native, _) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if native == 0 {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    roots
}

fn authorities(pem: &[u8]) -> Result<RootCertStore, PemError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(pem, Pem::Ca)? {
        roots.add(certificate).map_err(|e| wrong(Pem::Ca, e))?;
    }
    Ok(roots)
}

fn certificates(pem: &[u8], which: Pem) -> Result<Vec<CertificateDer<'static>>, PemError> {
    let all: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|e| wrong(which, format!("the PEM cannot be read: {e}")))?;
    match all.is_empty() {
        true => Err(PemError { other: Other::of(pem), ..wrong(which, "there is no certificate in PEM") }),
        false => Ok(all),
    }
}

fn wrong(which: Pem, message: impl ToString) -> PemError {
    PemError { which, message: message.to_string(), other: None }
}
