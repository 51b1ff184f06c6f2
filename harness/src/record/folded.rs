//! Base64 and hex that are broken over lines, as one line each: MIME has no line of more than 76 characters (RFC 2045
//! section 6.8), PEM has 64, and what is in the middle of them may be broken anywhere.

use super::encoded::is_encoded;
use super::escapes::View;

/// Lines shorter than this are words. All lines of a block but the last are of one length.
const SHORTEST_LINE: usize = 24;

/// The source without the line breaks in what is encoded; `None` where there is none.
pub fn view(source: &[u8]) -> Option<View> {
    let mut breaks = Vec::new();
    let mut at = 0;
    while let Some(line) = source.get(at..at + SHORTEST_LINE) {
        // From its end: most texts have short words, and most of their bytes need no look.
        if let Some(other) = line.iter().rposition(|byte| !is_encoded(*byte)) {
            at += other + 1;
            continue;
        }
        at += SHORTEST_LINE;
        at += source[at..].iter().take_while(|byte| is_encoded(**byte)).count();
        let length = line_break(&source[at..]);
        if length > 0 && source.get(at + length).is_some_and(|next| is_encoded(*next)) {
            breaks.push((at, at + length));
        }
        at += length;
    }
    if breaks.is_empty() {
        return None;
    }
    let mut bytes = Vec::with_capacity(source.len());
    let mut starts = Vec::with_capacity(source.len() + 1);
    let mut from = 0;
    for (start, end) in breaks.into_iter().chain([(source.len(), source.len())]) {
        bytes.extend_from_slice(&source[from..start]);
        starts.extend((from..start).map(|at| at as u32));
        from = end;
    }
    starts.push(source.len() as u32);
    Some(View::new(bytes, starts))
}

/// How long the line break at the beginning of a text is: as it is, or as JSON, XML, a URL or we ourselves write one.
fn line_break(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(length) = feed(&text[at..]) {
        at += length;
    }
    at
}

fn feed(text: &[u8]) -> Option<usize> {
    const WRITTEN: [&[u8]; 10] = [
        b"\\u000d", b"\\u000a", b"\\u{d}", b"\\u{a}", b"&#13;", b"&#10;", b"&#xd;", b"&#xa;", b"%0d", b"%0a",
    ];
    match text {
        [b'\r' | b'\n', ..] => Some(1),
        // In JSON, which may stand in JSON.
        [b'\\', rest @ ..] => {
            let more = rest.iter().take_while(|byte| **byte == b'\\').count();
            match rest.get(more) {
                Some(b'r' | b'n') => Some(more + 2),
                _ => written(text, &WRITTEN),
            }
        }
        _ => written(text, &WRITTEN),
    }
}

fn written(text: &[u8], forms: &[&[u8]]) -> Option<usize> {
    let is = |form: &&&[u8]| text.get(..form.len()).is_some_and(|head| head.eq_ignore_ascii_case(form));
    forms.iter().find(is).map(|form| form.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo";

    #[test]
    fn lines_are_joined_however_their_ends_are_written() {
        let ends = [
            "\n",
            "\r\n",
            "\\n",
            "\\r\\n",
            "\\\\r\\\\n",
            "\\u000D\\u000a",
            "\\u{d}\n",
            "&#13;&#10;",
            "&#xD;&#xA;",
            "%0D%0A",
        ];
        for end in ends {
            let source = format!("{{\"a\": \"{LINE}{end}{LINE}{end}QUI=\"}}");
            let view = view(source.as_bytes()).expect("two breaks");
            let joined = format!("{{\"a\": \"{LINE}{LINE}QUI=\"}}");
            assert_eq!(String::from_utf8_lossy(&view.bytes), joined, "{end:?}");
            let at = joined.find("QUI=").expect("the last line");
            assert_eq!(Some(view.start(at)), source.find("QUI="), "{end:?}");
            assert_eq!(view.start(joined.len()), source.len());
        }
    }

    #[test]
    fn words_and_what_ends_stay_as_they_are() {
        let words = "a line of words\nand another one\n";
        for source in [words, &format!("{LINE}\n"), &format!("{LINE}\n\n= x"), &format!("{LINE}==\n{LINE}")] {
            assert!(view(source.as_bytes()).is_none(), "{source:?}");
        }
    }
}
