//! [`Page`]: a page as the forms on it, the tree that schemas and rules see.

use super::tree::{Child, DOCUMENT, Id, Node};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// What is read from an HTML page.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// `{title, forms: [{id, name, action, method, fields: {name: value}}]}`; what a page or form does not say is null.
    pub tree: Value,
    /// The charset that the page says of itself: `<meta charset>`, or `<meta http-equiv="content-type">`.
    pub charset: Option<String>,
}

/// Why a page does not have *the* form that something is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormError {
    None,
    Several(usize),
}

impl Page {
    /// Fields of the only form of a page's tree.
    pub fn only_form(tree: &Value) -> Result<&Map<String, Value>, FormError> {
        let forms = tree.get("forms").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        match forms {
            [form] => form.get("fields").and_then(Value::as_object).ok_or(FormError::None),
            [] => Err(FormError::None),
            several => Err(FormError::Several(several.len())),
        }
    }
}

/// Reads forms and their controls in the order of the document.
pub fn page(nodes: &[Node]) -> Page {
    let order = in_order(nodes);
    let forms: Vec<Id> = order.iter().copied().filter(|id| nodes[*id].tag() == "form").collect();
    let mut by_id: HashMap<&str, Id> = HashMap::new();
    for form in &forms {
        if let Some(id) = nodes[*form].attribute("id") {
            by_id.entry(id).or_insert(*form);
        }
    }
    let mut fields: HashMap<Id, Map<String, Value>> = HashMap::new();
    for id in &order {
        let node = &nodes[*id];
        let owner = match node.attribute("form") {
            Some(named) => by_id.get(named).copied(),
            None => node.form,
        };
        let Some(owner) = owner else { continue };
        for (name, value) in sent(nodes, *id) {
            add(fields.entry(owner).or_default(), name, value);
        }
    }
    let of = |node: &Node, name: &str| node.attribute(name).map_or(Value::Null, Value::from);
    let forms: Vec<Value> = forms
        .into_iter()
        .map(|id| {
            let node = &nodes[id];
            json!({
                "id": of(node, "id"),
                "name": of(node, "name"),
                "action": of(node, "action"),
                "method": node.attribute("method").map_or("get".into(), |m| m.trim().to_ascii_lowercase()),
                "fields": fields.remove(&id).unwrap_or_default(),
            })
        })
        .collect();
    let title = order.iter().find(|id| nodes[**id].tag() == "title").map(|id| words(&text_of(nodes, *id)));
    let charset = order.iter().filter(|id| nodes[**id].tag() == "meta").find_map(|id| charset(&nodes[*id]));
    Page { tree: json!({ "title": title, "forms": forms }), charset }
}

/// Numbers of all elements in tree order. Nesting is bounded by the reader; the stack is our own all the same.
fn in_order(nodes: &[Node]) -> Vec<Id> {
    let mut order = Vec::new();
    let mut stack = vec![DOCUMENT];
    while let Some(id) = stack.pop() {
        order.push(id);
        stack.extend(nodes[id].children.iter().rev().filter_map(|child| match child {
            Child::Node(id) => Some(*id),
            Child::Text(_) => None,
        }));
    }
    order
}

/// All text below a node, in order.
fn text_of(nodes: &[Node], id: Id) -> String {
    let mut out = String::new();
    let mut stack: Vec<&Child> = nodes[id].children.iter().rev().collect();
    while let Some(child) = stack.pop() {
        match child {
            Child::Text(text) => out.push_str(text),
            Child::Node(id) => stack.extend(nodes[*id].children.iter().rev()),
        }
    }
    out
}

