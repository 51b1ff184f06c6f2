//! [`run`]: every mutant of every answer made and judged, on all cores.

use super::judge::{Fate, Judge};
use super::operator::{Mutant, Operator};
use super::operators;
use super::score::{Counts, Disagreement, Example, Key};
use super::source::{Pool, Source};
use super::suggest::addition;
use crate::engine::Evidence;
use crate::expr::Ambient;
use crate::model::level::Level;
use jiff::tz::Offset;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// What is made and what counts.
pub struct Settings {
    pub operators: Vec<&'static Operator>,
    /// Findings below it do not kill.
    pub level: Level,
    /// The share of the mutants that is judged, between 0 and 1; which ones follows from the seed.
    pub sample: Option<f64>,
    pub seed: u64,
    /// Compare every mutant with the answer's snapshot, too.
    pub snapshots: bool,
    /// Judge every mutant a second time, whole, as a run would ([`Judge::whole`]), and tell where that is another verdict.
    pub verify: bool,
    pub threads: usize,
}

/// Where there are fewer answers than this for each thread, threads share the mutants of each.
const ANSWERS_FOR_A_THREAD: usize = 8;

/// Mutants of an answer that one thread judges: every `of`th, from the `nth`.
struct Share<'p> {
    source: &'p Source<'p>,
    nth: usize,
    of: usize,
}

/// Judges every mutant. The counts do not depend on the number of threads.
pub fn run(pool: &Pool<'_>, settings: &Settings, judged: &AtomicUsize) -> Counts {
    let next = AtomicUsize::new(0);
    // The most work first, so that no thread is left with a large answer at the end.
    let mut sources: Vec<&Source<'_>> = pool.sources.iter().collect();
    sources.sort_by_key(|source| std::cmp::Reverse(source.places.len() * source.response.body.len()));
    let threads = settings.threads.max(1);
    let of = if sources.len() < threads * ANSWERS_FOR_A_THREAD { threads } else { 1 };
    let shares: Vec<Share<'_>> =
        sources.into_iter().flat_map(|source| (0..of).map(move |nth| Share { source, nth, of })).collect();
    let total = Mutex::new(Counts::default());
    std::thread::scope(|scope| {
        for _ in 0..threads.min(shares.len()).max(1) {
            scope.spawn(|| {
                let mut counts = Counts::default();
                while let Some(share) = shares.get(next.fetch_add(1, Ordering::Relaxed)) {
                    one(share, pool, settings, &mut counts, judged);
                }
                total.lock().unwrap_or_else(PoisonError::into_inner).merge(counts);
            });
        }
    });
    total.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The mutants of one answer.
fn one(share: &Share<'_>, pool: &Pool<'_>, settings: &Settings, counts: &mut Counts, judged: &AtomicUsize) {
    let source = share.source;
    let judge = Judge::new(source, settings.level);
    let mut judge = if settings.snapshots { judge.with_snapshot() } else { judge };
    let operation = source.operation();
    let mut made = 0;
    operators::mutate(source, pool, &settings.operators, &mut |mutant: Mutant| {
        let number = made;
        made += 1;
        if number % share.of != share.nth {
            return;
        }
        if settings.sample.is_some_and(|share| !is_sampled(source, &mutant, share, settings.seed)) {
            counts.left_out += 1;
            return;
        }
        let fate = judge.judge(&mutant);
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
            change: source.shown(&mutant),
        };
        if settings.verify {
            let whole = judge.whole(&mutant);
            counts.verified += 1;
            if whole != fate {
                counts.disagreements.push(Disagreement {
                    key: key.clone(),
                    example: example(),
                    fate: fate.clone(),
                    whole,
                });
            }
        }
        let addition = || addition(source, pool, &mutant).filter(|_| !source.is_secret(&mutant.pointer));
        counts.add(key, fate, example, explained, addition);
    });
}

/// Whether a mutant is one of the share that is judged: a draw of its own for each, so that every operator, field and answer
/// has its part.
fn is_sampled(source: &Source<'_>, mutant: &Mutant, share: f64, seed: u64) -> bool {
    let Evidence { trial, number, .. } = source.evidence;
    let name = format!("{trial} {number} {} {} {}", mutant.operator.name, mutant.pointer, mutant.change);
    let drawn = Ambient::new(seed, &name, Offset::UTC).next() >> 11;
    (drawn as f64) < share * (1_u64 << 53) as f64
}
