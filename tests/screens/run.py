"""run.py: the real screen on a real (pseudo) terminal: how it opens, resizes, stops and leaves.

What the screens say is tested on the memory back end; here it is the terminal that is looked at:
its modes and its alternate screen must be as before, however the program ends.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import time
import traceback

import hostile_capture
import pty_fuzz

DEMO = os.path.join(os.environ.get("BUILD", "build/asan"), "tests/tools/screen_demo")
PROGRAM = os.path.join(os.environ.get("BUILD", "build/asan"), "lyncscope")
FUZZ_S = 15
SETTINGS = tempfile.TemporaryDirectory()
LEAVES = b"\x1b[?1049l"
WAIT_S = 20


class Terminal:
    """A session with a terminal of its own; the program runs as its foreground job."""

    def __init__(self, *arguments, rows=24, columns=80, program=None, **environment):
        self.command = [program or DEMO, *arguments]
        self.output = b""
        told, tell = os.pipe()
        leader, self.master = pty.fork()
        if leader == 0:
            self.lead(tell, rows, columns, environment)
        os.close(tell)
        self.leader, self.told = leader, told
        self.program = int(self.hear())

    def lead(self, tell, rows, columns, environment):
        """In the session leader, a shell of sorts: a job whose parent lives can be stopped."""
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        variables = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8",
                         XDG_CONFIG_HOME=SETTINGS.name)
        variables.update(environment)
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            os.tcsetpgrp(0, os.getpgrp())
            for number in (signal.SIGTTOU, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            os.execve(self.command[0], self.command, variables)
        os.write(tell, f"{child}\n".encode())
        while True:
            _, status = os.waitpid(child, os.WUNTRACED)
            if os.WIFSTOPPED(status):
                os.write(tell, b"stopped\n")
                continue
            word = f"exit {os.WEXITSTATUS(status)}" if os.WIFEXITED(status) else \
                f"signal {os.WTERMSIG(status)}"
            os.write(tell, f"{word}\n".encode())
            os._exit(0)

    def hear(self):
        """The next line the leader tells, while the terminal is kept reading."""
        line, until = b"", time.monotonic() + WAIT_S
        while not line.endswith(b"\n"):
            assert time.monotonic() < until, "nothing happened: " + repr(self.output[-400:])
            for ready in select.select([self.told, self.master], [], [], 0.5)[0]:
                if ready == self.told:
                    byte = os.read(self.told, 1)
                    assert byte, "the leader is gone"
                    line += byte
                else:
                    self.take()
        self.settle(0.1)
        return line.decode().strip()

    def take(self):
        try:
            self.output += os.read(self.master, 65536)
        except OSError:
            time.sleep(0.05)

    def settle(self, seconds):
        while select.select([self.master], [], [], seconds)[0]:
            before = len(self.output)
            self.take()
            if len(self.output) == before:
                return

    def expect(self, text):
        """Waits for text that was not there before; what came up to it is forgotten."""
        until = time.monotonic() + WAIT_S
        while text.encode() not in self.output:
            assert time.monotonic() < until, f"no {text!r} in {self.output[-600:]!r}"
            if select.select([self.master], [], [], 0.5)[0]:
                self.take()
        self.settle(0.15)
        seen, self.output = self.output, b""
        return seen

    def type(self, keys):
        os.write(self.master, keys.encode())

    def modes(self):
        return termios.tcgetattr(self.master)

    def resize(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def close(self):
        os.close(self.master)
        os.close(self.told)
        try:
            os.kill(self.leader, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(self.leader, 0)


def usual_modes():
    master, slave = pty.openpty()
    modes = termios.tcgetattr(slave)
    os.close(master)
    os.close(slave)
    return modes


def ends(terminal, how):
    word = terminal.hear()
    assert word == how, f"{word}, not {how}: {terminal.output[-600:]!r}"
    assert LEAVES in terminal.output, "the alternate screen was not left"
    assert terminal.modes() == usual_modes(), "the terminal's modes are not as before"


def test_leaving_with_q():
    terminal = Terminal("site")
    terminal.expect("wrong password")
    terminal.type("q")
    ends(terminal, "exit 0")
    return terminal


def test_walking():
    terminal = Terminal("site")
    terminal.expect("wrong password")
    terminal.type("jj\r")
    terminal.expect("POST ticket")
    terminal.type("\r")
    terminal.expect("CONTOSO")
    terminal.type("\x1b[6~")  # PgDn
    terminal.expect("masked 33 bytes")
    terminal.type("\x1b")  # Esc, by itself
    terminal.expect("verdict")
    terminal.type("qq")
    ends(terminal, "exit 0")
    return terminal


def test_settings_are_kept():
    """What was changed on the screen is so the next time, for who leaves and who is ended."""
    path = os.path.join(SETTINGS.name, "lyncscope", "dashboard")
    assert not os.path.exists(path), "written without a change"
    terminal = Terminal("site")
    terminal.expect("wrong password")
    terminal.type("or")
    terminal.expect("by cause")
    terminal.type("q")
    ends(terminal, "exit 0")
    terminal.close()
    with open(path, encoding="utf-8") as file:
        content = file.read()
    assert "group = cause\n" in content and "reverse = yes\n" in content, content
    terminal = Terminal("site")
    terminal.expect("by cause")
    terminal.type("oooor")
    terminal.settle(0.5)
    terminal.type("\x03")
    ends(terminal, "exit 0")
    with open(path, encoding="utf-8") as file:
        content = file.read()
    os.remove(path)
    assert "group = none\n" in content and "reverse = no\n" in content, content
    return terminal


def test_ctrl_c():
    terminal = Terminal("site")
    terminal.expect("wrong password")
    terminal.type("\x03")
    ends(terminal, "exit 0")
    return terminal


def by_signal(number):
    terminal = Terminal("live")
    terminal.expect("live")
    os.kill(terminal.program, number)
    ends(terminal, f"signal {int(number)}")
    return terminal


def test_sigterm():
    return by_signal(signal.SIGTERM)


def test_sighup():
    return by_signal(signal.SIGHUP)


def test_ctrl_z():
    terminal = Terminal("site")
    terminal.expect("wrong password")
    terminal.type("\x1a")
    ends(terminal, "stopped")
    terminal.output = b""
    os.kill(terminal.program, signal.SIGCONT)
    terminal.expect("wrong password")
    terminal.type("q")
    ends(terminal, "exit 0")
    return terminal


def test_resizing():
    terminal = Terminal("many")
    terminal.expect("wrong password")
    for rows, columns in ((40, 120), (17, 57), (10, 40), (80, 250), (11, 41)):
        terminal.resize(rows, columns)
        terminal.expect("sign-ins")
    terminal.resize(5, 20)
    terminal.expect("needs 40x10")
    terminal.resize(24, 80)
    terminal.expect("wrong password")
    terminal.type("q")
    ends(terminal, "exit 0")
    return terminal


def test_terminal_lost():
    terminal = Terminal("site")
    terminal.expect("wrong password")
    os.close(terminal.master)
    line, until = b"", time.monotonic() + WAIT_S
    while not line.endswith(b"\n") and time.monotonic() < until:
        if select.select([terminal.told], [], [], 0.5)[0]:
            line += os.read(terminal.told, 1)
    terminal.master = os.open("/dev/null", os.O_RDWR)
    assert line.decode().split()[0] in ("exit", "signal"), "it lives on without a terminal"
    return terminal


def test_unknown_terminal():
    terminal = Terminal("site", TERM="no-such-terminal")
    terminal.expect("TERM=no-such-terminal is not known here; xterm-256color is used instead")
    terminal.type("j")
    terminal.expect("quit")
    terminal.type("q")
    ends(terminal, "exit 0")
    return terminal


def test_dumb_terminal():
    terminal = Terminal("site", TERM="dumb")
    assert terminal.hear() == "exit 2"
    assert b"cannot move its cursor" in terminal.output
    assert terminal.modes() == usual_modes()
    return terminal


def test_terminals():
    for kind in ("vt100", "linux", "xterm", "screen-256color", "xterm-mono", "ansi"):
        if not any(os.path.exists(f"{folder}/{kind[0]}/{kind}")
                   for folder in ("/lib/terminfo", "/usr/share/terminfo", "/etc/terminfo")):
            continue
        terminal = Terminal("site", TERM=kind)
        terminal.expect("wrong")
        terminal.type("\rq")
        terminal.type("q")
        assert terminal.hear() == "exit 0", kind
        assert terminal.modes() == usual_modes(), kind
        terminal.close()
    terminal = Terminal("site")
    terminal.type("q")
    return terminal


def test_without_color():
    terminal = Terminal("site", "mono")
    seen = terminal.expect("wrong password")
    colors = re.findall(rb"\x1b\[[0-9;]*m", seen)
    assert colors and not any(re.search(rb"[;\[](3[0-7]|4[0-7]|38|9[0-7])[;m]", c) for c in colors)
    terminal.type("q")
    ends(terminal, "exit 0")
    return terminal


def test_with_color():
    terminal = Terminal("site")
    assert b"38;5;160m" in terminal.expect("wrong password"), "failures are not red"
    terminal.type("q")
    ends(terminal, "exit 0")
    return terminal


def test_ascii():
    terminal = Terminal("hostile", LC_ALL="C")
    seen = terminal.expect("sign-ins")
    terminal.type("\r")
    seen += terminal.expect("step 3")
    assert all(byte < 0x80 for byte in seen), "bytes that an ASCII terminal does not know"
    assert b"\x1b]0" not in seen and b"owned\x07" not in seen
    terminal.type("qq")
    ends(terminal, "exit 0")
    return terminal


def test_hostile_capture():
    """Every screen of it; of the bytes that came from the capture none that a terminal obeys."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "hostile.pcap")
        hostile_capture.write(path)
        terminal = Terminal("--no-save", "-o", "tui", path, rows=60, columns=150, program=PROGRAM,
                            HOME=folder)
        seen = terminal.expect("1 sign-in")
        for keys in ("\r", "\r", *"\x7fj\r\x7fj\r\x7fj\r", "\x7f", "v", "\x7f", "\x7f", "#", "\x7f", "i"):
            terminal.type(keys + "\x0c")
            seen += terminal.expect("help")
        for evil in (b"\x1b]0", b"\x1b[31m", b"\x9b1m", b"\x08\xff", "\u202e".encode(), b"owned\x07"):
            assert evil not in seen, f"{evil} reached the terminal: {seen[seen.find(evil) - 200:][:400]}"
        for where in (b"alias", b"X-Evil", b"Link", b"X-Ms-diagnostics", b"owned"):
            assert where in seen, f"{where} was never shown"
        terminal.type("qq")
        assert terminal.hear() in ("exit 0", "exit 1")
    return terminal


def test_random_keys():
    rounds, fault = pty_fuzz.fuzz(FUZZ_S, int(time.time()))
    assert not fault, fault
    terminal = Terminal("site")
    terminal.expect("wrong password")
    terminal.type("q")
    ends(terminal, "exit 0")
    return terminal


def main():
    passed = failed = 0
    if not os.access(DEMO, os.X_OK):
        print(f"skip: {DEMO} is not built")
        print("0 passed, 0 failed")
        return 0
    for name, test in sorted(globals().items()):
        if not name.startswith("test_"):
            continue
        try:
            test().close()
            passed += 1
        except (AssertionError, OSError, ValueError, IndexError):
            failed += 1
            print(f"FAILED {name}")
            traceback.print_exc(file=sys.stdout)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
