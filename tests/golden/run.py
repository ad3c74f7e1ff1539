"""run.py [--update [NAME]]: golden reports of every capture in CASES.

CASES has a line for each: name, capture, options, outcomes of its sign-ins in order, the rule at
the root of each (or -).  Beside it stands the whole text report, NAME.txt.  scenarios.tsv says what
the recorded scenario was made to show: those rules must be found, the first of them at the root where
it fails a sign-in; a scenario without a rule must raise nothing worse than a note.  Every JSON report
is put to a real validator and held against the events of the same capture.  In the end each rule of
the stages that can be seen in the clear must have been produced by some case, or stand in RULES_LATER
with the reason why it waits.  NORMAL lists what looks like failure and is none, with the
cases that show it: words that their steps must hold, so that they do show it, and no error found.

--update writes the text reports and CASES' last two columns anew; a person reviews the diff.
"""
import json
import pathlib
import re
import shlex
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from program import SHARED, TOP, lyncscope  # noqa: E402
from views import disagreements  # noqa: E402

HERE = TOP / "tests/golden"
SCHEMAS = [TOP / "tests/schema/report.schema.json", SHARED / "contract/report.schema.json"]
STAGES = {"dns", "tcp", "tls", "http", "redirect", "response", "auth", "webticket", "mobility",
          "topology", "capture"}
GRAVE = {"critical", "error"}
LOUD = GRAVE | {"warning"}


