#!/usr/bin/env python3
"""Which faults of the sandbox `proofmark fuzz` finds by itself, in which phase, with how many requests and seconds.

Runs the command once a fault, with nothing but the fault's API chosen, and writes harness/tests/fuzz/README.md.
A run without a fault has no finding (harness/tests/fuzz/clean.rs), so every finding of a run is of its fault.

    cargo build && python3 harness/benches/fuzz_faults.py [--seed N] [--cases N] [--records FOLDER] [NAME…]
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
COMMAND = ROOT / "target/debug/proofmark"
OUTPUT = ROOT / "harness/tests/fuzz/README.md"
APIS = {"ivr": "unicom-ivr", "jsms": "jsms", "vas": "vascloud", "cube": "cube", "roam": "roam"}


def faults():
    said = subprocess.run([COMMAND, "fuzz", "--fault", "list"], capture_output=True, text=True, check=True).stdout
    names = (line.split()[0] for line in said.splitlines() if line.strip())
    return [name for name in names if name.split("-")[0] in APIS and name not in APIS.values()]


def run(fault, arguments):
    """The events of a run, kept in a file where a folder is given, and the seconds it took."""
    kept = arguments.records and pathlib.Path(arguments.records) / f"{fault}.ndjson"
    if kept and kept.exists() and kept.stat().st_size:
        lines = kept.read_text().splitlines()
        seconds = json.loads(lines[-1]).get("duration_ms", 0) / 1000
        return [json.loads(line) for line in lines], seconds
    command = [COMMAND, "fuzz", "--target", "sandbox", "--api", APIS[fault.split("-")[0]], "--fault", fault]
    command += ["--seed", str(arguments.seed), "--cases", str(arguments.cases), "--no-corpus", "--no-report"]
    began = time.monotonic()
    done = subprocess.run([*command, "--format", "json"], capture_output=True, text=True, cwd=ROOT)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(done.stdout)
    return [json.loads(line) for line in done.stdout.splitlines()], time.monotonic() - began


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
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    rows, missed, phases = [], [], {}
    for fault in arguments.names or faults():
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
    inputs = sum(count for phase, count in phases.items() if phase != "good request")
    text = [
        "Written by `python3 harness/benches/fuzz_faults.py`: `proofmark fuzz --api API --fault FAULT` once a fault of the",
        f"sandbox, seed {arguments.seed}, {arguments.cases} generated requests an operation. A run without a fault has no finding. None of",
        "the judges was written for a fault: *good request* is the contract's own checks on the answer that deviations start",
        "from, the others need a request that no case sends.",
        "",
        f"{len(rows)} of {len(rows) + len(missed)} faults are found, {inputs} of them by a deviation or a sequence "
        f"({', '.join(f'{count} {phase}' for phase, count in sorted(phases.items()))}).",
        "",
        "| fault | phase | operation | first shown by | judge | requests | seconds |",
        "|---|---|---|---|---|---:|---:|",
    ]
    for fault, seconds, phase, operation, case, judge, number in rows:
        text.append(f"| {fault} | {phase} | {operation} | `{case}` | {judge} | {number or '≤ 10'} | {seconds:.2f} |")
    text += ["", f"Not found ({len(missed)}): {', '.join(missed) or 'none'}.", ""]
    sections.write(OUTPUT, "What fuzzing alone finds", text)
    print(f"{len(rows)} found, {len(missed)} not; {OUTPUT}", file=sys.stderr)


if __name__ == "__main__":
    main()
