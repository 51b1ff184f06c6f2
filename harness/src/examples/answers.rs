//! [`documented_answers`]: what the document shows of an operation's answers, for those who compare with what came.

use super::exchange::{body, status};
use crate::contract::Operation;
use crate::record::DocumentedAnswer;

/// A longer example is left out, bytes.
const MAX_BODY: usize = 16 * 1024;

/// The examples of all answers of an operation that can be written as their media type.
pub fn documented_answers(operation: &Operation) -> Vec<DocumentedAnswer> {
    let mut answers = Vec::new();
    for response in &operation.responses {
        for media in &response.media {
            let label = media.charset.as_deref().or(operation.charset.as_deref()).unwrap_or("UTF-8");
            for example in &media.examples {
                let Ok(body) = body(&media.essence, &example.value, label) else { continue };
                if body.len() <= MAX_BODY {
                    answers.push(DocumentedAnswer {
                        name: example.name.clone(),
                        status: status(operation, response),
                        media_type: media.essence.clone(),
                        body,
                        doc: example.doc.clone(),
                    });
                }
            }
        }
    }
    answers
}
