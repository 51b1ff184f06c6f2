//! `proofmark review`: what is new or changed becomes the snapshot, or goes.

use super::arguments::ReviewArguments;
use super::{Failure, console};
use crate::diff::unified;
use crate::model::verdict::exit;
use crate::model::visible::visible;
use crate::snapshot::{Change, SnapshotFile, Store, Stored, accept, changes, read, remove};
use std::io::{BufRead, IsTerminal, Write};

/// One pending snapshot, read.
struct Pending {
    stored: Stored,
    old: Option<SnapshotFile>,
    new: SnapshotFile,
    changes: Vec<Change>,
}

impl Pending {
    fn read(stored: Stored) -> Result<Self, String> {
        let new = read(&stored.pending_path())?.ok_or_else(|| format!("`{}` is gone", stored.name))?;
        let old = read(&stored.path)?;
        let changes = old.as_ref().map(|old| changes(&old.content, &new.content)).unwrap_or_default();
        Ok(Self { stored, old, new, changes })
    }

    fn title(&self) -> String {
        let word = if self.old.is_some() { "changed" } else { "new" };
        format!("{word} {} ({})", self.new.expression, self.stored.folders().0)
    }

    /// What two pending snapshots have in common when they changed alike: the operation, and what happened where.
    fn kind(&self) -> String {
        let operation: Vec<&str> = self.new.expression.split("::").take(2).collect();
        let place = |at: &str| {
            at.split('/')
                .map(|step| if step.parse::<usize>().is_ok() { "*" } else { step })
                .collect::<Vec<_>>()
                .join("/")
        };
        let mut places: Vec<String> =
            self.changes.iter().map(|c| format!("{} {}", c.kind, place(&c.at))).collect();
        places.sort();
        places.dedup();
        match self.old {
            None => format!("new {}", operation.join("::")),
            Some(_) => format!("{} {}", operation.join("::"), places.join(", ")),
        }
    }

    /// Place by place, then line by line.
    fn shown(&self) -> String {
        let mut out = String::new();
        for change in &self.changes {
            out.push_str(&format!(
                "  {}: {} ({})\n",
                change.at,
                change.message,
                change.kind.replace('-', " ")
            ));
        }
        match &self.old {
            None => self.new.content.lines().for_each(|line| out.push_str(&format!("  +{line}\n"))),
            Some(old) => {
                let lines = unified(&format!("{}\n", old.content), &format!("{}\n", self.new.content), 3);
                lines.lines().for_each(|line| out.push_str(&format!("  {line}\n")));
            }
        }
        out
    }
}

pub fn run(arguments: &ReviewArguments) -> Result<u8, Failure> {
    let store = Store::of_suite(&arguments.suite);
    let stored =
        store.list().map_err(|e| Failure::Broken(format!("cannot read `{}`: {e}", store.root.display())))?;
    let mut pending = Vec::new();
    let mut trouble = false;
    for stored in stored.into_iter().filter(|stored| stored.pending) {
        match Pending::read(stored) {
            Ok(one) => pending.push(one),
            Err(e) => {
                trouble = true;
                console::error(&e);
            }
        }
    }
    let named = |one: &Pending| {
        let fits =
            |f: &String| one.new.expression.contains(f.as_str()) || one.stored.name.contains(f.as_str());
        arguments.filter.is_empty() || arguments.filter.iter().any(fits)
    };
    pending.retain(named);
    let done = match (arguments.accept, arguments.reject, arguments.list) {
        (true, _, _) => decide(&pending, Decision::Accept),
        (_, true, _) => decide(&pending, Decision::Reject),
        (_, _, true) => {
            list(&pending);
            Ok(())
        }
        _ if pending.is_empty() => {
            console::note("nothing to review");
            Ok(())
        }
        _ if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() => {
            return Err(Failure::Usage(format!(
                "{} snapshots to review, and no terminal to ask on: use `--list`, `--accept` or `--reject`",
                pending.len()
            )));
        }
        _ => ask(&pending, &mut std::io::stdin().lock(), &mut std::io::stdout()),
    };
    done.map_err(Failure::Broken)?;
    Ok(if trouble { exit::COULD_NOT_JUDGE } else { exit::CONFORMANT })
}

fn list(pending: &[Pending]) {
    for one in pending {
        console::heading(&visible(&format!("{}: snapshots/{}", one.title(), one.stored.name)));
        for change in &one.changes {
            console::line(&visible(&format!("  {}: {}", change.at, change.message)));
        }
    }
    let new = pending.iter().filter(|one| one.old.is_none()).count();
    console::note(&format!("{} new, {} changed", new, pending.len() - new));
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    Accept,
    Reject,
    Skip,
}

impl Decision {
    fn carry_out(self, stored: &Stored) -> Result<(), String> {
        match self {
            Self::Accept => accept(stored),
            Self::Reject => remove(&stored.pending_path()),
            Self::Skip => Ok(()),
        }
    }
}

fn decide(pending: &[Pending], decision: Decision) -> Result<(), String> {
    let word = if decision == Decision::Accept { "accepted" } else { "rejected" };
    for one in pending {
        decision.carry_out(&one.stored)?;
        console::line(&visible(&format!("{word} {}", one.title())));
    }
    let s = if pending.len() == 1 { "" } else { "s" };
    console::note(&format!("{word} {} snapshot{s}", pending.len()));
    Ok(())
}

