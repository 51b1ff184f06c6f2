//! Ed25519 keys (RFC 8032) in the files that other tools read: private in PKCS#8, public in SPKI, PEM both (RFC 8410).

use crate::http::digest;
use crate::http::pem::Other;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use std::fmt;

/// `SEQUENCE { INTEGER 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET STRING seed } }` (RFC 8410 section 7).
const PRIVATE_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
/// `SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING key }` (RFC 8410 section 4).
const PUBLIC_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

const PRIVATE_LABEL: &str = "PRIVATE KEY";
const PUBLIC_LABEL: &str = "PUBLIC KEY";

/// Why a key cannot be used. Never says anything of what the file holds.
#[derive(Debug, PartialEq, Eq)]
pub struct KeyError(pub String);

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for KeyError {}

/// A key that signs. It is shown nowhere, not even in debug output.
pub struct PrivateKey {
    seed: [u8; 32],
    pair: Ed25519KeyPair,
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.public().id())
    }
}

impl PrivateKey {
    /// A new key from the system's random numbers.
    pub fn generate() -> Result<Self, KeyError> {
        Self::from_seed(random()?)
    }

    fn from_seed(seed: [u8; 32]) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed)
            .map_err(|_| KeyError("32 bytes that are no Ed25519 key".into()))?;
        Ok(Self { seed, pair })
    }

    /// Reads PKCS#8 in PEM.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let der = from_pem(text, PRIVATE_LABEL)?;
        let seed = der.strip_prefix(&PRIVATE_PREFIX).and_then(|rest| <[u8; 32]>::try_from(rest).ok());
        match seed {
            Some(seed) => Self::from_seed(seed),
            None => Err(KeyError("not an Ed25519 key in PKCS#8 (`proofmark keygen` makes one)".into())),
        }
    }

    /// PKCS#8 in PEM.
    pub fn to_pem(&self) -> String {
        to_pem(PRIVATE_LABEL, &[PRIVATE_PREFIX.as_slice(), &self.seed].concat())
    }

    pub fn public(&self) -> PublicKey {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.pair.public_key().as_ref());
        PublicKey(bytes)
    }

    /// 64 bytes (RFC 8032 section 5.1.6).
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }
}

/// A key that verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Reads SPKI in PEM.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let der = from_pem(text, PUBLIC_LABEL)?;
        let key = der.strip_prefix(&PUBLIC_PREFIX).and_then(|rest| <[u8; 32]>::try_from(rest).ok());
        key.map(Self).ok_or_else(|| KeyError("not an Ed25519 key in SubjectPublicKeyInfo".into()))
    }

    /// SPKI in PEM.
    pub fn to_pem(self) -> String {
        to_pem(PUBLIC_LABEL, &self.der())
    }

    fn der(self) -> Vec<u8> {
        [PUBLIC_PREFIX.as_slice(), &self.0].concat()
    }

    /// SHA-256 of the key in SPKI (DER), in hex.
    pub fn id(self) -> String {
        digest::hex(&digest::sha256(&self.der()))
    }

    /// Strict: a signature has one form only (the scalar is below the group's order, the point is canonical).
    pub fn verifies(self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0).verify(message, signature).is_ok()
    }
}

/// 32 bytes of the system's random numbers.
pub fn random() -> Result<[u8; 32], KeyError> {
    let mut bytes = [0; 32];
    match SystemRandom::new().fill(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(_) => Err(KeyError("the system gives no random numbers".into())),
    }
}

/// The one block of this label (RFC 7468); what stands around it is passed over.
fn from_pem(text: &str, label: &str) -> Result<Vec<u8>, KeyError> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let Some((_, rest)) = text.split_once(&begin) else {
        let other = text.split_once("-----BEGIN ").and_then(|(_, rest)| rest.split_once("-----"));
        return Err(KeyError(match other {
            Some((PRIVATE_LABEL, _)) => format!("expected a `{label}`, found a private key"),
            Some((PUBLIC_LABEL, _)) => format!("expected a `{label}`, found a public key"),
            Some(_) if Other::of(text.as_bytes()) == Some(Other::Encrypted) => {
                format!("{}. `{}` takes it off", Other::Encrypted.says(), Other::Encrypted.converts("KEY"))
            }
            Some(_) => {
                format!("expected a `{label}` (PKCS#8, not encrypted), found another kind of PEM block")
            }
            None => format!("no PEM block `-----BEGIN {label}-----`"),
        }));
    };
    let body = rest.split_once(&end).map(|(body, _)| body);
    let body: Option<String> = body.map(|body| body.split_whitespace().collect());
    body.and_then(|body| digest::from_base64(&body))
        .ok_or_else(|| KeyError("the PEM block is damaged".into()))
}

fn to_pem(label: &str, der: &[u8]) -> String {
    // 64 characters are a line; an Ed25519 key is one.
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", digest::base64(der))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8410 section 10.1 and 10.3: the same key, public and private.
    const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
    const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";

    #[test]
    fn keys_of_the_standard_are_read_and_written() {
        let key = PrivateKey::from_pem(PRIVATE).unwrap();
        assert_eq!(key.public(), PublicKey::from_pem(PUBLIC).unwrap());
        assert_eq!(key.public().to_pem(), PUBLIC);
        assert_eq!(key.to_pem(), PRIVATE);
        assert!(!format!("{key:?}").contains("MC4C"));
    }

    #[test]
    fn other_files_are_refused_by_name() {
        let says = |text: &str| PrivateKey::from_pem(text).unwrap_err().0;
        assert_eq!(says(PUBLIC), "expected a `PRIVATE KEY`, found a public key");
        assert_eq!(says("hello"), "no PEM block `-----BEGIN PRIVATE KEY-----`");
        assert_eq!(
            says(&PRIVATE.replace("PRIVATE", "ENCRYPTED PRIVATE")),
            "the key has a password. `openssl pkey -in KEY -out plain.pem` takes it off"
        );
        assert_eq!(says(&PRIVATE.replace("MC4C", "MC4")), "the PEM block is damaged");
        assert!(says(&PRIVATE.replace("MC4CAQAwBQYDK2Vw", "MC4CAQAwBQYDK2Vx")).starts_with("not an Ed25519"));
        assert!(PublicKey::from_pem(PRIVATE).is_err());
    }

    #[test]
    fn new_keys_differ() {
        let (one, two) = (PrivateKey::generate().unwrap(), PrivateKey::generate().unwrap());
        assert_ne!(one.public(), two.public());
        assert!(
            one.public().verifies(b"x", &one.sign(b"x")) && !two.public().verifies(b"x", &one.sign(b"x"))
        );
    }
}
