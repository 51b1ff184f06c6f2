//! Reproducible random numbers (SplitMix64): for made-up ids and credentials, not for secrets worth anything.

/// A sequence of numbers that depends on a seed and a label only.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// The label keeps sequences apart, so that a new API changes nothing for the others.
    pub(crate) fn new(seed: u64, label: &str) -> Random {
        // FNV-1a, whose value for a label is the same in every release of Rust.
        let hash = label.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Random(seed ^ hash)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Text of so many characters, each one of this ASCII alphabet.
    pub(crate) fn text(&mut self, length: usize, alphabet: &[u8]) -> String {
        (0..length).map(|_| char::from(alphabet[self.next() as usize % alphabet.len()])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depends_on_seed_and_label_only() {
        let text = |seed, label| Random::new(seed, label).text(12, b"0123456789");
        assert_eq!(text(1, "a"), text(1, "a"));
        assert_ne!(text(1, "a"), text(2, "a"));
        assert_ne!(text(1, "a"), text(1, "b"));
    }

    /// First value of the reference SplitMix64 for seed 0 (the label "" hashes to the offset basis, undone here).
    #[test]
    fn is_splitmix64() {
        assert_eq!(Random::new(0xcbf2_9ce4_8422_2325, "").next(), 0xe220_a839_7b1d_cdaf);
    }
}
