//! The deterministic phases: documented examples, and one named deviation at a time from the accepted request.

use super::dictionary::RAW;
use super::field::{Field, Writing, fields};
use super::probe::{Bound, Breach, Demand, Phase, Probe};
use super::unsayable::is_sayable;
use super::values::{Candidate, candidates};
use super::{Base, wire, xml_body};
use crate::contract::ParameterIn;
use crate::model::level::Level;
use crate::plan::{Change, ChangePlace, Wire};
use serde_json::Value;

/// The documented examples of a request, each value of one example by itself: it is good input at its place.
pub fn examples(base: &Base) -> Vec<Probe> {
    let mut probes = Vec::new();
    for field in fields(base).iter().filter(|f| f.place == ChangePlace::Parameter) {
        let parameter = base.operation.parameter(&field.name);
        for example in parameter.into_iter().flat_map(|p| &p.examples) {
            if Some(&example.value) == field.base.as_ref() {
                continue;
            }
            probes.push(Probe {
                phase: Phase::Examples,
                kind: format!("example={}", example.name),
                place: field.name.clone(),
                changes: vec![set(field, example.value.clone())],
                // It need not belong to the session or the state that the other values are of.
                demand: Demand::Open,
                bound: Bound::Contract,
                safe: true,
                origin: None,
            });
        }
    }
    probes
}

/// A value that a case of the suite says is refused, in place of the good one; `None` where the contract itself forbids
/// it, which is asked anyway.
pub fn refused_by_case(base: &Base, name: &str, value: Value, case: &str, breach: Breach) -> Option<Probe> {
    let all = fields(base);
    let field = all.iter().find(|field| field.name == name)?;
    if demand(base, field, &value) != Demand::Open || field.base.as_ref() == Some(&value) {
        return None;
    }
    Some(Probe {
        phase: Phase::Examples,
        kind: format!("refused-in={case}"),
        place: field.name.clone(),
        changes: vec![set(field, value)],
        demand: Demand::Refused(breach),
        bound: Bound::Contract,
        safe: true,
        origin: None,
    })
}

/// Every deviation of every field, and those of the request as a whole.
pub fn boundaries(base: &Base) -> Vec<Probe> {
    let mut probes = Vec::new();
    for field in fields(base) {
        of_field(base, &field, &mut probes);
    }
    wire::deviations(base, &mut probes);
    xml_body::deviations(base, &mut probes);
    probes
}

fn of_field(base: &Base, field: &Field<'_>, probes: &mut Vec<Probe>) {
    let probe = |kind: String, changes: Vec<Change>, demand: Demand| Probe {
        phase: Phase::Boundaries,
        kind,
        place: field.name.clone(),
        changes,
        demand,
        bound: Bound::Contract,
        safe: true,
        origin: None,
    };
    if field.base.is_some() && field.place_in != Some(ParameterIn::Path) {
        let remove = Change::Remove { place: field.place, name: field.name.clone() };
        let demand = match field.may_be_missing() {
            Some(false) => {
                Demand::Refused(breach(field, "required", format!("`{}` is required", field.name)))
            }
            Some(true) => Demand::Accepted(format!("`{}` is optional", field.name)),
            None => Demand::Open,
        };
        probes.push(probe("missing".into(), vec![remove], demand));
    }
    for Candidate { kind, value } in candidates(field) {
        if !is_sayable(&base.operation, &crate::expr::printed(&value)) {
            continue;
        }
        let demand = demand(base, field, &value);
        let spaced = is_unclear(field, &value);
        let leaves = leaves(field, &value);
        let one = probe(kind, vec![set(field, value)], demand);
        if leaves {
            probes.push(Probe { bound: Bound::Elsewhere, demand: Demand::Open, ..one });
            continue;
        }
        probes.push(if spaced { Probe { bound: Bound::Unreadable, ..one } } else { one });
    }
    let in_pairs = field.place_in == Some(ParameterIn::Query)
        || field.place == ChangePlace::Body && field.writing == Writing::Text;
    if in_pairs && field.base.is_some() {
        for (kind, raw) in RAW {
            let raw = Wire::RawValue { name: field.name.clone(), raw: raw.into() };
            let open = probe(kind.into(), vec![Change::Wire(raw)], Demand::Open);
            probes.push(Probe { bound: Bound::Unreadable, ..open });
        }
        let twice = |value: &str| Change::Wire(Wire::Pair(format!("{}={value}", field.name)));
        for (kind, value) in [("twice", "1"), ("twice-empty", "")] {
            let open = probe(kind.into(), vec![twice(value)], Demand::Open);
            probes.push(Probe { bound: Bound::Unreadable, ..open });
        }
    }
}

