"""banned.py [ROOT]: calls that only analyzer/base may make, and habits that nobody may have.

Comments and strings are blanked first, so that prose may name what it forbids.
"""
import pathlib
import re
import sys

OUTSIDE_BASE = (
    r"\b(malloc|calloc|realloc|reallocarray|free|alloca|strdup|strndup|strcpy|stpcpy|strcat|"
    r"strncpy|strncat|sprintf|vsprintf|gets|strtok|strtok_r|atoi|atol|atoll|atof|sscanf|"
    r"memcpy|memmove|bcopy)\s*\("
)
EVERYWHERE = [
    (r"\btypedef\s+(struct|union|enum)\b", "typedef of a struct: say struct"),
    (r"\bgoto\s+\w+\s*;", None),  # counted by review only
    (r"\b(TODO|FIXME|XXX)\b", "unfinished work: do it or say it in the issue"),
]
TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def blank(found):
    return re.sub(r"[^\n]", " ", found[0])


def macros(text):
    """Each #define with its continuation lines, and its line number."""
    for found in re.finditer(r"^[ \t]*#[ \t]*define\b(?:[^\n\\]|\\.|\\\n)*", text, re.M):
        yield text.count("\n", 0, found.start()) + 1, found[0]


def complaints(path, raw):
    text = TOKENS.sub(blank, raw)
    lines = text.splitlines()
    if path.parts[:2] != ("analyzer", "base"):
        for number, line in enumerate(lines, 1):
            for found in re.finditer(OUTSIDE_BASE, line):
                # A member of that name is not the library's function.
                if not re.search(r"(->|\.)\s*$", line[: found.start()]):
                    yield number, f"{found[1]} outside analyzer/base"
    for pattern, why in EVERYWHERE:
        source = raw if "TODO" in pattern else text
        for found in re.finditer(pattern, source) if why else ():
            yield source.count("\n", 0, found.start()) + 1, why
    for number, macro in macros(text):
        if re.search(r"\breturn\b", macro):
            yield number, "a macro that hides a return"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    refused = 0
    for folder in ("include", "analyzer", "dissectors", "ui"):
        for source in sorted((root / folder).rglob("*.[ch]")):
            path = source.relative_to(root)
            for number, why in complaints(path, source.read_text(errors="replace")):
                refused += 1
                print(f"{path}:{number}: {why}")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
