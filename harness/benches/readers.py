"""Reads the TAP and the metrics of real runs with readers that others wrote, and compares what they read with the record.

    python3 -m venv /tmp/readers && /tmp/readers/bin/pip install prometheus_client==0.26.0 tap.py==3.2.1
    npm install --prefix /tmp/readers tap-parser@18.3.4
    apt-get download prometheus && dpkg -x prometheus_*.deb /tmp/readers          # for promtool
    cargo build --release
    /tmp/readers/bin/python harness/benches/readers.py --readers /tmp/readers

Exits with 1, and names what differs, where a reader reads something else than the record says.
"""

import argparse
import collections
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from prometheus_client.parser import text_string_to_metric_families
from tap.parser import Parser

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What both formats must escape.
REASON = r"known # TODO \ \\# <b> \"q\" ${x} 成功"
OWNER = r'a "b" \ c'
WAIVER = f"""waivers:
  - {{ id: W-1, finding: {{ at: /data/order_id }}, reason: '{REASON}', owner: '{OWNER}', until: 2999-12-31 }}
"""
RUNS = {
    "faults and a waiver": ["--fault", "cube-order-id-null", "--fault", "ivr-no-charset"],
    "safe only": ["--safe-only"],
    "target down": ["--target", "local", "--api", "vascloud"],
}
OK = {"passed": True, "flaky": True, "skipped": True, "failed": False, "errored": False, "waived": False}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--proofmark", type=pathlib.Path, default=ROOT / "target/release/proofmark")
    arguments.add_argument("--readers", type=pathlib.Path, required=True)
    given = arguments.parse_args()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        suite = pathlib.Path(folder)
        for name in ("specs", "cases"):
            shutil.copytree(ROOT / name, suite / name)
        shutil.copy(ROOT / "proofmark.yaml", suite)
        (suite / "waivers.yaml").write_text(WAIVER)
        for name, options in RUNS.items():
            reports = suite / "reports" / name.replace(" ", "-")
            outputs = {kind: suite / f"out.{kind}" for kind in ("tap", "prometheus")}
            command = [given.proofmark, "run", "--suite", suite, "--reports", reports, "--seed", "1", "--format", "terse"]
            command += [part for kind, path in outputs.items() for part in ("--as", f"{kind}={path}")]
            done = subprocess.run([*command, *options], capture_output=True, text=True)
            if done.returncode > 2:
                sys.exit(f"{name}: exit {done.returncode}: {done.stderr}")
            record = next(reports.glob("*/run.ndjson")).read_text().splitlines()
            trials = [event for event in map(json.loads, record) if event["event"] == "trial-finished"]
            verdicts = collections.Counter(trial["verdict"] for trial in trials)
            found = tap_parser(given.readers, outputs["tap"], trials) + tappy(outputs["tap"], trials)
            found += metrics(given.readers, outputs["prometheus"], trials)
            print(f"{name}: {len(trials)} trials ({', '.join(f'{n} {v}' for v, n in sorted(verdicts.items()))}): ", end="")
            print("read as recorded" if not found else f"{len(found)} differences")
            wrong += [f"{name}: {what}" for what in found]
    print("\n".join(wrong[:40]))
    return 1 if wrong else 0


def tap_parser(readers: pathlib.Path, path: pathlib.Path, trials: list[dict]) -> list[str]:
    """npm's tap-parser, strictly: names, verdicts, reasons, and the findings in the YAML blocks."""
    parser = readers / "node_modules/.bin/tap-parser"
    # `pragma +strict`: what is no TAP fails.
    text = path.read_text().replace("\n", "\npragma +strict\n", 1)
    read = json.loads(subprocess.run([parser, "-j"], input=text, capture_output=True, text=True).stdout)
    wrong = [f"tap-parser: {event}" for event in read if event[0] in ("extra", "bailout")]
    points = [event[1] for event in read if event[0] == "assert"]
    summary = next(event[1] for event in read if event[0] == "complete")
    if len(points) != len(trials) or summary.get("plan", {}).get("end") != len(trials):
        wrong.append(f"tap-parser: {len(points)} points of {len(trials)} trials, plan {summary.get('plan')}")
    for point, trial in zip(points, trials):
        verdict = trial["verdict"]
        found = [finding for step in trial["steps"] for finding in step.get("findings", [])]
        diagnostic = point.get("diag") or {}
        pairs = [
            (point["name"], trial["name"]),
            (point["ok"], OK[verdict]),
            (point["todo"] or "", trial.get("reason", "") if verdict == "waived" else ""),
            (point["skip"] or "", trial.get("reason", "") if verdict == "skipped" else ""),
            (point.get("tapError"), None),
        ]
        if verdict != "skipped":
            pairs += [(diagnostic.get("verdict"), verdict), (diagnostic.get("title"), trial["title"])]
            shown = [finding["message"] for finding in diagnostic.get("findings", [])]
            pairs.append((shown, [finding["message"] for finding in found][:20]))
        wrong += [f"tap-parser: {trial['name']}: read {a!r}, recorded {b!r}" for a, b in pairs if a != b]
    return wrong


def tappy(path: pathlib.Path, trials: list[dict]) -> list[str]:
    """PyPI's tap.py: names and verdicts."""
    tests = [line for line in Parser().parse_file(str(path)) if line.category == "test"]
    if len(tests) != len(trials):
        return [f"tap.py: {len(tests)} points of {len(trials)} trials"]
    wrong = []
    for test, trial in zip(tests, trials):
        verdict = trial["verdict"]
        read = (test.ok, test.skip, test.todo)
        recorded = (OK[verdict], verdict == "skipped", verdict == "waived")
        if read != recorded or trial["name"] not in test.description:
            wrong.append(f"tap.py: {trial['name']}: read {read}, recorded {recorded}")
    return wrong


def metrics(readers: pathlib.Path, path: pathlib.Path, trials: list[dict]) -> list[str]:
    """promtool's lints, and the reader of Prometheus' own client for Python: trials, findings, times."""
    lint = subprocess.run([readers / "usr/bin/promtool", "check", "metrics"], stdin=path.open(), capture_output=True, text=True)
    wrong = [f"promtool: {lint.stdout}{lint.stderr}"] if lint.returncode or lint.stdout or lint.stderr else []
    families = {family.name: family.samples for family in text_string_to_metric_families(path.read_text())}
    read: collections.Counter = collections.Counter()
    for sample in families["proofmark_trials"]:
        read[sample.labels["api"], sample.labels["verdict"]] += int(sample.value)
    recorded = collections.Counter((trial["api"], trial["verdict"]) for trial in trials)
    if +read != +recorded:
        wrong.append(f"prometheus_client: trials {read}, recorded {recorded}")
    waived = [f for t in trials for s in t["steps"] for f in s.get("findings", []) if f.get("waived")]
    of_waiver = [(s.labels, int(s.value)) for s in families["proofmark_waived_findings"]]
    if of_waiver != [({"waiver": "W-1", "owner": OWNER}, len(waived))]:
        wrong.append(f"prometheus_client: {of_waiver}, recorded {len(waived)} waived findings")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
