//! Did the answer come within the case's budget?

use super::{Expectation, Subject};
use crate::model::finding::Finding;

pub fn check(subject: &Subject<'_, '_>, expectation: &Expectation) -> Vec<Finding> {
    let Some((budget, location)) = &expectation.within else { return Vec::new() };
    let took = subject.exchange.timing.total;
    if took <= *budget {
        return Vec::new();
    }
    vec![
        Finding::new(
            "latency",
            "elapsed",
            format!("the answer took {} ms, more than {} ms", took.as_millis(), budget.as_millis()),
        )
        .requirement("within")
        .expected(format!("{} ms", budget.as_millis()))
        .actual(format!("{} ms", took.as_millis()))
        .case(Some(location.clone())),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, json};
    use std::time::Duration;

    #[test]
    fn fires_over_budget_and_is_silent_within() {
        let check = |took| {
            let fixture =
                Fixture::default().expect_within(Duration::from_millis(50)).took(Duration::from_millis(took));
            fixture.answer(json("{}")).check("latency")
        };
        assert_eq!(check(70)[0].message, "the answer took 70 ms, more than 50 ms");
        assert!(check(50).is_empty());
    }
}
