//! Two texts beside each other, line by line; on a narrow screen, or where it is asked for, one below the other.

use super::text::Block;
use crate::diff::inside;
use maud::{Markup, Render, html};
use similar::{ChangeTag, DiffOp, TextDiff};
use std::time::Duration;

/// Lines of context around what differs.
const CONTEXT: usize = 4;
/// More lines are not shown.
const MAX_LINES: usize = 400;
/// What a target sends must not stop a report.
const PATIENCE: Duration = Duration::from_millis(200);

/// One line of each side; `None` where the other has no counterpart.
struct Pair<'a> {
    old: Option<&'a str>,
    new: Option<&'a str>,
    same: bool,
}

/// How many lines differ.
pub fn distance(old: &str, new: &str) -> usize {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(old, new);
    diff.iter_all_changes().filter(|change| change.tag() != ChangeTag::Equal).count()
}

/// Both texts with what differs marked by sign and colour. `id`: of the box that puts one below the other.
pub fn side_by_side(id: &str, titles: [&str; 2], old: &str, new: &str) -> Markup {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(old, new);
    let pairs = pairs(diff.old_slices(), diff.new_slices(), diff.ops());
    html! {
        input.inl type="checkbox" id=(id);
        label for=(id) { "one below the other" }
        div.scroll tabindex="0" role="group" aria-label=(titles.join(" and ")) {
            table.diff {
                thead { tr { @for title in titles { th scope="col" { (title) } } } }
                tbody {
                    @for part in parts(&pairs) {
                        @match part { Part::Row(pair) => (row(pair)), Part::Gap(lines) => (gap(lines)) }
                    }
                }
            }
        }
    }
}

/// A line, or how many are left out.
enum Part<'p, 'a> {
    Row(&'p Pair<'a>),
    Gap(usize),
}

/// The lines near to what differs.
fn parts<'p, 'a>(pairs: &'p [Pair<'a>]) -> Vec<Part<'p, 'a>> {
    let mut parts = Vec::new();
    let mut left_out = 0;
    for (i, pair) in pairs.iter().enumerate() {
        let around = &pairs[i.saturating_sub(CONTEXT)..(i + CONTEXT + 1).min(pairs.len())];
        if parts.len() >= MAX_LINES || around.iter().all(|p| p.same) {
            left_out += 1;
            continue;
        }
        if left_out > 0 {
            parts.push(Part::Gap(std::mem::take(&mut left_out)));
        }
        parts.push(Part::Row(pair));
    }
    if left_out > 0 {
        parts.push(Part::Gap(left_out));
    }
    parts
}

fn gap(lines: usize) -> Markup {
    html! { tr.gap { td colspan="2" { "⋯ " (super::words::count(lines, "line", "lines")) } } }
}

fn row(pair: &Pair<'_>) -> Markup {
    html! {
        @if pair.same {
            tr.eq { td { (side(pair.old)) } td { (side(pair.new)) } }
        } @else {
            tr.ch {
                @match (pair.old, pair.new) {
                    (Some(old), Some(new)) => {
                        @let [before, gone, came, after] = inside(old.trim_end_matches('\n'), new.trim_end_matches('\n'));
                        td.del { (Block(before)) @if !gone.is_empty() { del { (Block(gone)) } } (Block(after)) }
                        td.ins { (Block(before)) @if !came.is_empty() { ins { (Block(came)) } } (Block(after)) }
                    }
                    (Some(_), None) => { td.del { (side(pair.old)) } td.no_ {} }
                    (None, _) => { td.no_ {} td.ins { (side(pair.new)) } }
                }
            }
        }
    }
}

fn side(line: Option<&str>) -> Markup {
    Block(line.unwrap_or_default().trim_end_matches('\n')).render()
}

