//! What the rules of a report for code are called, and a sentence for each.

use super::issue::Issue;

/// The ids of the rules that anything breaks, each once, in the order in which they are met.
pub fn ids(issues: &[Issue]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for issue in issues {
        if !ids.contains(&issue.rule) {
            ids.push(issue.rule.clone());
        }
    }
    ids
}

/// What a rule requires. `message`: of a finding that breaks it; rules of contracts say there what they require.
pub fn says(id: &str, message: Option<&str>) -> String {
    let (check, requirement) = id.split_once('/').unwrap_or((id, ""));
    let stated = message.and_then(|m| m.strip_prefix("not so: "));
    if let ("rule", Some(stated)) = (check, stated) {
        return stated.to_owned();
    }
    let sentence = match check {
        "status" => "The status is one that the contract or the case names.",
        "content-type" => "The answer's media type is one that the contract names.",
        "content-encoding" => "The body is coded as its label says.",
        "charset" => "The body's bytes are in the documented charset.",
        "well-formed" => "The body can be read as what it is said to be.",
        "schema" => "The body is valid by the contract's JSON Schema.",
        "xsd" => "The body is valid by the contract's XML Schema.",
        "outcome" => {
            "The answer is a success or a failure, as the contract tells them apart, and the one expected."
        }
        "code" => "The code is one that the document lists, with the outcome that it says.",
        "rule" => "A rule of the contract or of the case holds.",
        "signature" => "The signature is that of the content.",
        "callback" => "The callback comes as documented.",
        "headers" => "Headers have the expected values.",
        "like" => "Every field that the documented example shows is there, with its type.",
        "equals" => "Fields have the expected values.",
        "await" => "What the case waits for happens.",
        "capture" => "What later steps need is in the answer.",
        "undocumented" => "The answer has no field that the contract does not have.",
        "latency" => "The answer comes within the time that the case allows.",
        "errored" => "The target gives an answer that can be judged.",
        "fixture" => "What the case needs could be prepared.",
        _ => "A requirement of the contract holds.",
    };
    match requirement {
        "" => sentence.to_owned(),
        requirement => format!("{sentence} Broken: `{requirement}`."),
    }
}
