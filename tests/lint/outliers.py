"""outliers.py: lists long files, long functions, long parameter lists, deep nesting, and sources
without a test of the same name.  It refuses nothing: a person decides.
"""
import pathlib
import re

FILE_LINES, FUNCTION_LINES, PARAMETERS, INDENT = 400, 60, 4, 16


def functions(lines):
    """(line, head, body lines) of each function: Linux braces stand in the first column."""
    start = None
    for number, line in enumerate(lines):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            head = start - 1
            while head > 0 and lines[head - 1].strip() and not lines[head - 1].startswith(("}", "#")):
                head -= 1
            yield start, " ".join(lines[head:start]), lines[start + 1 : number]
            start = None


def outliers(path):
    lines = path.read_text(errors="replace").splitlines()
    if len(lines) > FILE_LINES:
        yield f"{path}: {len(lines)} lines"
    for number, head, body in functions(lines):
        name = re.search(r"(\w+)\(", head)
        where = f"{path}:{number}: {name[1] if name else '?'}"
        if len(body) > FUNCTION_LINES:
            yield f"{where}: {len(body)} lines"
        parameters = head[head.find("(") :].count(",") + 1
        if parameters > PARAMETERS:
            yield f"{where}: {parameters} parameters"
        # Continuation lines are indented further: only lines that open a block tell.
        if any(line.startswith(" " * (INDENT + 4)) and line.endswith("{") for line in body):
            yield f"{where}: nested deeper than {INDENT // 4}"


def main():
    sources = [path for folder in ("analyzer", "dissectors", "ui")
               for path in sorted(pathlib.Path(folder).rglob("*.c"))]
    for path in sources:
        for line in outliers(path):
            print(f"look at: {line}")
    untested = [str(path) for path in sources
                if not (pathlib.Path("tests/unit") / path.parent / f"{path.stem}_test.c").exists()]
    if untested:
        print("no test of the same name: " + " ".join(untested))


if __name__ == "__main__":
    main()
