//! [`run`]: every mutant of every answer made and judged, on all cores.

use super::judge::{Baseline, Fate, judge};
use super::operator::{Mutant, Operator};
use super::operators;
use super::score::{Counts, Example, Key};
use super::source::{Pool, Source};
use super::suggest::addition;
use crate::model::level::Level;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// What is made and what counts.
pub struct Settings {
    pub operators: Vec<&'static Operator>,
    /// Findings below it do not kill.
    pub level: Level,
    pub threads: usize,
}

/// What is shown of a mutant whose value is a secret.
const HIDDEN: &str = "a secret value";

/// Judges every mutant. The counts do not depend on the number of threads.
pub fn run(pool: &Pool<'_>, settings: &Settings, judged: &AtomicUsize) -> Counts {
    let next = AtomicUsize::new(0);
    // The most work first, so that no thread is left with a large answer at the end.
    let mut sources: Vec<&Source<'_>> = pool.sources.iter().collect();
    sources.sort_by_key(|source| std::cmp::Reverse(source.places.len() * source.response.body.len()));
    let total = Mutex::new(Counts::default());
    std::thread::scope(|scope| {
        for _ in 0..settings.threads.clamp(1, pool.sources.len().max(1)) {
            scope.spawn(|| {
                let mut counts = Counts::default();
                while let Some(source) = sources.get(next.fetch_add(1, Ordering::Relaxed)) {
                    one(source, pool, settings, &mut counts, judged);
                }
                total.lock().unwrap_or_else(PoisonError::into_inner).merge(counts);
            });
        }
    });
    total.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The mutants of one answer.
fn one(source: &Source<'_>, pool: &Pool<'_>, settings: &Settings, counts: &mut Counts, judged: &AtomicUsize) {
    let baseline = Baseline::of(source);
    let operation = source.operation();
    operators::mutate(source, pool, &settings.operators, &mut |mutant: Mutant| {
        let fate = judge(source, &baseline, &mutant, settings.level);
        judged.fetch_add(1, Ordering::Relaxed);
        let explained = fate == Fate::Survived
            && operation.survivors.iter().any(|s| s.covers(&mutant.field, mutant.operator.name));
        let key = Key {
            api: operation.api.clone(),
            operation: operation.id.clone(),
            field: mutant.field.clone(),
            operator: mutant.operator.name,
        };
        let example = || Example {
            trial: source.evidence.trial.clone(),
            step: source.evidence.number,
            change: if source.is_secret(&mutant.pointer) { HIDDEN.into() } else { mutant.change.clone() },
        };
        let addition = || addition(source, pool, &mutant).filter(|_| !source.is_secret(&mutant.pointer));
        counts.add(key, fate, example, explained, addition);
    });
}