fn pairs<'a>(old: &[&'a str], new: &[&'a str], ops: &[DiffOp]) -> Vec<Pair<'a>> {
    let mut pairs = Vec::new();
    for op in ops {
        let (before, after) = (op.old_range(), op.new_range());
        let same = matches!(op, DiffOp::Equal { .. });
        for i in 0..before.len().max(after.len()) {
            let old = before.clone().nth(i).and_then(|at| old.get(at)).copied();
            let new = after.clone().nth(i).and_then(|at| new.get(at)).copied();
            pairs.push(Pair { old, new, same });
        }
    }
    pairs
}

/// A difference as `diff -u` writes it, coloured; what differs inside of a line is marked.
pub fn unified(lines: &[String]) -> Markup {
    let lines: Vec<&str> = lines.iter().flat_map(|text| text.lines()).collect();
    html! {
        pre.udiff tabindex="0" {
            @for (gone, came, same) in changes(&lines) {
                @for (i, line) in gone.iter().enumerate() { del { (marked(line, came.get(i), Side::Old)) } "\n" }
                @for (i, line) in came.iter().enumerate() { ins { (marked(line, gone.get(i), Side::New)) } "\n" }
                @if let Some(line) = same {
                    @if line.starts_with('@') { span.soft { (Block(line)) } } @else { (Block(line)) }
                    "\n"
                }
            }
        }
    }
}

/// Lines that went and those that came in their place, and a line after them that stayed.
type Change<'l, 't> = (&'l [&'t str], &'l [&'t str], Option<&'t str>);

fn changes<'l, 't>(mut lines: &'l [&'t str]) -> Vec<Change<'l, 't>> {
    let mut changes = Vec::new();
    while !lines.is_empty() {
        let gone = run(lines, '-');
        let came = run(&lines[gone.len()..], '+');
        let rest = &lines[gone.len() + came.len()..];
        let same = rest.first().copied().filter(|line| !line.starts_with(['-', '+']));
        changes.push((gone, came, same));
        lines = &rest[usize::from(same.is_some())..];
    }
    changes
}

/// The lines at the beginning that have a sign.
fn run<'l, 't>(lines: &'l [&'t str], sign: char) -> &'l [&'t str] {
    &lines[..lines.iter().take_while(|line| line.starts_with(sign)).count()]
}

#[derive(Clone, Copy)]
enum Side {
    Old,
    New,
}

/// A line with its sign, and what is not in the line that faces it in `b`.
fn marked(line: &str, other: Option<&&str>, side: Side) -> Markup {
    let (Some(own), Some(other)) = (line.get(1..), other.and_then(|other| other.get(1..))) else {
        return html! { (Block(line)) };
    };
    let [before, differs, after] = match side {
        Side::Old => {
            let [before, gone, _, after] = inside(own, other);
            [before, gone, after]
        }
        Side::New => {
            let [before, _, came, after] = inside(other, own);
            [before, came, after]
        }
    };
    html! { (Block(&line[..1])) (Block(before)) @if !differs.is_empty() { b { (Block(differs)) } } (Block(after)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_stands_side_by_side() {
        let page =
            side_by_side("d", ["Documented", "Answer"], "{\na\nb\n}\n", "{\na\nx\ny\n}\n").into_string();
        assert!(
            page.contains("<td class=\"del\"><del>b</del></td><td class=\"ins\"><ins>x</ins></td>"),
            "{page}"
        );
        assert!(page.contains("<td class=\"no_\"></td><td class=\"ins\">y</td>"), "{page}");
        assert_eq!(page.matches("<tr class=\"eq\">").count(), 3);
        assert_eq!(distance("a\nb\n", "a\nc\n"), 2);
    }

    #[test]
    fn what_is_far_from_a_difference_is_left_out() {
        let same: String = (0..50).map(|i| format!("{i}\n")).collect();
        let page =
            side_by_side("d", ["a", "b"], &format!("{same}x\n"), &format!("{same}<y>\n")).into_string();
        assert!(page.contains("⋯ 46 lines") && page.contains("&lt;y&gt;"), "{page}");
    }

    #[test]
    fn what_differs_inside_of_a_line_is_marked() {
        let page = side_by_side("d", ["a", "b"], "\"id\": \"A1\",\n", "\"id\": null,\n").into_string();
        assert!(page.contains("<td class=\"ins\">&quot;id&quot;: <ins>null</ins>,</td>"), "{page}");
        let lines = ["@@ -1,3 +1,3 @@\n same\n-  x: 1,\n-  gone\n+  x: 12,\n".to_owned()];
        let page = unified(&lines).into_string();
        for part in
            [" same\n", "<del>-  x: 1,</del>\n", "<del>-  gone</del>\n", "<ins>+  x: 1<b>2</b>,</ins>\n"]
        {
            assert!(page.contains(part), "{part} is not in {page}");
        }
    }
}
