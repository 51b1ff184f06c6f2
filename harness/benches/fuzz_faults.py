#!/usr/bin/env python3
"""Which faults of the sandbox `proofmark fuzz` finds by itself, in which phase, with how many requests and seconds.

Runs the command once a fault, with nothing but the fault's API chosen, and writes harness/tests/fuzz/README.md.
A run without a fault has no finding (harness/tests/fuzz/clean.rs), so every finding of a run is of its fault.

    cargo build --release && python3 harness/benches/fuzz_faults.py [--seed N] [--cases N] [--records FOLDER] [NAME…]
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import time

import sections

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "harness/tests/fuzz/README.md"
# Faults of how input is handled that is bad, odd, or somebody else's; the others are of callbacks, of state, or of answers
# to any request.
INPUT = """
cube-access-code-not-checked cube-amount-not-checked cube-language-ignored cube-long-name-dropped
cube-malformed-body-500 cube-missing-field-500 cube-numbers-accepted cube-package-type-not-checked
cube-period-unlimited cube-refused-with-400 cube-signature-not-verified cube-success-when-refused
cube-unknown-device-accepted cube-unknown-enum-accepted
ivr-markup-reflected ivr-missing-parameter-500 ivr-order-time-not-checked ivr-other-methods-served
ivr-product-length-not-checked ivr-query-read-as-utf8 ivr-trace-in-cause ivr-unescaped-quotes
ivr-unknown-number-accepted
jsms-bad-rows-500 jsms-form-read-as-latin1 jsms-last-page-repeated jsms-only-first-resource
jsms-resources-not-required jsms-success-when-refused jsms-unknown-order-500 jsms-unknown-resource-accepted
roam-expired-session-accepted roam-foreign-order-accepted roam-foreign-session-accepted
roam-negative-quantity-accepted roam-question-marks roam-role-not-checked roam-session-not-checked
roam-unknown-card-as-success roam-utf8-twice roam-wrong-password-accepted
vas-bad-xml-500 vas-empty-error-desc vas-entities-expanded vas-error-id-2 vas-missing-parameter-success
vas-request-id-not-checked vas-sql-error-shown vas-unescaped-ampersand vas-unknown-service-accepted
""".split()
APIS = {"ivr": "unicom-ivr", "jsms": "jsms", "vas": "vascloud", "cube": "cube", "roam": "roam"}


def faults(arguments):
    said = subprocess.run([arguments.command, "fuzz", "--fault", "list"], capture_output=True, text=True, check=True).stdout
    names = (line.split()[0] for line in said.splitlines() if line.strip())
    return [name for name in names if name.split("-")[0] in APIS and name not in APIS.values()]


def lines_of(text):
    """Not `splitlines`: text of answers may hold what Python takes for the end of a line."""
    return [line for line in text.split("\n") if line]


def run(fault, arguments):
    """The events of a run, kept in a file where a folder is given, and the seconds it took."""
    kept = arguments.records and pathlib.Path(arguments.records) / f"{fault}.ndjson"
    if kept and kept.exists() and kept.stat().st_size:
        lines = lines_of(kept.read_text())
        seconds = json.loads(lines[-1]).get("duration_ms", 0) / 1000
        return [json.loads(line) for line in lines], seconds
    api = APIS[fault.split("-")[0]]
    command = [arguments.command, "fuzz", "--target", "sandbox", "--api", api, "--fault", fault]
    command += ["--seed", str(arguments.seed), "--no-corpus", "--no-report", "--format", "json"]
    command += ["--max-defects", "1"]
    command += ["--cases", str(arguments.cases), "--max-time", arguments.max_time]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(done.stdout)
    return [json.loads(line) for line in lines_of(done.stdout)], time.monotonic() - began


def first(events):
    """What was found first: phase, operation, deviation, judge, requests until then, seconds until then."""
    found = []
    requests = 0
    for event in events:
        if "steps" not in event:
            continue
        requests += len(event["steps"])
        for step in event["steps"]:
            for finding in step.get("findings", []):
                details = " ".join(finding.get("details", []))
                phase = re.search(r"\((\w+) phase\)", details)
                number = re.search(r"first by request (\d+)", details)
                judge = f"{finding['check']} {finding.get('requirement') or ''}".strip()
                found.append(
                    (
                        event["started_ms"] / 1000,
                        phase[1] if phase else "good request",
                        event["operation"],
                        event["case"].removeprefix("fuzz/"),
                        judge,
                        int(number[1]) if number else None,
                    )
                )
    return min(found, key=lambda row: row[0]) if found else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=20)
    parser.add_argument("--records", help="keep the events of each run here, and use those that are here")
    parser.add_argument("--command", default=str(ROOT / "target/release/proofmark"))
    parser.add_argument("--max-time", default="120s", help="of each run")
    parser.add_argument("--kept", action="store_true", help="only faults whose events are in `--records`")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    rows, missed, phases = [], [], {}
    names = every = arguments.names or faults(arguments)
    if arguments.kept:
        names = [name for name in names if (pathlib.Path(arguments.records) / f"{name}.ndjson").exists()]
    for fault in names:
        events, seconds = run(fault, arguments)
        if not events:
            sys.exit(f"no events of {fault}")
        row = first(events)
        print(f"{fault}: {row or 'not found'} ({seconds:.1f} s)", file=sys.stderr)
        if row:
            rows.append((fault, *row))
            phases[row[1]] = phases.get(row[1], 0) + 1
        else:
            missed.append(fault)
    if arguments.names:
        return
    inputs = [row[0] for row in rows if row[0] in INPUT]
    measured = [fault for fault in INPUT if fault in names]
    by_phase = ", ".join(f"{count} {phase}" for phase, count in sorted(phases.items()))
    text = [
        "Written by `python3 harness/benches/fuzz_faults.py`: `proofmark fuzz --api API --fault FAULT` once a fault of the",
        f"sandbox, seed {arguments.seed}, {arguments.cases} generated requests an operation, all phases, until the first finding.",
        "A run without a fault has no finding. None of the judges was written for a fault: *good request* is the contract's own",
        "checks on the answer that deviations start from; *examples* has the values of cases that the suite says are",
        "refused, one at a time in the good request; the others need a request that no case sends. **Input** marks faults of how",
        "input is handled that is bad, odd, or somebody else's; the others are of callbacks, of state, or of answers to any",
        "request. Requests and seconds are those until the first sign of it, with those of the operations before.",
        "",
        f"{len(rows)} of {len(rows) + len(missed)} faults are found ({by_phase}), {len(inputs)} of {len(measured)} of input.",
        "",
        "| fault | input | phase | operation | first shown by | judge | requests | seconds |",
        "|---|---|---|---|---|---|---:|---:|",
    ]
    for fault, seconds, phase, operation, case, judge, number in rows:
        mark = "**input**" if fault in INPUT else ""
        text.append(f"| {fault} | {mark} | {phase} | {operation} | `{case}` | {judge} | {number or '—'} | {seconds:.2f} |")
    wanted = [fault for fault in missed if fault in INPUT]
    text += ["", f"Not found, of input: {', '.join(wanted) or 'none'}.", ""]
    others = [fault for fault in missed if fault not in INPUT]
    text += [f"Not found, of others ({len(others)}): {', '.join(others) or 'none'}.", ""]
    rest = [fault for fault in every if fault not in names]
    if rest:
        text += ["", f"Not measured this time ({len(rest)}): {', '.join(rest)}.", ""]
    sections.write(OUTPUT, "What fuzzing alone finds", text)
    print(f"{len(rows)} found, {len(missed)} not; {OUTPUT}", file=sys.stderr)


if __name__ == "__main__":
    main()
