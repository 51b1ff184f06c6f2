//! Lines of a document, as `doc` names them.

/// Ranges of lines, both ends included.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lines(Vec<(u32, u32)>);

impl Lines {
    /// Of `file.txt#44-48, 50`. Empty where the file is not `document`.
    pub fn of(doc: &str, document: Option<&str>) -> Self {
        let Some((file, lines)) = doc.split_once('#') else { return Self::default() };
        if document.is_some_and(|document| document != file) {
            return Self::default();
        }
        let range = |part: &str| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            Some((first.trim().parse().ok()?, last.trim().parse().ok()?))
        };
        Self(lines.split(',').filter_map(range).collect())
    }

    pub fn add(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    /// Whether a line is in both.
    pub fn meets(&self, other: &Self) -> bool {
        self.0.iter().any(|(a, b)| other.0.iter().any(|(c, d)| a <= d && c <= b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_meet_where_they_share_a_line() {
        let of = |doc: &str| Lines::of(doc, Some("d.txt"));
        assert!(of("d.txt#44-48,50").meets(&of("d.txt#50")));
        assert!(of("d.txt#44").meets(&of("d.txt#40-44")));
        assert!(!of("d.txt#44-48,50").meets(&of("d.txt#49")));
        assert!(!of("d.txt#44").meets(&of("other.txt#44")));
    }
}
