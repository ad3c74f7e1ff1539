"""readme_screens.py [--check]: the screens in README.md, as the program draws them.

In README.md a screen is a comment that tells how to get there, and the block below it:
    <!-- screen 96x12 samples/morning.pcap: Down Enter -->
Without --check the blocks are written anew.
"""
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from program import TOP  # noqa: E402
from tmux import Terminal  # noqa: E402

README = TOP / "README.md"
SCREEN = re.compile(r"<!-- screen (\d+)x(\d+) (\S+):([^>]*) -->\n```\n(.*?)```\n", re.S)


def draw(match):
    columns, rows, capture, keys, _ = match.groups()
    with tempfile.TemporaryDirectory() as home:
        terminal = Terminal(home, (int(columns), int(rows)), capture)
        terminal.settled("sign-in")
        for key in keys.split():
            terminal.press(key)
            terminal.settled()
        lines = terminal.settled().rstrip("\n").split("\n")
        terminal.close()
    text = "\n".join(line.rstrip() for line in lines)
    text = re.sub(r"\n\n\n+", "\n\n", text).strip("\n")
    return f"<!-- screen {columns}x{rows} {capture}:{keys} -->\n```\n{text}\n```\n"


def main():
    before = README.read_text(encoding="utf-8")
    after, count = SCREEN.subn(draw, before)
    if "--check" not in sys.argv:
        README.write_text(after, encoding="utf-8")
    elif before != after or count == 0:
        print("README.md does not show what the program draws: make readme-screens")
        return 1
    print(f"{count} screens in README.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
