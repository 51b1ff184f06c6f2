//! The command against the hostile server: every behaviour ends in the right verdict, in bounded time and memory; the
//! next trial of the same worker is unharmed; nothing of it reaches the terminal or a report as it is; and the suite's
//! secrets stay where they are.

#[path = "../hostile/mod.rs"]
mod hostile;

mod bounds;
mod command;
mod leaks;
mod shown;
mod suite;
mod verdict;

use command::{Colour, Ran, run};
use hostile::{Behaviour, HostileServer, Media, Reuse, behaviours, doors};
use proofmark::model::verdict::{Verdict, exit};
use std::collections::BTreeMap;
use std::thread;
use suite::{Suite, honest_name, name};

/// Runs at a time, each with one worker: most of their time they wait for what never comes.
const LANES: usize = 8;

#[test]
fn each_behaviour_ends_in_its_verdict_and_leaves_the_next_trial_unharmed() {
    let server = HostileServer::start().expect("a hostile server");
    let suite = Suite::new();
    // The suite's order: one API after the other.
    let (json, xml): (Vec<_>, Vec<_>) = behaviours().iter().partition(|row| row.media == Media::Json);
    let all: Vec<&Behaviour> = [json, xml].concat();
    let rows: Vec<Vec<&Behaviour>> =
        (0..LANES).map(|lane| all.iter().copied().skip(lane).step_by(LANES).collect()).collect();
    let ran: Vec<Ran> = thread::scope(|scope| {
        let run_rows = |rows: &Vec<&'static Behaviour>| {
            // A behaviour, the honest trial after it, the next behaviour: in this order, by one worker.
            let names: Vec<String> = rows.iter().flat_map(|row| [name(row), honest_name(row)]).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let arguments = [&["--jobs", "1", "--exact"], names.as_slice()].concat();
            run(&suite, &server.base_url(), Colour::Never, &arguments)
        };
        let lanes: Vec<_> = rows.iter().map(|rows| scope.spawn(move || run_rows(rows))).collect();
        lanes.into_iter().map(|lane| lane.join().expect("a lane panicked")).collect()
    });
    let mut surprises = Vec::new();
    for (rows, ran) in rows.iter().zip(&ran) {
        assert_eq!(ran.trials.len(), 2 * rows.len(), "a trial is missing: {}", ran.stderr);
        for (row, pair) in rows.iter().zip(ran.trials.chunks(2)) {
            let [trial, honest] = pair else { panic!("not a pair") };
            assert_eq!((&trial.name, &honest.name), (&name(row), &honest_name(row)), "another order");
            surprises
                .extend(verdict::surprise(row.expect, trial).map(|what| format!("{}: {what}", row.name)));
            surprises.extend(verdict::harm(row, honest).map(|what| format!("after {}: {what}", row.name)));
        }
        surprises.extend(bounds::broken(ran));
        surprises.extend(shown::unescaped(ran));
        surprises.extend(leaks::found(ran));
    }
    let asked = server.received();
    for row in behaviours() {
        let path = format!("{}?", row.path());
        assert!(
            asked.iter().any(|request| request.target.starts_with(&path)),
            "{} was not asked for",
            row.name
        );
    }
    surprises.extend(server.intruder_requests().iter().map(|intruder| format!("followed to {intruder:?}")));
    assert!(surprises.is_empty(), "{} surprises:\n{}", surprises.len(), surprises.join("\n"));
}

#[test]
fn all_at_once_they_end_in_their_verdicts_too() {
    let server = HostileServer::start().expect("a hostile server");
    let suite = Suite::new();
    let ran = run(&suite, &server.base_url(), Colour::Always, &["--jobs", "16"]);
    assert_eq!(ran.status, exit::FINDINGS, "{}", ran.stderr);
    assert_eq!(ran.trials.len(), 2 * behaviours().len());
    let trials: BTreeMap<&str, _> = ran.trials.iter().map(|trial| (trial.name.as_str(), trial)).collect();
    let mut surprises = Vec::new();
    for row in behaviours() {
        surprises.extend(
            verdict::surprise(row.expect, trials[name(row).as_str()]).map(|w| format!("{}: {w}", row.name)),
        );
        let honest = trials[honest_name(row).as_str()];
        let passed = honest.verdict == Verdict::Passed;
        surprises.extend(
            (!passed).then(|| format!("{} is {:?}: {:?}", honest.name, honest.verdict, honest.reason)),
        );
    }
    surprises.extend(bounds::broken(&ran));
    surprises.extend(shown::unescaped(&ran));
    surprises.extend(leaks::found(&ran));
    surprises.extend(server.intruder_requests().iter().map(|intruder| format!("followed to {intruder:?}")));
    assert!(surprises.is_empty(), "{} surprises:\n{}", surprises.len(), surprises.join("\n"));
}

#[test]
fn a_target_that_misbehaves_before_it_is_asked_is_judged_too() {
    let suite = Suite::new();
    let surprises: Vec<String> = thread::scope(|scope| {
        let knock = |door: &'static hostile::Door| {
            let open = door.open().expect("a port");
            let ran =
                run(&suite, &open.base_url(), Colour::Never, &["--jobs", "1", "--exact", suite::ANY_HONEST]);
            let [trial] = ran.trials.as_slice() else { panic!("{}: {}", door.name, ran.stderr) };
            let mut surprises: Vec<String> = verdict::surprise(door.expect, trial).into_iter().collect();
            let status = match trial.verdict {
                Verdict::Passed | Verdict::Waived | Verdict::Flaky => exit::CONFORMANT,
                Verdict::Failed => exit::FINDINGS,
                Verdict::Errored | Verdict::Skipped => exit::COULD_NOT_JUDGE,
            };
            surprises.extend((ran.status != status).then(|| format!("exit status {}", ran.status)));
            surprises.extend(bounds::broken(&ran));
            surprises.extend(shown::unescaped(&ran));
            surprises.extend(leaks::found(&ran));
            surprises.into_iter().map(|what| format!("{}: {what}", door.name)).collect::<Vec<_>>()
        };
        let knocking: Vec<_> = doors().iter().map(|door| scope.spawn(move || knock(door))).collect();
        knocking.into_iter().flat_map(|thread| thread.join().expect("a door panicked")).collect()
    });
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

#[test]
fn some_behaviours_harm_the_next_trial_where_nobody_takes_care() {
    let count = |wanted: Reuse| behaviours().iter().filter(|row| row.reuse == wanted).count();
    assert!(count(Reuse::NeedsRetry) >= 3 && count(Reuse::NeedsFreshConnection) >= 3);
}
