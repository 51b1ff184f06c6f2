//! Order ids: `ORDER_` and 17 digits.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::fault::Faults;
use crate::random::Random;

use super::faults;

/// There are this many numbers of 17 digits, from `LOWEST`.
const NUMBERS: u64 = 90_000_000_000_000_000;
const LOWEST: u64 = 10_000_000_000_000_000;

/// Gives ids that look random and repeat only when all have been given.
#[derive(Debug)]
pub(super) struct OrderIds {
    start: u64,
    step: u64,
    given: AtomicU64,
}

impl OrderIds {
    /// The ids of a seed, after so many that were given already.
    pub(super) fn new(seed: u64, given: AtomicU64) -> OrderIds {
        let mut random = Random::new(seed, "cube order ids");
        // A step that has no factor in common with NUMBERS (2, 3 and 5) goes through all of them.
        let step = random.next() % (NUMBERS / 30) * 30 + 1;
        OrderIds { start: random.next() % NUMBERS, step, given }
    }

    /// The next one.
    pub(super) fn next(&self, faults: &Faults) -> String {
        let count = if faults.has(&faults::ORDER_ID_REPEATED) {
            0
        } else {
            self.given.fetch_add(1, Ordering::Relaxed)
        };
        let number =
            (u128::from(self.start) + u128::from(count) * u128::from(self.step)) % u128::from(NUMBERS);
        format!("ORDER_{}", u128::from(LOWEST) + number)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_well_formed() {
        let faults = Faults::resolve(&[]).unwrap();
        for given in [0, u64::MAX - 5_000] {
            let ids = OrderIds::new(7, AtomicU64::new(given));
            let ids: HashSet<String> = (0..10_000).map(|_| ids.next(&faults)).collect();
            assert_eq!(ids.len(), 10_000);
            let is_id = |id: &String| id.strip_prefix("ORDER_").is_some_and(|number| number.len() == 17);
            assert!(ids.iter().all(is_id));
        }
    }

    #[test]
    fn ids_depend_on_the_seed() {
        let faults = Faults::resolve(&[]).unwrap();
        let first = |seed| OrderIds::new(seed, AtomicU64::new(0)).next(&faults);
        assert_eq!(first(1), first(1));
        assert_ne!(first(1), first(2));
    }
}
