"""validate.py [REPORT.json]...: are these reports what the schema says?  Standard input without any.

Beyond the schema: evidence and steps must point at something that is there, the summary must count
what is listed.  Prints what is wrong and exits with 1.  `--lines`: one sign-in a line (ndjson).
"""
import json
import pathlib
import sys

import jsonschema

SCHEMA = json.loads((pathlib.Path(__file__).parent / "report.schema.json").read_text())
OUTCOMES = ("succeeded", "failed", "incomplete")


def unique(pairs):
    """A key that comes twice is no error for Python's reader, but one of ours."""
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError(f"a key comes twice: {sorted(keys)}")
    return dict(pairs)


def breaches(document, schema):
    validator = jsonschema.Draft202012Validator(schema)
    for error in validator.iter_errors(document):
        place = "/".join(str(part) for part in error.absolute_path)
        yield f"{place or 'document'}: {error.message[:300]}"


def evidence_of(finding_or_step):
    yield from finding_or_step["evidence"]
    yield from finding_or_step.get("relay", {}).get("evidence", [])


def loose_ends_of_sign_in(sign_in, inputs):
    name = f"sign-in {sign_in['id']}"
    numbers = [step["number"] for step in sign_in["steps"]]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"{name}: steps are numbered {numbers[:20]}"
    if (sign_in["failed_stage"] is not None) != (sign_in["outcome"] == "failed"):
        yield f"{name}: {sign_in['outcome']} with failed_stage {sign_in['failed_stage']}"
    for finding in sign_in["findings"]:
        if finding["step"] is not None and finding["step"] not in numbers:
            yield f"{name}: {finding['rule']} points at step {finding['step']}"
    for part in sign_in["steps"] + sign_in["findings"]:
        for evidence in evidence_of(part):
            if inputs is not None and not 0 <= evidence["input"] < len(inputs):
                yield f"{name}: evidence in input {evidence['input']}"
            elif inputs is not None and evidence.get("packet", 1) > inputs[evidence["input"]]["packets"]:
                yield f"{name}: evidence {evidence} behind the end of the input"
            if "packet" not in evidence and "line" not in evidence:
                yield f"{name}: evidence {evidence} names no place"


def loose_ends(report):
    for sign_in in report["sign_ins"]:
        yield from loose_ends_of_sign_in(sign_in, report["inputs"])
    starts = [sign_in["started"] for sign_in in report["sign_ins"]]
    if starts != sorted(starts):
        yield "sign-ins are not in the order of their start"
    counted = {key: sum(s["outcome"] == key for s in report["sign_ins"]) for key in OUTCOMES}
    counted["sign_ins"] = len(report["sign_ins"])
    if counted != report["summary"]:
        yield f"summary: {report['summary']}, counted: {counted}"


def errors_in(text, lines):
    if not lines:
        report = json.loads(text, object_pairs_hook=unique)
        found = list(breaches(report, SCHEMA))
        return found or list(loose_ends(report))
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        sign_in = json.loads(line, object_pairs_hook=unique)
        schema = {"$defs": SCHEMA["$defs"], "$ref": "#/$defs/sign_in"}
        wrong = list(breaches(sign_in, schema)) or list(loose_ends_of_sign_in(sign_in, None))
        found += [f"line {number}: {error}" for error in wrong]
    return found


def main():
    names = sys.argv[1:]
    lines = "--lines" in names
    names = [name for name in names if name != "--lines"]
    failed = 0
    for name in names or ["-"]:
        text = sys.stdin.read() if name == "-" else pathlib.Path(name).read_text(encoding="utf-8")
        try:
            found = errors_in(text, lines)
        except ValueError as error:
            found = [str(error)]
        for error in found[:20]:
            print(f"{name}: {error}")
        failed |= bool(found)
    return failed


if __name__ == "__main__":
    sys.exit(main())
