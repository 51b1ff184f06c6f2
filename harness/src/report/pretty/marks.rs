//! [`Marks`]: finds the line of each place while lines are made.

use super::Line;

pub struct Marks<'m> {
    places: &'m [&'m str],
    /// For each place the longest path so far that is it or around it, and the line of that.
    best: Vec<Option<(usize, usize)>>,
}

impl<'m> Marks<'m> {
    pub fn new(places: &'m [&'m str]) -> Self {
        Self { best: vec![None; places.len()], places }
    }

    /// A value with this path begins on this line.
    pub fn visit(&mut self, path: &str, line: usize) {
        for (place, best) in self.places.iter().zip(&mut self.best) {
            let rest = place.strip_prefix(path);
            // The root of a document is around everything, but says nothing.
            let around =
                !path.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            if around && best.is_none_or(|(length, _)| length < path.len()) {
                *best = Some((path.len(), line));
            }
        }
    }

    /// Writes the numbers of the places to their lines. A missing field at the root of an object marks its first line.
    pub fn apply(self, lines: &mut [Line<'_>]) {
        for (i, (place, best)) in self.places.iter().zip(self.best).enumerate() {
            let line = best.map(|(_, line)| line).or(place.starts_with('/').then_some(0));
            if let Some(line) = line.and_then(|l| lines.get_mut(l)) {
                line.marks.push(i);
            }
        }
    }
}