fn words(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a control adds when its form is submitted by a script: names and values (WHATWG HTML section 4.10.22.4).
fn sent(nodes: &[Node], id: Id) -> Vec<(String, String)> {
    let node = &nodes[id];
    let Some(name) = node.attribute("name").filter(|name| !name.is_empty()) else { return Vec::new() };
    if node.attribute("disabled").is_some() {
        return Vec::new();
    }
    let one = |value: &str| vec![(name.to_owned(), value.to_owned())];
    match node.tag() {
        "input" => {
            let kind = node.attribute("type").unwrap_or("text").to_ascii_lowercase();
            let value = node.attribute("value");
            match kind.as_str() {
                "checkbox" | "radio" if node.attribute("checked").is_none() => Vec::new(),
                "checkbox" | "radio" => one(value.unwrap_or("on")),
                "button" | "reset" | "image" => Vec::new(),
                _ => one(value.unwrap_or_default()),
            }
        }
        "textarea" => one(&text_of(nodes, id)),
        "select" => chosen(nodes, id).into_iter().map(|value| (name.to_owned(), value)).collect(),
        _ => Vec::new(),
    }
}

/// Values of the options of a `select` that are selected: of a single one the last that says so, else the first.
fn chosen(nodes: &[Node], select: Id) -> Vec<String> {
    let mut options = Vec::new();
    let mut stack: Vec<Id> = vec![select];
    while let Some(id) = stack.pop() {
        if nodes[id].tag() == "option" {
            options.push(id);
        }
        stack.extend(nodes[id].children.iter().rev().filter_map(|child| match child {
            Child::Node(id) => Some(*id),
            Child::Text(_) => None,
        }));
    }
    options.retain(|id| nodes[*id].attribute("disabled").is_none());
    let value = |id: &Id| match nodes[*id].attribute("value") {
        Some(value) => value.to_owned(),
        None => words(&text_of(nodes, *id)),
    };
    let selected: Vec<String> =
        options.iter().filter(|id| nodes[**id].attribute("selected").is_some()).map(value).collect();
    match (nodes[select].attribute("multiple"), selected.last()) {
        (Some(_), _) => selected,
        (None, Some(last)) => vec![last.clone()],
        (None, None) => options.first().map(value).into_iter().collect(),
    }
}

/// A name that stands more than once has a list of its values, as in a query.
fn add(fields: &mut Map<String, Value>, name: String, value: String) {
    let value = Value::String(value);
    match fields.get_mut(&name) {
        None => {
            fields.insert(name, value);
        }
        Some(Value::Array(list)) => list.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

fn charset(meta: &Node) -> Option<String> {
    if let Some(label) = meta.attribute("charset") {
        return Some(label.trim().to_owned());
    }
    let equiv = meta.attribute("http-equiv")?;
    if !equiv.eq_ignore_ascii_case("content-type") {
        return None;
    }
    crate::http::media_type::MediaType::parse(meta.attribute("content")?)?.charset
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    fn tree(text: &str) -> Value {
        read(text).unwrap().tree
    }

    #[test]
    fn a_payment_page_is_its_form() {
        let text = r#"<form id="pay" name='pay' action="https://pay.example/gate?a=1&amp;b=2" METHOD="POST">
            <input type="hidden" name="subject" value="A &amp; B &lt;i&gt; &#39;x&#39;"/>
            <input type=hidden name=total_fee value=12.50><input type="submit" value="OK" style="display:none">
            </form><script>document.forms['pay'].submit();</script>"#;
        assert_eq!(
            tree(text),
            json!({"title": null, "forms": [{
                "id": "pay", "name": "pay", "action": "https://pay.example/gate?a=1&b=2", "method": "post",
                "fields": {"subject": "A & B <i> 'x'", "total_fee": "12.50"}
            }]})
        );
    }

    #[test]
    fn controls_count_as_a_browser_would_send_them() {
        let text = "<!DOCTYPE html><title> Pay \n now </title><form>
            <input name=t><input name=twice value=1><input name=twice value=2>
            <input type=checkbox name=no><input type=checkbox name=yes checked>
            <input type=radio name=r value=a><input type=radio name=r value=b checked>
            <input name=off value=1 disabled><input type=button name=b value=1><input type=submit name=go value=Go>
            <textarea name=area>\n a&lt;b </textarea><button name=button value=1>x</button>
            <select name=first><option>A<option value=2>B</select>
            <select name=picked><option>A<option selected value=2>B</select>
            <select name=many multiple><option selected>A<option selected>B<option>C</select></form>
            <input name=outside value=1><input name=elsewhere form=f2 value=1><form id=f2></form>";
        assert_eq!(
            tree(text),
            json!({"title": "Pay now", "forms": [
                {"id": null, "name": null, "action": null, "method": "get", "fields": {
                    "t": "", "twice": ["1", "2"], "yes": "on", "r": "b", "go": "Go", "area": " a<b ",
                    "first": "A", "picked": "2", "many": ["A", "B"]
                }},
                {"id": "f2", "name": null, "action": null, "method": "get", "fields": {"elsewhere": "1"}}
            ]})
        );
    }

    /// A form in a table is closed at once by the parser, and its controls are its own all the same.
    #[test]
    fn tag_soup_is_read_as_a_browser_reads_it() {
        let text = "<table><form id=f><tr><td><input name=a value=1></table><input name=b value=2>
            <form id=inner><input name=c value=3></form><input name=d value=4>
            <!-- <form><input name=e></form> --><template><form><input name=g value=1></form></template>";
        assert_eq!(
            tree(text)["forms"],
            json!([{"id": "f", "name": null, "action": null, "method": "get", "fields": {"a": "1", "b": "2", "c": "3"}}])
        );
    }

    #[test]
    fn the_page_says_its_charset() {
        let charset = |text: &str| read(text).unwrap().charset;
        assert_eq!(charset("<meta charset=GBK><p>"), Some("GBK".into()));
        let equiv = "<meta http-equiv='Content-Type' content='text/html; charset=gb2312'>";
        assert_eq!(charset(equiv), Some("gb2312".into()));
        assert_eq!(charset("<p>charset=GBK</p>"), None);
    }

    #[test]
    fn what_is_not_html_and_what_is_too_much_is_refused() {
        let message = |text: &str| read(text).unwrap_err().message;
        assert_eq!(message("{\"error_no\": 0}"), "there is no HTML element in it");
        assert_eq!(message(""), "there is no HTML element in it");
        assert_eq!(message(&"<div>".repeat(100_000)), "nested deeper than 256 levels");
        assert_eq!(message(&"<br>".repeat(300_000)), "more than 200000 elements and texts");
        let attributes: String = (0..300_000).map(|i| format!(" a{i}")).collect();
        assert_eq!(message(&format!("<p{attributes}>")), "a tag or comment of more than 64 KiB");
        assert_eq!(
            message(&format!("<p><!--{}", "x".repeat(1 << 20))),
            "a tag or comment of more than 64 KiB"
        );
        let formatting: String = (0..50_000).map(|i| format!("<p><b a{i}></p>")).collect();
        assert_eq!(message(&formatting), "nested deeper than 256 levels");
        // Text and closed elements may be long.
        assert!(read(&format!("<p>{}", "x ".repeat(2 << 20))).is_ok());
    }
}