pub fn set(field: &Field<'_>, value: Value) -> Change {
    Change::Set { place: field.place, name: field.name.clone(), value }
}

/// Whether a value makes another path of it: many servers decode `%2F` and resolve `..` before they look for an operation.
pub fn leaves(field: &Field<'_>, value: &Value) -> bool {
    let text = crate::expr::printed(value);
    field.place_in == Some(ParameterIn::Path)
        && (text.contains(['/', '\\']) || text.trim().is_empty() || text == "." || text == "..")
}

/// Space around the text of an element or a header is not its value.
fn is_spaced(field: &Field<'_>, value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    let trimmed = field.writing == Writing::Xml || field.place_in == Some(ParameterIn::Header);
    trimmed && text.trim() != text
}

/// Nobody can say how an answer repeats a control character (XML has none), or space around a text.
pub fn is_unclear(field: &Field<'_>, value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    is_spaced(field, value) || text.chars().any(|c| c.is_control() && !"\t\r\n".contains(c))
}

/// What the contract says of a value: the first keyword that it breaks, or nothing.
pub fn demand(base: &Base, field: &Field<'_>, value: &Value) -> Demand {
    if field.allows(value) != Some(false) || is_spaced(field, value) {
        return Demand::Open;
    }
    // A server may ignore what a client would rather have (RFC 9110 section 12.5).
    let negotiates =
        field.place_in == Some(ParameterIn::Header) && field.name.to_ascii_lowercase().starts_with("accept");
    // An optional field without a value is one that is not there, where it is text, and where the signature leaves it
    // out.
    let skips = base.operation.sign_request.as_ref().is_some_and(|sign| sign.skip_empty);
    let is_text = field.writing != Writing::Json;
    // Neither have lists and objects within a list a form of their own as text (OpenAPI 3.1 section 4.8.12.2).
    let empty =
        |value: &Value| value.is_object() || value.is_array() || crate::expr::printed(value).is_empty();
    let unsaid =
        is_text && (value.is_null() || value.as_array().is_some_and(|i| i.is_empty() || i.iter().any(empty)));
    let is_absent = !field.required && (value.as_str() == Some("") && (is_text || skips) || unsaid);
    // The members of an object are parameters of their own (`style: form`, OpenAPI 3.1 section 4.8.12.2): its name is that of
    // none of them.
    let spreads =
        field.writing == Writing::Text && field.schema.contains_key("type") && field.has_type("object");
    if negotiates || is_absent || spreads {
        return Demand::Open;
    }
    let violation = field.spec.and_then(|spec| {
        let schema = Value::Object(field.schema.clone());
        let keyword = broken_keyword(&schema, &field.reading(value))?;
        let pointer = format!("{}/{keyword}", field.pointer);
        Some((keyword, spec.line(&pointer), pointer))
    });
    match violation {
        Some((keyword, line, pointer)) => {
            let wanted = field.schema.get(&keyword).map(ToString::to_string).unwrap_or_default();
            let mut breach = breach(field, &keyword, format!("`{keyword}` of `{}` is {wanted}", field.name));
            (breach.spec, breach.pointer) = (Some(line), Some(pointer));
            Demand::Refused(breach)
        }
        None => Demand::Refused(breach(
            field,
            "schema",
            format!("the schema of `{}` does not allow it", field.name),
        )),
    }
}

/// The keyword that forbids a value, judged by itself.
fn broken_keyword(schema: &Value, value: &Value) -> Option<String> {
    let map = schema.as_object()?;
    let order =
        ["type", "const", "enum", "minLength", "maxLength", "minimum", "maximum", "pattern", "format"];
    let rest = map.keys().map(String::as_str).filter(|k| !order.contains(k));
    order.into_iter().chain(rest).filter(|k| map.contains_key(*k)).find_map(|keyword| {
        let alone = Value::Object([(keyword.to_owned(), map[keyword].clone())].into_iter().collect());
        let validator = jsonschema::options().should_validate_formats(true).build(&alone).ok()?;
        (!validator.is_valid(value)).then(|| keyword.to_owned())
    })
}

fn breach(field: &Field<'_>, constraint: &str, says: String) -> Breach {
    let spec = field.spec.map(|spec| spec.line(&field.pointer));
    let pointer = field.spec.map(|_| field.pointer.clone());
    let doc = field.doc.clone();
    Breach { constraint: constraint.into(), says, level: Level::Must, spec, pointer, doc }
}
