//! Sets of characters, for the classes of a pattern.

/// Ranges of code points, inclusive, in order, neither overlapping nor touching.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ranges(Vec<(u32, u32)>);

/// `Char` of XML 1.0: no other character can be in a value.
const UNIVERSE: [(u32, u32); 5] =
    [(0x9, 0xA), (0xD, 0xD), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x1_0000, 0x10_FFFF)];

impl Ranges {
    pub(crate) fn one(c: char) -> Ranges {
        Ranges(vec![(c as u32, c as u32)])
    }

    /// `\s`.
    pub(crate) fn space() -> Ranges {
        Ranges(vec![(0x9, 0xA), (0xD, 0xD), (0x20, 0x20)])
    }

    /// `\i`: the start of an XML name (XML 1.0 fifth edition, `NameStartChar`).
    pub(crate) fn name_start() -> Ranges {
        Ranges::of(&[
            (0x3A, 0x3A),
            (0x41, 0x5A),
            (0x5F, 0x5F),
            (0x61, 0x7A),
            (0xC0, 0xD6),
            (0xD8, 0xF6),
            (0xF8, 0x2FF),
            (0x370, 0x37D),
            (0x37F, 0x1FFF),
            (0x200C, 0x200D),
            (0x2070, 0x218F),
            (0x2C00, 0x2FEF),
            (0x3001, 0xD7FF),
            (0xF900, 0xFDCF),
            (0xFDF0, 0xFFFD),
            (0x1_0000, 0xE_FFFF),
        ])
    }

    /// `\c`: a character of an XML name (`NameChar`).
    pub(crate) fn name_char() -> Ranges {
        let mut ranges = Ranges::name_start();
        ranges.add_all(&Ranges::of(&[
            (0x2D, 0x2E),
            (0x30, 0x39),
            (0xB7, 0xB7),
            (0x300, 0x36F),
            (0x203F, 0x2040),
        ]));
        ranges
    }

    fn of(ranges: &[(u32, u32)]) -> Ranges {
        let mut out = Ranges(ranges.to_vec());
        out.tidy();
        out
    }

    pub(crate) fn add(&mut self, low: char, high: char) {
        self.0.push((low as u32, high as u32));
        self.tidy();
    }

    pub(crate) fn add_all(&mut self, other: &Ranges) {
        self.0.extend_from_slice(&other.0);
        self.tidy();
    }

    pub(crate) fn remove(&mut self, other: &Ranges) {
        *self = self.common(&other.complement());
    }

    pub(crate) fn complement(&self) -> Ranges {
        let mut out = Vec::new();
        let mut next = 0;
        for &(low, high) in &self.0 {
            if low > next {
                out.push((next, low - 1));
            }
            next = high + 1;
        }
        out.push((next, u32::MAX));
        Ranges(out).common(&Ranges(UNIVERSE.to_vec()))
    }

    fn common(&self, other: &Ranges) -> Ranges {
        let with = |&(a, b): &(u32, u32)| other.0.iter().map(move |&(c, d)| (a.max(c), b.min(d)));
        Ranges::of(&self.0.iter().flat_map(with).filter(|(low, high)| low <= high).collect::<Vec<_>>())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The character, when the set has exactly one.
    pub(crate) fn single(&self) -> Option<char> {
        match self.0.as_slice() {
            [(low, high)] if low == high => char::from_u32(*low),
            _ => None,
        }
    }

    /// The ranges as characters.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (char, char)> {
        let known = self.common(&Ranges(UNIVERSE.to_vec()));
        known.0.into_iter().filter_map(|(low, high)| Some((char::from_u32(low)?, char::from_u32(high)?)))
    }

    fn tidy(&mut self) {
        self.0.sort_unstable();
        let mut out: Vec<(u32, u32)> = Vec::with_capacity(self.0.len());
        for &(low, high) in &self.0 {
            match out.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => out.push((low, high)),
            }
        }
        self.0 = out;
    }
}
