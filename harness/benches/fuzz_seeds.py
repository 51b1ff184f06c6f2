#!/usr/bin/env python3
"""Whether `proofmark fuzz` has findings on a sandbox without faults: every API with ten seeds, 10,000 requests a seed.

Writes the table of harness/tests/fuzz/README.md, and every finding of any level to standard error.

    cargo build --release && nice python3 harness/benches/fuzz_seeds.py [--command FILE] [--records FOLDER] [API…]
"""

import argparse
import json
import pathlib
import subprocess
import sys
import time

import sections

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "harness/tests/fuzz/README.md"
# Generated requests an operation: so many that a run sends more than 10,000 requests.
CASES = {"cube": 9_400, "jsms": 400, "roam": 60, "unicom-ivr": 2_500, "vascloud": 1_300}


def run(api, seed, arguments):
    """The events of a run, kept in a file where a folder is given, and its seconds."""
    kept = arguments.records and pathlib.Path(arguments.records) / f"{api}-{seed}.ndjson"
    if not (kept and kept.exists() and kept.stat().st_size):
        command = [arguments.command, "fuzz", "--target", "sandbox", "--api", api, "--seed", str(seed)]
        command += ["--cases", str(CASES[api]), "--no-corpus", "--no-report", "--format", "json"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
        if done.returncode not in (0, 1):
            sys.exit(f"{' '.join(command)}: exit status {done.returncode}\n{done.stderr}")
        text = done.stdout
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(text)
    else:
        text = kept.read_text()
    return [json.loads(line) for line in text.split("\n") if line]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", default=str(ROOT / "target/release/proofmark"))
    parser.add_argument("--records", help="keep the events of each run here, and use those that are here")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("apis", nargs="*", help="none is all, and writes the table")
    arguments = parser.parse_args()
    rows, all_requests, all_findings = [], 0, 0
    for api in arguments.apis or CASES:
        sums = {"requests": 0, "deviations": 0, "good": 0, "good_accepted": 0, "bad": 0, "bad_refused": 0}
        operations, bases, findings, seconds = 0, 0, 0, 0.0
        for seed in range(1, arguments.seeds + 1):
            began = time.monotonic()
            for event in run(api, seed, arguments):
                if "steps" in event and event["case"] == "fuzz/base":
                    operations += 1
                    bases += event["verdict"] == "passed"
                for step in event.get("steps", []):
                    for finding in step.get("findings", []):
                        findings += 1
                        what = [finding["level"], finding["check"], finding.get("requirement"), finding["at"]]
                        print(f"{api} seed {seed}: {event['name']}: {what} {finding['message']}", file=sys.stderr)
                if "fuzz" in event:
                    for name in sums:
                        sums[name] += event["fuzz"][name]
                    seconds += event["duration_ms"] / 1000
            print(f"{api} seed {seed}: {time.monotonic() - began:.1f} s, {findings} findings", file=sys.stderr)
        all_requests += sums["requests"]
        all_findings += findings
        rows.append(
            f"| {api} | {arguments.seeds} | {sums['requests']:,} | {sums['deviations']:,} | {findings} "
            f"| {bases} of {operations} | {sums['good_accepted']:,} of {sums['good']:,} "
            f"| {sums['bad_refused']:,} of {sums['bad']:,} | {seconds:.0f} |"
        )
    text = [
        f"Written by `python3 harness/benches/fuzz_seeds.py`: {all_requests:,} requests with {arguments.seeds} seeds an API to a",
        f"sandbox without faults, {all_findings} findings of any level. *Good requests* are those that deviations start from.",
        "",
        "| API | seeds | requests | deviations | findings | good requests accepted | good input accepted "
        "| bad input refused | seconds |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        *rows,
    ]
    print("\n".join(text))
    if not arguments.apis:
        sections.write(OUTPUT, "What fuzzing finds where nothing is wrong", text)


if __name__ == "__main__":
    main()
