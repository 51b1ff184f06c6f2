"""Schemathesis and `proofmark fuzz --spec` side by side, on the same servers and the same OpenAPI documents.

    python3 harness/benches/schemathesis/compare.py [--sandbox] --proofmark target/release/proofmark

Every fault of `shelf.py`, or with `--sandbox` every fault of input handling of our own sandbox's APIs, gets a server of its
own and a run of each tool. A fault is found if a run tells a finding that no run on the faultless server tells: what is told
there is a false alarm. Schemathesis comes from PyPI into a virtual environment outside the repository, with the version
below; its settings are all checks, all phases, four workers. Results are kept in `--results` and made only where they are
missing; the tables are printed as Markdown.
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
# A run is cut off nowhere: this is what would have been seen if it were.
BUDGETS = [100, 300, 1000]
TOOLS = {"schemathesis": "Schemathesis", "proofmark": "`proofmark fuzz --spec`", "suite": "`proofmark fuzz` with the suite"}
# What a user switches off first where every answer is 200: Schemathesis takes the status for the outcome.
BY_STATUS = "AcceptedNegativeData"
sys.path += [str(HERE), str(HERE.parent)]
from fuzz_faults import APIS, INPUT  # noqa: E402
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
    """`shelf.py`, which counts its requests."""

    api = "-"
    faults = FAULTS
    tools = ["schemathesis", "proofmark"]
    document = HERE / "shelf.yaml"
    headers = [HEADER]

    def __init__(self, _, fault):
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


class Sandbox:
    """One API of `proofmark serve`. No tool gets a credential: what is in the document is all that is known."""

    faults = {}
    tools = list(TOOLS)
    headers = []
    requests = None

    def __init__(self, command, fault, api=None):
        self.command, self.name, self.api = command, fault, api or APIS[fault.split("-")[0]]
        self.document = ROOT / "specs" / self.api / "openapi.yaml"

    def __enter__(self):
        fault = ["--fault", self.name] if self.name else []
        command = [self.command, "serve", "--port", "0", "--seed", "1", *fault]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)
        self.url = next(line.split()[1] for line in self.process.stdout if line.split()[:1] == [self.api])
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def events_of(path):
    """The requests of a run in the order of their times, each with the failures that it showed."""
    found = []
    for line in path.read_text().splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder")
        for case, interaction in (recorder or {}).get("interactions", {}).items():
            failed = [check["failure_info"]["failure"] for check in recorder["checks"].get(case, []) if "failure_info" in check]
            names = {f"{label} {failure['type']}" for failure in failed for label in (failure["operation"], recorder["label"])}
            found.append((interaction["timestamp"], names))
    return [names for _, names in sorted(found, key=lambda pair: pair[0])]


def run_schemathesis(command, server, seed):
    with tempfile.TemporaryDirectory() as folder:
        report, events = pathlib.Path(folder) / "report.json", pathlib.Path(folder) / "events.ndjson"
        arguments = ["run", server.document, "--url", server.url, "--checks", "all", "--mode", "all"]
        arguments += ["--phases", "examples,coverage,fuzzing,stateful", "--workers", "4", "--max-examples", "100"]
        arguments += ["--no-color", "--seed", str(seed), "--continue-on-failure", "--generation-database", "none"]
        arguments += ["--report", "json,ndjson", "--report-json-path", report, "--report-ndjson-path", events]
        for header in server.headers:
            arguments += ["-H", header]
        began = time.monotonic()
        ran = subprocess.run([command, *arguments], capture_output=True, text=True, cwd=folder)
        seconds = time.monotonic() - began
        if not report.exists():
            sys.exit(ran.stdout[-2000:] + ran.stderr[-2000:])
        said, requests = json.loads(report.read_text()), events_of(events)
        found = {f"{operation} {failure['type']}" for failure in said["failures"] for operation in failure["operations"]}
        first = lambda name: next((number for number, names in enumerate(requests, 1) if name in names), None)
        found = {name: first(name) for name in sorted(found)}
        return {"found": found, "errors": [str(e) for e in said["errors"]], "requests": len(requests), "seconds": seconds}


def run_proofmark(command, server, seed):
    arguments = ["--spec", server.document, "--target", server.url]
    for header in server.headers:
        arguments += ["--header", header]
    return of_proofmark(command, [*arguments, "--seed", str(seed)])


def run_suite(command, server, seed):
    """The embedded sandbox, whose credentials the suite knows."""
    fault = ["--fault", server.name] if server.name else []
    arguments = ["--target", "sandbox", "--api", server.api, *fault, "--seed", str(seed), "--no-corpus"]
    return of_proofmark(command, arguments)


def of_proofmark(command, arguments):
    began = time.monotonic()
    arguments = [command, "fuzz", *arguments, "--format", "json", "--no-report"]
    ran = subprocess.run(arguments, capture_output=True, text=True, cwd=ROOT)
    if ran.returncode not in (0, 1):
        sys.exit(f"{ran.returncode}: {ran.stderr[-2000:]}")
    found, requests = {}, 0
    for line in ran.stdout.split("\n"):
        event = json.loads(line) if line else {}
        requests = event.get("fuzz", {}).get("requests", requests)
        for step in event.get("steps", []):
            for finding in step.get("findings", []):
                name = f"{event['operation']} {finding['check']} {finding.get('requirement', '')} {finding['at']}"
                at = re.search(r"first by request (\d+)", " ".join(finding.get("details", [])))
                found[name] = min(found.get(name, 10**9), int(at[1]) if at else 0)
    return {"found": found, "errors": [], "requests": requests, "seconds": time.monotonic() - began}


RUN = {"schemathesis": run_schemathesis, "proofmark": run_proofmark, "suite": run_suite}


def measure(tool, command, server, seed):
    with server:
        result = RUN[tool](command, server, seed)
    result["requests"] = server.requests or result["requests"]
    return {**result, "seconds": round(result["seconds"], 2)}


def faultless(results, tool, api):
    return [r for key, r in results.items() if key.startswith(f"{tool} {api} ")]


def alarms_of(results, tool, api):
    return {name for r in faultless(results, tool, api) for name in r["found"]}


def table(results, kind):
    rows, sums = [], {tool: [] for tool in kind.tools}
    for fault, says in kind.faults.items():
        row = [f"`{fault}`", says] if says else [f"`{fault}`"]
        for tool in kind.tools:
            r = results.get(f"{tool} {fault} 1")
            if r is None:
                row.append("?")
                continue
            alarms = alarms_of(results, tool, api_of(kind, fault))
            new = {name: first for name, first in r["found"].items() if name not in alarms}
            # What showed it first; where nobody knows, any.
            shown = min(new, key=lambda name: new[name] or 10**9, default=None)
            sums[tool].append((shown is not None, new.get(shown), r))
            row.append((shown or "—").replace("|", "\\|"))
        rows.append("| " + " | ".join(row) + " |")
    titles = [TOOLS[tool] for tool in kind.tools]
    head = ["fault", "what is wrong"] if any(kind.faults.values()) else ["fault"]
    print("| " + " | ".join([*head, *titles]) + " |\n|" + "---|" * (len(head) + len(titles)))
    print("\n".join(rows))
    print("\n| | " + " | ".join(titles) + " |\n|---|" + "---:|" * len(titles))
    line = lambda name, what: print(f"| {name} | " + " | ".join(str(what(tool)) for tool in kind.tools) + " |")
    median = lambda numbers: round(statistics.median(numbers or [0]), 2)
    line(f"faults found of {len(kind.faults)}", lambda t: sum(found for found, _, _ in sums[t]))
    line("requests a run, median", lambda t: round(median([r["requests"] for _, _, r in sums[t]])))
    known = lambda t: [first for found, first, _ in sums[t] if found and first is not None]
    line("requests until the fault is seen, median of those found", lambda t: round(median(known(t))))
    for budget in BUDGETS:
        within = lambda t: sum(first is not None and first <= budget for found, first, _ in sums[t] if found)
        line(f"faults seen by request {budget:,}", within)
    both = [rows for rows in zip(*(sums[tool] for tool in kind.tools)) if all(found and first is not None for found, first, _ in rows)]
    if both:
        at = {tool: round(median([rows[index][1] for rows in both])) for index, tool in enumerate(kind.tools)}
        line(f"requests until it is seen, median of the {len(both)} that all find", at.get)
    line("seconds a run, median", lambda t: median([r["seconds"] for _, _, r in sums[t]]))
    line("runs that ended with an error of the tool", lambda t: sum(bool(r["errors"]) for _, _, r in sums[t]))
    apis = sorted({api_of(kind, fault) for fault in kind.faults})
    every = {tool: [(api, name) for api in apis for name in sorted(alarms_of(results, tool, api))] for tool in kind.tools}
    line(f"false alarms, {len(SEEDS)} seeds", lambda t: len(every[t]))
    line(f"false alarms but for `{BY_STATUS}`", lambda t: sum(BY_STATUS not in name for _, name in every[t]))
    for tool, names in every.items():
        for api, name in names:
            print(f"false alarm of {tool} on {api}: {name}", file=sys.stderr)


def api_of(kind, fault):
    return kind.api if kind is Shelf else APIS[fault.split("-")[0]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sandbox", action="store_true", help="the APIs of our own sandbox, not the shelf")
    parser.add_argument("--proofmark", type=pathlib.Path, default=ROOT / "target/release/proofmark")
    parser.add_argument("--venv", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / f"schemathesis-{VERSION}")
    parser.add_argument("--python", default=sys.executable, help="the interpreter of the virtual environment")
    parser.add_argument("--tools", nargs="*", choices=TOOLS)
    parser.add_argument("--faults", nargs="*", help="these only; an API, or `-` for the shelf, is a run without a fault")
    parser.add_argument("--results", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "schemathesis-compare.json")
    arguments = parser.parse_args()
    kind = Sandbox if arguments.sandbox else Shelf
    Sandbox.faults = {fault: "" for api in APIS for fault in INPUT if fault.split("-")[0] == api}
    results = json.loads(arguments.results.read_text()) if arguments.results.exists() else {}
    apis = list(APIS.values()) if arguments.sandbox else [Shelf.api]
    wanted = [(api, seed) for api in apis for seed in SEEDS] + [(fault, 1) for fault in kind.faults]
    proofmark = arguments.proofmark.resolve()
    for tool in arguments.tools or kind.tools:
        command = schemathesis(arguments.venv, arguments.python) if tool == "schemathesis" else proofmark
        for name, seed in wanted:
            key = f"{tool} {name} {seed}"
            if key in results or arguments.faults and name not in arguments.faults:
                continue
            fault = None if name in apis else name
            server = Sandbox(proofmark, fault, name if fault is None else None) if arguments.sandbox else Shelf(proofmark, fault)
            results[key] = measure(tool, command, server, seed)
            print(key, results[key], file=sys.stderr, flush=True)
            arguments.results.write_text(json.dumps(results, indent=1))
    print(f"Schemathesis {VERSION} on {os.cpu_count()} cores\n")
    table(results, kind)


if __name__ == "__main__":
    main()
