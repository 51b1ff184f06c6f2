//! What a file is that should have been PEM (RFC 7468), and the command that makes PEM of it.

/// What was found in place of a key or a certificate in PEM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Other {
    /// A private key with a password: PKCS #8 (RFC 5958 section 3), or the older form of RFC 1421.
    Encrypted,
    /// A key and certificates in one file (RFC 7292).
    Pkcs12,
    /// A private key in DER.
    KeyInDer,
    /// A certificate in DER.
    CertificateInDer,
}

impl Other {
    /// Of what is none of these nothing can be said.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let has = |text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
        if has(b"-----BEGIN ENCRYPTED PRIVATE KEY-----") || has(b"Proc-Type: 4,ENCRYPTED") {
            return Some(Self::Encrypted);
        }
        // A SEQUENCE, the bytes of its length, and the tag and the value of what it begins with.
        let [0x30, length, rest @ ..] = bytes else { return None };
        let more = if *length < 0x80 { 0 } else { usize::from(length & 0x7f) };
        match rest.get(more..)? {
            [0x02, 1, 3, ..] => Some(Self::Pkcs12),
            [0x02, 1, 0 | 1, ..] => Some(Self::KeyInDer),
            [0x30, ..] => Some(Self::CertificateInDer),
            _ => None,
        }
    }

    pub fn says(self) -> &'static str {
        match self {
            Self::Encrypted => "the key has a password",
            Self::Pkcs12 => "this is PKCS #12, not PEM",
            Self::KeyInDer => "this is a key in DER, not PEM",
            Self::CertificateInDer => "this is a certificate in DER, not PEM",
        }
    }

    /// The command that makes PEM of a file.
    pub fn converts(self, file: &str) -> String {
        let file = super::curl::quote(file);
        match self {
            Self::Encrypted => format!("openssl pkey -in {file} -out plain.pem"),
            Self::Pkcs12 => format!("openssl pkcs12 -in {file} -nodes -out plain.pem"),
            Self::KeyInDer => format!("openssl pkey -inform DER -in {file} -out plain.pem"),
            Self::CertificateInDer => format!("openssl x509 -inform DER -in {file} -out plain.pem"),
        }
    }
}
