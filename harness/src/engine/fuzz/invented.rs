//! [`invented`]: a credential that was never given to anybody.

/// A credential of the same form that does not follow from the given one, so that nobody can read that from a curl line: the
/// scheme is kept, every digit and letter after it is another one by chance, hexadecimal ones where there are no others.
pub fn invented(given: &str, seed: u64) -> String {
    let (scheme, secret) = match given.split_once(' ') {
        Some((scheme, secret)) => (format!("{scheme} "), secret),
        None => (String::new(), given),
    };
    let is_hex = secret.chars().all(|c| c.is_ascii_hexdigit() || !c.is_ascii_alphanumeric());
    let letters = if is_hex { 6 } else { 26 };
    let mut state = seed | 1;
    let mut next = |size: u8| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % u64::from(size)) as u8
    };
    let mut one = |c: char| match c {
        '0'..='9' => char::from(b'0' + next(10)),
        'a'..='z' => char::from(b'a' + next(letters)),
        'A'..='Z' => char::from(b'A' + next(letters)),
        other => other,
    };
    let mut made: String = secret.chars().map(&mut one).collect();
    // A short one may be the given one by chance.
    for _ in 0..8 {
        if made != secret {
            break;
        }
        made = secret.chars().map(&mut one).collect();
    }
    scheme + &made
}

#[cfg(test)]
mod tests {
    use super::invented;

    #[test]
    fn an_invented_credential_has_the_form_of_the_given_one() {
        let given = "Bearer abc.DEF-123z";
        let other = invented(given, 7);
        assert!(other.starts_with("Bearer ") && other.len() == given.len() && other != given, "{other}");
        assert_eq!(other.matches(['.', '-']).count(), 2);
        assert_eq!(invented("Bearer xyz.QRS-789a", 7), other, "it says nothing of the given one");
        let id = "5e550000-0000-4000-8000-0000000000ff";
        let same = |(a, b): (char, char)| a.is_ascii_hexdigit() == b.is_ascii_hexdigit();
        let other = invented(id, 3);
        assert!(other != id && other.chars().zip(id.chars()).all(same), "{other}");
        assert!((1..50).all(|seed| invented("7", seed) != "7"));
    }
}
