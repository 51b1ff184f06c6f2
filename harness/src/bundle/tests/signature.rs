//! Keys, signatures and envelopes, against their standards and another implementation.

use super::{BUNDLE, PUBLIC, SEED, bytes, key, public};
use crate::bundle::{ENVELOPE, PAYLOAD_TYPE, pae};
use crate::http::digest;

#[test]
fn keys_and_signatures_are_those_of_the_standard() {
    // RFC 8032 section 7.1, TEST 1: the empty message.
    let signature = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
    assert_eq!(digest::hex(&key(SEED).sign(b"")), signature);
    assert!(
        key(SEED)
            .public()
            .to_pem()
            .contains(&digest::base64(&[bytes("302a300506032b6570032100"), bytes(PUBLIC)].concat()))
    );
}

#[test]
fn the_signed_bytes_are_those_of_the_protocol() {
    // DSSE 1.0, protocol.md, "Test Vectors".
    let vector = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world";
    assert_eq!(pae("http://example.com/HelloWorld", b"hello world"), vector);
    // Lengths are of bytes.
    assert_eq!(pae("\u{e9}", b""), "DSSEv1 2 \u{e9} 0 ".as_bytes());
    // DSSE's testvectors/vectors.json, "single-signature".
    let payload = br#"{"_type":"https://in-toto.io/Statement/v1"}"#;
    let sig = "2WAfaHm5jluo0w+0rk8uVkluELJYWjSmU9x7EUzx+AyteDGJ4/nqyJXfmAUVFIAoQafWm7AxBZNw5M9ixNHiCA==";
    assert_eq!(digest::base64(&key(SEED).sign(&pae(PAYLOAD_TYPE, payload))), sig);
}

#[test]
fn an_envelope_verifies_with_another_implementation() {
    let envelope: serde_json::Value = serde_json::from_slice(BUNDLE.get(ENVELOPE).unwrap()).unwrap();
    let decoded = |value: &serde_json::Value| digest::from_base64(value.as_str().unwrap()).unwrap();
    let payload = decoded(&envelope["payload"]);
    let kind = envelope["payloadType"].as_str().unwrap();
    let message = [format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes(), payload].concat();
    let signature = decoded(&envelope["signatures"][0]["sig"]);
    let public = ed25519_dalek::VerifyingKey::from_bytes(&bytes(PUBLIC).try_into().unwrap()).unwrap();
    let signature = ed25519_dalek::Signature::from_slice(&signature).unwrap();
    assert!(public.verify_strict(&message, &signature).is_ok());
    assert!(public.verify_strict(b"something else", &signature).is_err());
}

#[test]
fn a_signature_has_one_form() {
    let message = b"message";
    let mut signature = key(SEED).sign(message);
    assert!(public().verifies(message, &signature));
    // S + L is the same scalar (RFC 8032 section 8.4).
    let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut carry = 0u16;
    for (byte, add) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        (*byte, carry) = ((sum & 0xff) as u8, sum >> 8);
    }
    assert!(!public().verifies(message, &signature));
    // A short, a long and an empty one.
    assert!(![&signature[..63], &[0; 65][..], &[]].iter().any(|wrong| public().verifies(message, wrong)));
}