/// Shows each and asks. The end of the input stops like `q`; what was not decided stays pending.
fn ask(pending: &[Pending], input: &mut dyn BufRead, output: &mut dyn Write) -> Result<(), String> {
    let io = |e: std::io::Error| format!("cannot ask: {e}");
    let mut kinds: Vec<(String, Decision)> = Vec::new();
    let mut counts = [0; 3];
    for (index, one) in pending.iter().enumerate() {
        let kind = one.kind();
        let alike = pending[index + 1..].iter().filter(|other| other.kind() == kind).count();
        let decision = match kinds.iter().find(|(known, _)| *known == kind) {
            Some((_, decision)) => *decision,
            None => {
                let head = format!("\n[{}/{}] {}", index + 1, pending.len(), one.title());
                let text = format!("{head}\n  {}\n\n{}\n", one.new.description, one.shown());
                write!(output, "{}", visible(&text)).map_err(io)?;
                let Some((decision, all)) = prompt(alike, input, output).map_err(io)? else { break };
                if all {
                    kinds.push((kind, decision));
                }
                decision
            }
        };
        decision.carry_out(&one.stored)?;
        counts[decision as usize] += 1;
    }
    let decided: usize = counts.iter().sum();
    let left = pending.len() - decided + counts[2];
    writeln!(output, "accepted {}, rejected {}, still pending {left}", counts[0], counts[1]).map_err(io)
}

/// A decision, and whether it is for all of the kind. `None` for enough.
fn prompt(
    alike: usize,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> std::io::Result<Option<(Decision, bool)>> {
    loop {
        let all = match alike {
            0 => String::new(),
            n => format!(", [A]ccept or [R]eject this and {n} more of this kind"),
        };
        write!(output, "[a]ccept, [r]eject, [s]kip{all}, [q]uit? ")?;
        output.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        return Ok(Some(match line.trim() {
            "a" => (Decision::Accept, false),
            "r" => (Decision::Reject, false),
            "s" | "" => (Decision::Skip, false),
            "A" => (Decision::Accept, true),
            "R" => (Decision::Reject, true),
            "q" => return Ok(None),
            _ => continue,
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn file(name: &str, content: &str) -> SnapshotFile {
        let expression = format!("demo::get::{name}");
        SnapshotFile { expression, content: content.into(), ..SnapshotFile::default() }
    }

    /// Two that changed alike, one that changed otherwise, one that is new.
    fn suite(root: &Path) -> Vec<Pending> {
        let put = |path: std::path::PathBuf, file: SnapshotFile| {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, file.write()).unwrap();
        };
        let store = Store::of_suite(root);
        let old = "HTTP 200\n\n{\"a\": 1, \"list\": [1]}";
        for (name, new) in [
            ("one", "HTTP 200\n\n{\"a\": 2, \"list\": [1]}"),
            ("three", "HTTP 500"),
            ("two", "HTTP 200\n\n{\"a\": 3, \"list\": [1]}"),
        ] {
            let path = store.path("staging", "demo", name);
            put(path.clone(), file(name, old));
            put(path.with_extension("snap.new"), file(name, new));
        }
        put(store.path("staging", "demo", "zero").with_extension("snap.new"), file("zero", "HTTP 200"));
        store.list().unwrap().into_iter().map(|stored| Pending::read(stored).unwrap()).collect()
    }

    fn answered(answers: &str) -> (String, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let pending = suite(folder.path());
        let mut output = Vec::new();
        ask(&pending, &mut answers.as_bytes(), &mut output).unwrap();
        let left = Store::of_suite(folder.path()).list().unwrap();
        let left = left.into_iter().map(|s| {
            let content = read(&s.path).unwrap().map(|f| f.content.split_whitespace().collect::<String>());
            format!("{} {} {}", s.name.rsplit('/').next().unwrap(), s.pending, content.unwrap_or_default())
        });
        (String::from_utf8(output).unwrap(), left.collect())
    }

    #[test]
    fn all_of_a_kind_are_decided_at_once() {
        let (output, left) = answered("A\nr\nx\na\n");
        assert_eq!(
            left,
            [
                "one.snap false HTTP200{\"a\":2,\"list\":[1]}",
                "three.snap false HTTP200{\"a\":1,\"list\":[1]}",
                "two.snap false HTTP200{\"a\":3,\"list\":[1]}",
                "zero.snap false HTTP200",
            ]
        );
        assert!(output.contains("/a: the value changed: `2` instead of `1` (value changed)"), "{output}");
        assert!(output.contains("-HTTP 200") && output.contains("+HTTP 500"), "{output}");
        assert!(output.contains("this and 1 more of this kind"), "{output}");
        assert!(!output.contains("demo::get::two"), "decided with the first: {output}");
        assert!(output.ends_with("accepted 3, rejected 1, still pending 0\n"), "{output}");
    }

    #[test]
    fn what_is_not_decided_stays() {
        let (output, left) = answered("s\nq\n");
        assert_eq!(left.iter().filter(|l| l.contains("true")).count(), 4, "{left:?}");
        assert!(output.ends_with("accepted 0, rejected 0, still pending 4\n"), "{output}");
        assert!(answered("").0.ends_with("still pending 4\n"));
    }
}
