//! The regular expressions of `xs:pattern` (XML Schema Part 2, appendix F), rewritten for the validator.
//!
//! xsd-schema hands a pattern to the `regex` crate as `^pattern$` with few changes. That is wrong for `a|b` (it accepts
//! `abc`), for class subtraction, for `^` and `$` (which stand for themselves in XSD), for `\s`, `.`, `\i` and `\c`, and
//! it lets through what XSD does not have, such as `a+?` and `\b`. So each pattern is read here by the grammar of XSD
//! and written again in the part of the syntax that both sides read alike. Matching stays linear in the value.

use super::ranges::Ranges;

/// Groups and subtracted classes may nest this deep.
const MAX_DEPTH: usize = 32;
/// The largest number in `{n,m}`: the automaton grows with it.
const MAX_REPEAT: u32 = 1000;

/// `pattern` rewritten.
///
/// # Errors
/// What is wrong or unsupported and at which character, counted from 1.
pub(crate) fn rewrite(pattern: &str) -> Result<String, String> {
    let mut reader = Reader { chars: pattern.chars().collect(), at: 0, depth: 0 };
    if reader.chars.first() == Some(&'^') || (reader.chars.last() == Some(&'$') && !pattern.ends_with("\\$"))
    {
        return Err("a pattern always fits the whole value, and `^` and `$` stand for themselves: \
                    remove them, or write `\\^` and `\\$` for the characters"
            .to_owned());
    }
    let body = reader.alternatives()?;
    match reader.peek() {
        None => Ok(body),
        Some(c) => Err(reader.problem(&format!("`{c}` closes nothing"))),
    }
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    depth: usize,
}

