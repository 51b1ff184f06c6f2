//! Is the media type documented?

use super::{Expectation, Subject};
use crate::http::media_type::MediaType;
use crate::model::finding::Finding;

const AT: &str = "header content-type";

pub fn check(subject: &Subject<'_, '_>, _: &Expectation) -> Vec<Finding> {
    let Some(documented) = subject.documented.filter(|d| !d.media.is_empty()) else { return Vec::new() };
    let expected = documented.media.iter().map(|m| m.essence.as_str()).collect::<Vec<_>>().join(" or ");
    let spec = Some(documented.media[0].location.clone());
    let values: Vec<&[u8]> = subject
        .response
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map(|(_, value)| value.as_slice())
        .collect();
    let finding = |requirement: &str, message: String, actual: String| {
        vec![
            Finding::new("content-type", AT, message)
                .requirement(requirement)
                .expected(expected.clone())
                .actual(actual)
                .spec(spec.clone()),
        ]
    };
    let [value] = values.as_slice() else {
        return match values.len() {
            0 => finding("declared", "the answer does not declare a media type".into(), "nothing".into()),
            n => finding("one", format!("the answer declares {n} media types"), format!("{n} headers")),
        };
    };
    let text = crate::model::exchange::latin1(value);
    match MediaType::parse(&text) {
        None => finding("form", format!("`{}` is not a media type", text.escape_debug()), text),
        Some(m) if documented.media.iter().any(|d| d.essence == m.essence) => Vec::new(),
        Some(m) => finding("documented", format!("media type `{}` is not documented", m.essence), m.essence),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, typed};

    #[test]
    fn fires_on_another_type_no_type_and_nonsense() {
        let check = |value: &str| Fixture::default().answer(typed(value, "{}")).check("content-type");
        assert_eq!(check("text/html")[0].message, "media type `text/html` is not documented");
        assert_eq!(check("")[0].message, "the answer does not declare a media type");
        assert_eq!(check("json")[0].message, "`json` is not a media type");
    }

    #[test]
    fn is_silent_on_the_documented_type_with_parameters() {
        let answer = typed("Application/JSON; charset=utf-8", "{}");
        assert!(Fixture::default().answer(answer).check("content-type").is_empty());
    }
}
