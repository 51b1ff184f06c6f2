//! The job summary, by a reader of its own for code spans (CommonMark 6.1): outside of them there is nothing but ours.

use crate::made::{FAULTY, HOSTILE_TARGET};

/// The text of a line outside of its code spans.
fn outside(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        out.push_str(&rest[..start]);
        let fence = rest[start..].bytes().take_while(|b| *b == b'`').count();
        let inside = &rest[start + fence..];
        rest = after_span(inside, fence).unwrap_or_else(|| panic!("a span without end: {line}"));
    }
    out.push_str(rest);
    out
}

/// What follows the next run of exactly so many backticks.
fn after_span(text: &str, fence: usize) -> Option<&str> {
    let mut rest = text;
    loop {
        let start = rest.find('`')?;
        let run = rest[start..].bytes().take_while(|b| *b == b'`').count();
        rest = &rest[start + run..];
        if run == fence {
            return Some(rest);
        }
    }
}

#[test]
fn outside_of_code_there_is_only_our_own_text() {
    for made in [&*FAULTY, &*HOSTILE_TARGET] {
        assert_eq!(made.summary, made.text("markdown"), "the job summary is the same text");
        for line in made.summary.lines() {
            let own = outside(line);
            let allowed = |c: char| c.is_ascii_alphanumeric() || " .,:;()/-_%+".contains(c);
            let text = own.trim_start_matches(['#', ' ', '-', '|']).trim_end_matches(['|', ' ']);
            let text = text
                .replace("**", "")
                .replace(" | ", " ")
                .replace("---:|", "")
                .replace('|', "")
                .replace("\\_", "_");
            assert!(text.chars().all(allowed), "not ours: {own:?} in {line:?}");
        }
    }
}

#[test]
fn the_summary_tells_what_came_of_it() {
    let text = &FAULTY.summary;
    assert!(text.starts_with("## proofmark: not conformant\n"), "{text}");
    for part in
        ["| cube |", "### Problems (", "`/data/order_id: null where the contract has a string`", "seed 7"]
    {
        assert!(text.contains(part), "no {part} in {text}");
    }
    let hostile = &HOSTILE_TARGET.summary;
    for part in ["### Not judged (1)", "### Waived (1)", "waived by `W-1`", "### Warnings ("] {
        assert!(hostile.contains(part), "no {part} in {hostile}");
    }
}
