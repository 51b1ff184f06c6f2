//! Hidden inputs of HTML forms: what a browser sends on to another party.

use super::super::operator::{Mutants, Operator, Text, Touches};
use super::super::places::{Kind, Place};
use super::super::source::{Pool, Source};

pub const OPERATORS: &[Operator] = &[
    Operator {
        name: "input-dropped",
        family: "html",
        says: "a hidden input is missing",
        example: (r#"<form><input name="fee" value="1"></form>"#, "<form></form>"),
        make: dropped,
    },
    Operator {
        name: "input-renamed",
        family: "html",
        says: "a hidden input has another name",
        example: (
            r#"<form><input name="fee" value="1"></form>"#,
            r#"<form><input name="fee_1" value="1"></form>"#,
        ),
        make: renamed,
    },
    Operator {
        name: "input-changed",
        family: "html",
        says: "a hidden input has another value",
        example: (
            r#"<form><input name="fee" value="1"></form>"#,
            r#"<form><input name="fee" value="1_1"></form>"#,
        ),
        make: changed,
    },
];

fn inputs<'s>(source: &'s Source<'_>) -> impl Iterator<Item = &'s Place> {
    source.chosen().filter(|p| p.kind == Kind::Input)
}

fn dropped(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in inputs(source) {
        let says = Some(format!("`{}` is left out", place.name));
        mutants.splice(place, Touches::Structure, says, &[(place.span.clone(), Text::Written(""))]);
    }
}

fn renamed(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in inputs(source) {
        let Some(key) = place.key.clone() else { continue };
        let name = format!("{}_1", place.name);
        let says = Some(format!("`{}` is called `{name}`", place.name));
        mutants.splice(place, Touches::Structure, says, &[(key, Text::Written(&name))]);
    }
}

fn changed(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in inputs(source) {
        mutants.value(place, &format!("{}_1", place.text));
    }
}
