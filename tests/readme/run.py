"""run.py [--update]: README.md's page "What it can tell you" is what the rule table says.

`make rules-page` writes the part between the two marks anew from `lyncscope --rules`.
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from program import TOP, Tally, lyncscope  # noqa: E402

README = TOP / "README.md"
BEGIN = "<!-- rules: made by `make rules-page`, checked by `make check` -->\n"
END = "<!-- end of rules -->\n"
RULE = re.compile(r"^([a-z][\w-]+) +(critical|error|warning|info), +(\w+)\n((?:    .*\n)+)", re.M)


def page():
    """The rows in the order of the table, which is that of a sign-in."""
    rules = RULE.findall(lyncscope("--rules").stdout.decode())
    lines = [f"{len(rules)} rules. *Critical* and *error* make a sign-in fail, unless another path saves it.\n\n",
             "| stage | rule | severity | what is wrong |\n", "| --- | --- | --- | --- |\n"]
    last = None
    for name, severity, stage, title in rules:
        words = " ".join(title.split()).rstrip(".").replace("|", "\\|")
        words = re.sub(r"<(\w+)>", r"*\1*", words)
        lines.append(f"| {stage if stage != last else ''} | `{name}` | {severity} | {words} |\n")
        last = stage
    return "".join(lines)


def main():
    tally = Tally()
    text = README.read_text(encoding="utf-8")
    begin, end = text.find(BEGIN), text.find(END)
    tally.expect(0 <= begin < end, "README.md lacks the marks between which the rules stand")
    if tally.failed:
        tally.end()
    wanted = text[: begin + len(BEGIN)] + page() + text[end:]
    if "--update" in sys.argv:
        README.write_text(wanted, encoding="utf-8")
        text = wanted
    tally.expect("`dns-external-missing`" in wanted, "--rules prints no rules")
    tally.expect(text == wanted, "README.md does not say what the rule table says: make rules-page")
    tally.end()


main()
