//! [`Echoes`]: values that the case itself made up, or captured, and that come back in answers.

use serde_json::Value;

/// Shorter values turn up by chance: a whole value of this length is taken for the variable…
const SHORTEST_WHOLE: usize = 4;
/// …a piece of a longer text from this length on.
const SHORTEST_PIECE: usize = 6;

/// Variables whose values differ from run to run.
#[derive(Debug, Clone, Default)]
pub struct Echoes {
    /// Name and value, the longest value first.
    values: Vec<(String, String)>,
}

impl Echoes {
    /// Adds a variable: strings and numbers, also inside lists and maps.
    pub fn add(&mut self, name: &str, value: &Value) {
        match value {
            Value::String(text) => self.insert(name, text.clone()),
            Value::Number(number) => self.insert(name, number.to_string()),
            Value::Array(items) => items.iter().for_each(|item| self.add(name, item)),
            Value::Object(map) => map.iter().for_each(|(key, item)| self.add(&format!("{name}.{key}"), item)),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn insert(&mut self, name: &str, value: String) {
        if value.len() < SHORTEST_WHOLE || self.values.iter().any(|(_, known)| *known == value) {
            return;
        }
        self.values.push((name.to_owned(), value));
        self.values.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
    }

    /// A text with the variables' names where their values were.
    pub fn text(&self, text: &str) -> String {
        if let Some((name, _)) = self.values.iter().find(|(_, value)| value == text) {
            return format!("${{vars.{name}}}");
        }
        let mut out = text.to_owned();
        for (name, value) in self.values.iter().filter(|(_, value)| value.len() >= SHORTEST_PIECE) {
            if out.contains(value.as_str()) {
                out = out.replace(value.as_str(), &format!("${{vars.{name}}}"));
            }
        }
        out
    }

    /// A number that is a variable's value.
    pub fn number(&self, number: &serde_json::Number) -> Option<String> {
        let text = number.to_string();
        let (name, _) = self.values.iter().find(|(_, value)| *value == text)?;
        Some(format!("[number: ${{vars.{name}}}]"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn generated_values_get_their_names_back() {
        let mut echoes = Echoes::default();
        echoes.add("phone", &json!("13012345678"));
        echoes.add("digits", &json!("2345"));
        echoes.add("order", &json!({"id": 987654}));
        echoes.add("short", &json!("200"));
        assert_eq!(echoes.text("13012345678"), "${vars.phone}");
        assert_eq!(echoes.text("tel:13012345678;2345"), "tel:${vars.phone};2345");
        assert_eq!(echoes.text("2345"), "${vars.digits}");
        assert_eq!(echoes.text("200"), "200");
        assert_eq!(echoes.number(&987_654.into()).as_deref(), Some("[number: ${vars.order.id}]"));
        assert_eq!(echoes.number(&1.into()), None);
    }
}
