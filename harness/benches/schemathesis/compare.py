"""Schemathesis and `proofmark fuzz --spec` side by side, on the same servers and the same OpenAPI documents.

    python3 harness/benches/schemathesis/compare.py --proofmark target/release/proofmark

Every fault of `shelf.py` (and, with `--sandbox`, of our own sandbox's APIs) gets a server of its own and a run of each tool. A
fault is found if a run tells a finding that no run on the faultless server tells: what is told there is a false alarm.
Requests are counted by the server. Schemathesis comes from PyPI into a virtual environment outside the repository,
with the version below; its settings are all checks, all phases, four workers. Results are kept in `--results` and
made only where they are missing; the table is printed as Markdown.
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
VERSION = "4.32.5"
HEADER = "X-API-Key: key-of-the-shelf"
SEEDS = [1, 2, 3]
NONE = {"requests": 0, "seconds": 0}
sys.path.insert(0, str(HERE))
from shelf import FAULTS  # noqa: E402


def schemathesis(folder, python):
    """The command, installed where it is not there."""
    command = folder / "bin" / "st"
    if not command.exists():
        subprocess.run([python, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin" / "pip", "install", "-q", f"schemathesis=={VERSION}"], check=True)
    said = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if VERSION not in said:
        sys.exit(f"expected Schemathesis {VERSION}, found {said}")
    return command


class Shelf:
    document = HERE / "shelf.yaml"
    headers = [HEADER]

    def __init__(self, fault):
        self.fault = ["--fault", fault] if fault else []

    def __enter__(self):
        command = [sys.executable, HERE / "shelf.py", *self.fault]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.requests = int(self.process.stdout.readline() or 0)
        self.process.wait()


def run_schemathesis(command, server, seed, more=()):
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        arguments = ["run", server.document, "--url", server.url, "--checks", "all", "--mode", "all"]
        arguments += ["--phases", "examples,coverage,fuzzing,stateful", "--workers", "4", "--max-examples", "100"]
        arguments += ["--no-color", "--seed", str(seed), *(more or ["--continue-on-failure"])]
        arguments += ["--report", "json", "--report-json-path", report, "--generation-database", "none"]
        for header in server.headers:
            arguments += ["-H", header]
        ran = subprocess.run([command, *arguments], capture_output=True, text=True, cwd=folder)
        if not report.exists():
            sys.exit(ran.stdout[-2000:] + ran.stderr[-2000:])
        said = json.loads(report.read_text())
        found = {f"{operation} {failure['type']}" for failure in said["failures"] for operation in failure["operations"]}
        return sorted(found), [str(error) for error in said["errors"]], None


def run_proofmark(command, server, seed, more=()):
    arguments = ["fuzz", "--spec", server.document, "--target", server.url, "--seed", str(seed)]
    arguments += ["--format", "json", "--no-report", *more]
    for header in server.headers:
        arguments += ["--header", header]
    ran = subprocess.run([command, *arguments], capture_output=True, text=True)
    if ran.returncode not in (0, 1):
        sys.exit(f"{ran.returncode}: {ran.stderr[-2000:]}")
    found = {}
    for line in ran.stdout.splitlines():
        event = json.loads(line)
        for step in event.get("steps", []):
            for finding in step.get("findings", []):
                name = f"{event['operation']} {finding['check']} {finding.get('requirement', '')} {finding['at']}"
                at = re.search(r"first by request (\d+)", " ".join(finding.get("details", [])))
                found[name] = min(found.get(name, 10**9), int(at[1]) if at else 0)
    return sorted(found), [], min(found.values(), default=None)


def measure(tool, command, fault, seed):
    run = {"schemathesis": run_schemathesis, "proofmark": run_proofmark}[tool]
    began = time.monotonic()
    with Shelf(fault) as server:
        found, errors, first = run(command, server, seed)
        seconds = time.monotonic() - began
    if tool == "schemathesis" and fault and found:
        # It does not say which request was the first: a run that ends with it does.
        with Shelf(fault) as until:
            run(command, until, seed, ["--max-failures", "1"])
        first = until.requests
    return {"found": found, "errors": errors, "requests": server.requests, "first": first, "seconds": round(seconds, 2)}


def table(results):
    alarms = {}
    for tool in ["schemathesis", "proofmark"]:
        clean = [r for key, r in results.items() if key.startswith(f"{tool} - ")]
        alarms[tool] = {name for r in clean for name in r["found"]}
    rows, sums = [], {}
    for fault, says in FAULTS.items():
        row = [f"`{fault}`", says]
        for tool in ["schemathesis", "proofmark"]:
            r = results.get(f"{tool} {fault} 1")
            new = [] if r is None else [name for name in r["found"] if name not in alarms[tool]]
            sums.setdefault(tool, []).append((bool(new), r))
            said = new[0] if new else "—" if r else "?"
            row.append(said.replace("|", "\\|"))
        rows.append("| " + " | ".join(row) + " |")
    print("| fault | what is wrong | Schemathesis | `proofmark fuzz --spec` |\n|---|---|---|---|")
    print("\n".join(rows))
    print("\n| | Schemathesis | `proofmark fuzz --spec` |\n|---|---:|---:|")
    of = lambda tool, what: what([pair for pair in sums[tool] if pair[1]])
    two = lambda what: " | ".join(str(of(tool, what)) for tool in ["schemathesis", "proofmark"])
    print(f"| faults found of {len(FAULTS)} | {two(lambda p: sum(f for f, _ in p))} |")
    print(f"| requests a run, median | {two(lambda p: round(statistics.median(r['requests'] for _, r in p)))} |")
    firsts = lambda p: round(statistics.median([r["first"] for found, r in p if found and r.get("first") is not None] or [0]))
    print(f"| requests until the fault is seen, median of those found | {two(firsts)} |")
    print(f"| seconds a run, median | {two(lambda p: round(statistics.median(r['seconds'] for _, r in p), 2))} |")
    print(f"| runs that ended with an error of the tool | {two(lambda p: sum(bool(r['errors']) for _, r in p))} |")
    print(f"| false alarms, {len(SEEDS)} seeds | {len(alarms['schemathesis'])} | {len(alarms['proofmark'])} |")
    for tool, names in alarms.items():
        for name in sorted(names):
            print(f"\nfalse alarm of {tool}: {name}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--proofmark", type=pathlib.Path, default=ROOT / "target/release/proofmark")
    parser.add_argument("--venv", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / f"schemathesis-{VERSION}")
    parser.add_argument("--python", default=sys.executable, help="the interpreter of the virtual environment")
    parser.add_argument("--tools", nargs="*", default=["schemathesis", "proofmark"])
    parser.add_argument("--faults", nargs="*", help="these only, `-` for none")
    parser.add_argument("--results", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "schemathesis-compare.json")
    arguments = parser.parse_args()
    results = json.loads(arguments.results.read_text()) if arguments.results.exists() else {}
    wanted = [("-", seed) for seed in SEEDS] + [(fault, 1) for fault in FAULTS]
    for tool in arguments.tools:
        command = schemathesis(arguments.venv, arguments.python) if tool == "schemathesis" else arguments.proofmark.resolve()
        for fault, seed in wanted:
            key = f"{tool} {fault} {seed}"
            if key in results or arguments.faults and fault not in arguments.faults:
                continue
            results[key] = measure(tool, command, None if fault == "-" else fault, seed)
            print(key, results[key], file=sys.stderr, flush=True)
            arguments.results.write_text(json.dumps(results, indent=1))
    print(f"Schemathesis {VERSION} on {os.cpu_count()} cores\n")
    table(results)


if __name__ == "__main__":
    main()