/// What stands between brackets, or for one escape: explicit characters, and escapes like `\d` for the engine to read.
struct Class {
    ranges: Ranges,
    escapes: String,
    negated: bool,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += usize::from(c.is_some());
        c
    }

    fn problem(&self, what: &str) -> String {
        format!("{what} at character {} of the pattern", self.at.min(self.chars.len()) + 1)
    }

    fn enter(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            Err(self.problem(&format!("more than {MAX_DEPTH} levels")))
        } else {
            Ok(())
        }
    }

    /// `regExp`: branches between `|`, always in a group so that the anchors around it hold for each.
    fn alternatives(&mut self) -> Result<String, String> {
        self.enter()?;
        let mut out = "(".to_owned();
        loop {
            match self.peek() {
                None | Some(')') => break,
                Some('|') => {
                    self.at += 1;
                    out.push('|');
                }
                Some(_) => {
                    out.push_str(&self.atom()?);
                    out.push_str(&self.quantifier()?);
                }
            }
        }
        self.depth -= 1;
        out.push(')');
        Ok(out)
    }

    fn atom(&mut self) -> Result<String, String> {
        let here = self.at;
        match self.take() {
            Some('(') => {
                let inner = self.alternatives()?;
                match self.take() {
                    Some(')') => Ok(inner),
                    _ => Err(self.problem("`)` is missing")),
                }
            }
            Some('[') => self.class().map(|class| class.write()),
            Some('\\') => self.escape().map(|class| class.write()),
            Some('.') => Ok("[^\\n\\r]".to_owned()),
            Some(c @ ('?' | '*' | '+' | '{')) => {
                self.at = here;
                Err(self.problem(&format!("`{c}` follows nothing that it could repeat")))
            }
            Some(c @ ('}' | ']')) => {
                self.at = here;
                Err(self.problem(&format!("`{c}` is not escaped")))
            }
            Some(c) => Ok(literal(c)),
            None => Err(self.problem("the pattern ends too early")),
        }
    }

    fn quantifier(&mut self) -> Result<String, String> {
        let out = match self.peek() {
            Some(c @ ('?' | '*' | '+')) => {
                self.at += 1;
                c.to_string()
            }
            Some('{') => {
                self.at += 1;
                let least = self.number()?;
                match self.take() {
                    Some('}') => format!("{{{least}}}"),
                    Some(',') if self.peek() == Some('}') => {
                        self.at += 1;
                        format!("{{{least},}}")
                    }
                    Some(',') => {
                        let most = self.number()?;
                        if self.take() != Some('}') || most < least {
                            return Err(self.problem("malformed `{n,m}`"));
                        }
                        format!("{{{least},{most}}}")
                    }
                    _ => return Err(self.problem("malformed `{n,m}`")),
                }
            }
            _ => return Ok(String::new()),
        };
        match self.peek() {
            Some(c @ ('?' | '*' | '+' | '{')) => {
                Err(self.problem(&format!("XSD has no `{c}` after a quantifier")))
            }
            _ => Ok(out),
        }
    }

    fn number(&mut self) -> Result<u32, String> {
        let mut digits = String::new();
        while let Some(c) = self.peek().filter(char::is_ascii_digit) {
            digits.push(c);
            self.at += 1;
        }
        match digits.parse() {
            Ok(n) if n <= MAX_REPEAT => Ok(n),
            Ok(_) => Err(self.problem(&format!("a repetition of more than {MAX_REPEAT} is not supported"))),
            Err(_) => Err(self.problem("a number is missing")),
        }
    }

    /// After `\`.
    fn escape(&mut self) -> Result<Class, String> {
        let explicit = |ranges: Ranges, negated: bool| Class { ranges, escapes: String::new(), negated };
        Ok(match self.take() {
            Some('n') => explicit(Ranges::one('\n'), false),
            Some('r') => explicit(Ranges::one('\r'), false),
            Some('t') => explicit(Ranges::one('\t'), false),
            Some(c) if "\\|.-^$?*+{}()[]".contains(c) => explicit(Ranges::one(c), false),
            Some(c @ ('s' | 'S')) => explicit(Ranges::space(), c == 'S'),
            Some(c @ ('i' | 'I')) => explicit(Ranges::name_start(), c == 'I'),
            Some(c @ ('c' | 'C')) => explicit(Ranges::name_char(), c == 'C'),
            Some(c @ ('d' | 'D' | 'w' | 'W')) => {
                Class { ranges: Ranges::default(), escapes: format!("\\{c}"), negated: false }
            }
            Some(c @ ('p' | 'P')) => {
                let name = self.category()?;
                Class { ranges: Ranges::default(), escapes: format!("\\{c}{{{name}}}"), negated: false }
            }
            Some(c) => {
                self.at -= 2;
                return Err(self.problem(&format!("XSD has no escape `\\{c}`")));
            }
            None => return Err(self.problem("`\\` ends the pattern")),
        })
    }

    /// `{Lu}` after `\p`. Blocks (`{IsGreek}`) are not supported.
    fn category(&mut self) -> Result<String, String> {
        const KNOWN: &str = "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po \
                             Z Zs Zl Zp S Sm Sc Sk So C Cc Cf Co Cn";
        let rest: String = self.chars[self.at..].iter().take(40).collect();
        let Some((name, _)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
            return Err(self.problem("`\\p` without a category in braces"));
        };
        if !KNOWN.split(' ').any(|known| known == name) {
            return Err(self.problem(&format!("Unicode category `{name}` is unknown or not supported")));
        }
        self.at += name.chars().count() + 2;
        Ok(name.to_owned())
    }

    /// After `[`.
    fn class(&mut self) -> Result<Class, String> {
        self.enter()?;
        let negated = self.peek() == Some('^');
        self.at += usize::from(negated);
        let mut class = Class { ranges: Ranges::default(), escapes: String::new(), negated };
        let first = self.at;
        loop {
            match (self.peek(), self.chars.get(self.at + 1)) {
                (None, _) => return Err(self.problem("`]` is missing")),
                (Some(']'), _) if self.at == first => return Err(self.problem("an empty class")),
                (Some(']'), _) => {
                    self.at += 1;
                    break;
                }
                (Some('-'), Some('[')) if self.at > first => {
                    self.at += 2;
                    let removed = self.class()?;
                    if self.take() != Some(']') {
                        return Err(self.problem("`]` is missing after a subtracted class"));
                    }
                    class = class.without(removed).map_err(|what| self.problem(what))?;
                    break;
                }
                (Some('['), _) => return Err(self.problem("`[` is not escaped in a class")),
                _ => self.class_part(first, &mut class)?,
            }
        }
        self.depth -= 1;
        Ok(class)
    }

    /// One character, range or escape of a class.
    fn class_part(&mut self, first: usize, class: &mut Class) -> Result<(), String> {
        let start = self.at;
        let Some(low) = self.class_char(class)? else { return Ok(()) };
        let range =
            self.peek() == Some('-') && !matches!(self.chars.get(self.at + 1), None | Some(']' | '['));
        if low == '-' && self.chars[start] == '-' && start != first && self.peek() != Some(']') {
            self.at = start;
            return Err(self.problem("`-` is only allowed first or last in a class, unless escaped"));
        }
        if !range {
            class.ranges.add(low, low);
            return Ok(());
        }
        self.at += 1;
        match self.class_char(class)? {
            Some(high) if low <= high => class.ranges.add(low, high),
            _ => return Err(self.problem("a range whose end is not a character after its beginning")),
        }
        Ok(())
    }

    /// A single character of a class, or `None` after an escape for several, which is added to `class`.
    fn class_char(&mut self, class: &mut Class) -> Result<Option<char>, String> {
        if self.peek() != Some('\\') {
            return Ok(self.take());
        }
        self.at += 1;
        let escape = self.escape()?;
        if let Some(c) = escape.ranges.single().filter(|_| !escape.negated) {
            return Ok(Some(c));
        }
        class.ranges.add_all(&if escape.negated { escape.ranges.complement() } else { escape.ranges });
        class.escapes.push_str(&escape.escapes);
        Ok(None)
    }
}

impl Class {
    /// Class subtraction. Only explicit characters can be subtracted and subtracted from: the engine's tables for
    /// `\d`, `\w` and `\p` are not known here.
    fn without(self, removed: Class) -> Result<Class, &'static str> {
        if !self.escapes.is_empty() || !removed.escapes.is_empty() {
            return Err("subtracting classes with `\\d`, `\\w` or `\\p` is not supported");
        }
        let mut ranges = self.explicit();
        ranges.remove(&removed.explicit());
        if ranges.is_empty() {
            return Err("a class that fits no character");
        }
        Ok(Class { ranges, escapes: String::new(), negated: false })
    }

    fn explicit(&self) -> Ranges {
        if self.negated { self.ranges.complement() } else { self.ranges.clone() }
    }

    fn write(&self) -> String {
        if let (Some(c), true, false) = (self.ranges.single(), self.escapes.is_empty(), self.negated) {
            return literal(c);
        }
        let mark = if self.negated { "^" } else { "" };
        let mut out = format!("[{mark}");
        for (low, high) in self.ranges.iter() {
            out.push_str(&literal(low));
            if low < high {
                out.push('-');
                out.push_str(&literal(high));
            }
        }
        out + &self.escapes + "]"
    }
}

/// `c` so that it stands for itself in and outside a class, for the checks of the validator as for the engine.
fn literal(c: char) -> String {
    match c {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        _ if "\\|.-^?*+{}()[]$&~#".contains(c) => format!("\\{c}"),
        _ => c.to_string(),
    }
}
