"""run.py: the real program in a real terminal: every screen at ten sizes, while it reads and while live.

The terminal is tmux, whose panes can be resized and read.  What a screen shows after a resize must
be what a program that was started at that size shows.  Skipped without tmux; its live part without
the right to capture.
"""
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from program import BUILD, TOP, Tally  # noqa: E402
from tmux import Terminal  # noqa: E402

SIZES = [(80, 24), (40, 10), (120, 40), (57, 17), (250, 80), (41, 11), (200, 12), (60, 70), (39, 9),
         (100, 30)]
SAMPLE = "samples/morning.pcap"
# Keys from the list to the screen, and words that only that screen has, even when it is small.
SCREENS = {
    "list": ([], "sign-ins"),
    "ladder": (["Down", "Enter"], "Sign-in 2"),
    "message": (["Down", "Enter", "Enter"], "step"),
    "verdict": (["Down", "Enter", "v"], "verdict"),
    "numbers": (["#"], "Numbers of"),
    "capture": (["i"], "What was read"),
    "help": (["?"], "Help: List"),
    "save": (["Down", "w"], "Save"),
}
COPIES = 250  # of the sample, in the large file
tally = Tally()


def expect(truth, fault):
    tally.expect(truth, f"walk: {fault}")


def make_large(path):
    """The sample again and again, each copy ten minutes later."""
    data = (TOP / SAMPLE).read_bytes()
    magic = data[:4]
    order = "<" if magic in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    records, at = [], 24
    while at + 16 <= len(data):
        seconds, fraction, length, wire = struct.unpack_from(order + "IIII", data, at)
        records.append((seconds, fraction, length, wire, data[at + 16:at + 16 + length]))
        at += 16 + length
    with open(path, "wb") as file:
        file.write(data[:24])
        for copy in range(COPIES):
            for seconds, fraction, length, wire, packet in records:
                file.write(struct.pack(order + "IIII", seconds + 600 * copy, fraction, length, wire))
                file.write(packet)


def walk(terminal, size):
    """Every screen at this size, as {name: text}."""
    seen = {}
    small = size[0] < 40 or size[1] < 10
    for name, (keys, words) in SCREENS.items():
        terminal.press("Home", *keys)
        seen[name] = terminal.settled("needs 40x10" if small else words)
        if not small:  # all of the glass is redrawn: nothing may have been left over on it
            terminal.press("C-l")
            expect(terminal.settled(words) == seen[name], f"{name} at {size}: remains of another screen")
        terminal.press(*["BSpace"] * len([key for key in keys if key not in ("Down", "Home")]))
    return seen


def check_every_screen_at_every_size():
    resized = Terminal(HOME, SIZES[-1], SAMPLE)
    resized.settled("4 sign-ins")
    for size in SIZES:
        fresh = Terminal(HOME, size, SAMPLE)
        fresh.settled("needs" if size == (39, 9) else "4 sign-ins")
        resized.resize(size)
        one, other = walk(fresh, size), walk(resized, size)
        for name in SCREENS:
            expect(one[name], f"{name} at {size}: not there: {fresh.shown()}")
            expect(one[name] == other[name],
                   f"{name} at {size}: after a resize\n{other[name]}\nfresh\n{one[name]}")
        fresh.close()
    resized.press("q")
    resized.close()


def check_while_reading(folder):
    """Resized and walked through while it reads; in the end what a fresh program shows."""
    large = folder / "large.pcap"
    make_large(large)
    terminal = Terminal(HOME, (80, 24), str(large))
    expect("sign-in" in terminal.settled("sign-in") or "reading" in terminal.shown(), "no first screen")
    was_reading = 0
    for index, size in enumerate(SIZES * 2):
        terminal.resize(size)
        keys, _ = SCREENS[list(SCREENS)[index % len(SCREENS)]]
        terminal.press(*keys)
        time.sleep(0.15)
        shown = terminal.shown()
        was_reading += "reading" in shown
        expect(len(shown.rstrip("\n").split("\n")) <= size[1] and "ERROR" not in shown,
               f"while reading, at {size}: {shown}")
        terminal.press(*["BSpace"] * 3)
    expect(was_reading > 0, "it was never seen reading")
    terminal.resize((100, 30))
    terminal.press("Home")
    until = time.monotonic() + 60
    while "reading" in terminal.shown() and time.monotonic() < until:
        time.sleep(0.2)
    terminal.press("Home")
    fresh = Terminal(HOME, (100, 30), str(large))
    while "reading" in fresh.settled("sign-ins") and time.monotonic() < until:
        time.sleep(0.2)
    expect(terminal.settled("sign-ins") == fresh.settled("sign-ins"),
           f"read to the end\n{terminal.shown()}\nfresh\n{fresh.shown()}")
    terminal.close()
    fresh.close()


def is_gone(program):
    for _ in range(100):
        if not os.path.exists(f"/proc/{program}"):
            return True
        time.sleep(0.05)
    return False


def check_live():
    terminal = Terminal(HOME, (80, 24), "-i", "lo", "-f", "port 9")
    if "live" not in terminal.settled():
        for _ in range(20):
            time.sleep(0.1)
            if "live" in terminal.shown():
                break
        else:
            print("skip live: no right to capture")
            terminal.close()
            return
    for size in SIZES:
        terminal.resize(size)
        expect(terminal.settled("needs 40x10" if size == (39, 9) else "No sign-in yet"),
               f"live, at {size}: {terminal.shown()}")
    program = terminal.program()
    terminal.press("q")
    expect(terminal.settled("End the live capture"), "q does not ask")
    terminal.press("n")
    expect(terminal.settled("quit"), "no is not taken for no")
    expect(os.path.exists(f"/proc/{program}"), "it ended without being told to")
    terminal.press("q", "y")
    expect(is_gone(program), "it does not end")
    terminal.close()


def check_readme():
    done = subprocess.run([sys.executable, str(TOP / "tests/screens/readme_screens.py"), "--check"],
                          check=False, stdout=subprocess.PIPE)
    expect(done.returncode == 0, done.stdout.decode())


def check_that_a_lost_terminal_ends_it():
    terminal = Terminal(HOME, (80, 24), SAMPLE)
    terminal.settled("4 sign-ins")
    program = terminal.program()
    terminal.close()
    expect(is_gone(program), "it lives on without a terminal")


def main():
    if not shutil.which("tmux"):
        print("skip: no tmux")
    elif not os.access(BUILD / "lyncscope", os.X_OK):
        print("skip: the program is not built")
    else:
        check_every_screen_at_every_size()
        check_while_reading(pathlib.Path(HOME))
        check_live()
        check_readme()
        check_that_a_lost_terminal_ends_it()
    tally.end()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as HOME:
        main()
