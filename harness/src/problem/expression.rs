//! What the expression of a rule says, as far as its text tells: which fields it reads, and whether another rule says
//! the same of another answer.

/// The names of fields whose values an expression reads: the last of each path, not the lists and objects on the way
/// (`o.userid == body.userid`: `userid`; `body.orders.all(o, …)`: not `orders`).
pub fn fields(expression: &str) -> impl Iterator<Item = &str> {
    expression.match_indices('.').filter_map(|(dot, _)| {
        let (name, rest) = name_and_rest(&expression[dot + 1..]);
        let begins = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
        (begins && !rest.starts_with(['.', '(', '['])).then_some(name)
    })
}

/// An expression without the objects that its fields stand in: `size(body.RPLY.error_desc) > 0` says of another answer
/// what `size(body.ACCESSGW.COMMAND.error_desc) > 0` says. `None` where it does not read the body.
pub fn without_paths(expression: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = expression;
    let mut found = false;
    while let Some(at) = rest.find("body.") {
        let begins = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || "_.".contains(c));
        out.push_str(&rest[..at]);
        rest = &rest[at + "body.".len()..];
        if !begins {
            out.push_str("body.");
            continue;
        }
        found = true;
        let (mut name, mut after) = name_and_rest(rest);
        // A name with arguments is a function: the path ends before it.
        while let Some(more) = after.strip_prefix('.')
            && let (next, then) = name_and_rest(more)
            && !next.is_empty()
            && !then.starts_with('(')
        {
            (name, after) = (next, then);
        }
        out.push_str(name);
        rest = after;
    }
    out.push_str(rest);
    found.then_some(out)
}

fn name_and_rest(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_the_ends_of_paths() {
        let read = |text| fields(text).collect::<Vec<_>>();
        assert_eq!(read("body.orders.all(o, o.userid == body.userid)"), ["userid", "userid"]);
        assert_eq!(read("size(body.data) > 1.5 && body.list[0].id != vars.first"), ["data", "id", "first"]);
        assert_eq!(read("a.Größe"), ["Größe"]);
    }

    #[test]
    fn the_same_of_another_answer() {
        assert_eq!(
            without_paths("size(body.RPLY.desc) > 0"),
            without_paths("size(body.ACCESS.COMMAND.desc) > 0")
        );
        assert_ne!(without_paths("body.a.all(x, x > 0)"), without_paths("body.b.all(x, x > 0)"));
        assert_eq!(without_paths("body.a.b == anybody.c && body.d.matches('x')").as_deref(), {
            Some("b == anybody.c && d.matches('x')")
        });
        assert_eq!(without_paths("vars.x == 1"), None);
        assert_eq!(without_paths("body.").as_deref(), Some(""));
    }
}