def table(path):
    """Rows of a table with tabs; # begins a comment."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def validators():
    found = [json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS if path.exists()]
    return [jsonschema.Draft202012Validator(schema) for schema in found]


def root_of(sign_in):
    return sign_in["findings"][0]["rule"] if sign_in["outcome"] == "failed" and sign_in["findings"] else "-"


def findings_of(report):
    return [finding for holder in [report, *report["sign_ins"]] for finding in holder["findings"]]


def words_of(report):
    """What NORMAL looks at: "number summary" of each step, and what the sign-ins were told."""
    lines = [finding["rule"] for finding in findings_of(report)]
    for one in report["sign_ins"]:
        lines += [f"{step['number']} {step['summary']}" for step in one["steps"]]
        lines += [f"{token} {href}" for token, href in (one.get("services") or {}).items()]
        lines += [one["outcome"], one["location"] or "nowhere"]
    return "\n".join(lines)


class Case:
    def __init__(self, row):
        self.name, self.capture, self.options = row[:3]
        self.outcomes, self.roots = (row + ["", ""])[3:5]
        self.options = [] if self.options == "-" else shlex.split(self.options)
        self.text_path = HERE / f"{self.name}.txt"
        self.faults, self.rules, self.grave, self.words = [], set(), set(), ""

    def row(self):
        return "\t".join([self.name, self.capture, shlex.join(self.options) or "-", self.outcomes,
                          self.roots])

    def expect(self, truth, fault):
        if not truth:
            self.faults.append(fault)

    def run(self, intent, checkers, update):
        text = lyncscope(*self.options, "-o", "text", self.capture)
        answer = lyncscope(*self.options, "-o", "json", self.capture)
        for done in (text, answer):
            self.expect(done.returncode in (0, 1), f"exit status {done.returncode}\n"
                        + done.stderr.decode(errors="replace"))
        if self.faults:
            return self
        try:
            report = json.loads(answer.stdout)
        except ValueError as error:
            self.faults.append(f"not JSON: {error}")
            return self
        for checker in checkers:
            for error in checker.iter_errors(report):
                self.faults.append(f"schema: {error.json_path}: {error.message}")
        self.faults += disagreements(report, self.events(answer.stdout))
        self.compare(report, text, intent, update)
        return self

    def events(self, alone):
        """The events; that they are printed must not change the report, but for when a connection
        that cannot be read is given up."""
        def lasting(report):
            return re.sub(rb'"ended": "[^"]*"', b"", report)

        with tempfile.NamedTemporaryFile() as file:
            both = lyncscope(*self.options, "-o", f"events:{file.name}", "-o", "json", self.capture)
            self.expect(lasting(both.stdout) == lasting(alone), "the report is another one beside events")
            return [json.loads(line) for line in pathlib.Path(file.name).read_bytes().splitlines()]

    def compare(self, report, text, intent, update):
        outcomes = ",".join(one["outcome"] for one in report["sign_ins"]) or "-"
        roots = ",".join(root_of(one) for one in report["sign_ins"]) or "-"
        if update:
            self.outcomes, self.roots = outcomes, roots
            self.text_path.write_bytes(text.stdout)
        self.expect(outcomes == self.outcomes, f"outcomes {outcomes}, expected {self.outcomes}")
        self.expect(roots == self.roots, f"roots {roots}, expected {self.roots}")
        self.expect(text.returncode == int("failed" in outcomes), f"exit status {text.returncode}")
        wanted = self.text_path.read_bytes() if self.text_path.exists() else b""
        self.expect(text.stdout == wanted, "text report differs:\n" + difference(wanted, text.stdout))
        findings = findings_of(report)
        self.rules = {finding["rule"] for finding in findings}
        self.grave = {finding["rule"] for finding in findings if finding["severity"] in GRAVE}
        self.words = words_of(report)
        if intent is not None:
            missing = set(intent) - self.rules
            self.expect(not missing, f"made to show {' '.join(sorted(missing))}, found "
                        f"{' '.join(sorted(self.rules)) or 'nothing'}")
            loud = {finding["rule"] for finding in findings if finding["severity"] in LOUD}
            self.expect(intent or not loud, f"it works, yet: {' '.join(sorted(loud))}")
            self.expect(not intent or intent[0] not in self.grave or "failed" not in outcomes
                        or intent[0] in roots.split(","), f"made to fail by {' '.join(intent[:1])}, not by {roots}")


def difference(wanted, got):
    import difflib
    lines = difflib.unified_diff(wanted.decode(errors="replace").splitlines(),
                                 got.decode(errors="replace").splitlines(), "expected", "now", lineterm="")
    return "\n".join(f"    {line}" for line in list(lines)[:60])


def rules_of_program():
    """Rule -> stage, from the program's own table: "id  severity, stage" stands at a line's start."""
    text = lyncscope("--rules").stdout.decode()
    return dict(re.findall(r"^([a-z][\w-]+) +(?:critical|error|warning|info), +(\w+)", text, re.M))


def coverage(cases):
    """Faults in what the cases as a whole prove; prints which case proves which rule."""
    later = {row[0] for row in table(HERE / "RULES_LATER")}
    known, faults = rules_of_program(), []
    if not known:
        faults.append("--rules prints no rule")
    for rule, stage in known.items():
        shown = [case.name for case in cases if rule in case.rules]
        if stage in STAGES or shown:
            print(f"  {rule:34} {', '.join(shown[:3]) or '-'}{' ...' if len(shown) > 3 else ''}")
        if stage in STAGES and not shown and rule not in later:
            faults.append(f"no case produces {rule}")
        if shown and rule in later:
            faults.append(f"{rule} is produced by {shown[0]}: take it out of RULES_LATER")
    return faults


def normal(cases):
    """Faults in what NORMAL promises; prints which case proves which row."""
    found, faults = {case.name: case for case in cases}, []
    for row, words, names, *allowed in table(HERE / "NORMAL"):
        print(f"  normal: {row}: {names}")
        for name in names.split(","):
            case = found.get(name)
            if case is None:
                faults.append(f"normal: {row}: there is no case {name}")
                continue
            if re.search(words, case.words, re.S | re.M) is None:
                faults.append(f"normal: {row}: {name} does not show it")
            grave = case.grave - set(allowed)
            if grave:
                faults.append(f"normal: {row}: {name} finds {' '.join(sorted(grave))}")
    return faults


def main():
    update = "--update" in sys.argv
    only = [word for word in sys.argv[1:] if word != "--update"]
    cases = [Case(row) for row in table(HERE / "CASES")]
    named = {case.name for case in cases}
    scenarios = table(HERE / "scenarios.tsv")
    intents = {row[0]: [] if row[2] == "-" else row[2].split(",") for row in scenarios}
    if update:  # a new scenario becomes a case
        cases += [Case([row[0], row[1], row[3]]) for row in scenarios if row[0] not in named]
    chosen = [case for case in cases if not only or case.name in only]
    checkers = validators()
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(lambda case: case.run(intents.get(case.name), checkers, update), chosen))
    if update:
        head = [line for line in (HERE / "CASES").read_text(encoding="utf-8").splitlines()
                if line.startswith("#")] if (HERE / "CASES").exists() else []
        (HERE / "CASES").write_text("\n".join(head + [case.row() for case in cases]) + "\n",
                                    encoding="utf-8")
    failed = 0
    for case in chosen:
        for fault in case.faults:
            print(f"FAIL {case.name}: {fault}")
        failed += bool(case.faults)
    whole = [] if only else coverage(cases) + normal(cases)
    if not only and not update:
        whole += [f"scenario {row[0]} is not in CASES" for row in scenarios if row[0] not in named]
    if not any(path.exists() for path in SCHEMAS):
        whole.append("no JSON Schema to validate with")
    for fault in whole:
        print(f"FAIL {fault}")
    print(f"{len(chosen) - failed} passed, {failed + len(whole)} failed")
    return 1 if failed or whole else 0


if __name__ == "__main__":
    sys.exit(main())
