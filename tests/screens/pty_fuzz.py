"""pty_fuzz.py SECONDS [SEED]: random keys, clicks and sizes on the real program, in a pseudo terminal.

It must neither crash nor leak (the program under ASan says so with its exit status) nor stop
answering.  Each round opens a capture, plays for a while and leaves with q; what was pressed is
printed when a round goes wrong.  Nothing is written: --no-save, and a home folder of its own.
"""
import fcntl
import os
import pathlib
import pty
import random
import select
import signal
import struct
import sys
import tempfile
import termios
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = TOP / os.environ.get("BUILD", "build/asan") / "lyncscope"
SAMPLES = sorted(str(path) for path in (TOP / "samples").glob("*.pcap"))
KEYS = [b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D", b"\x1bOA", b"\x1b[5~", b"\x1b[6~", b"\x1b[H",
        b"\x1b[F", b"\r", b"\r", b"\r", b"\x1b", b"\x7f", b"\t", b"\x0c", b"\x1b[3~", b"\x15",
        "ä会".encode(), b"\xff\xfe", b"\x1b[200~x\x1b[201~", b"\x1b]0;x\x07", b"\x00"]
KEYS += [bytes([byte]) for byte in range(0x20, 0x7f) if byte != ord("q")]
ROUND_S, ANSWER_S, LEAVE_S = 3, 10, 20


def mouse(chance):
    button, row, column = chance.choice((0, 64, 65)), chance.randrange(1, 60), chance.randrange(1, 130)
    return f"\x1b[<{button};{column};{row}M\x1b[<{button};{column};{row}m".encode()


def set_size(descriptor, chance):
    rows, columns = chance.choice([(24, 80), (10, 40), (40, 120), (80, 250), (3, 7), (1, 1), (17, 57),
                                   (chance.randrange(1, 90), chance.randrange(1, 260))])
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    return f"{columns}x{rows}"


def run_program(arguments, home):
    """In the child."""
    os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", HOME=home, XDG_CONFIG_HOME=home)
    os.environ.setdefault("ASAN_OPTIONS", "exitcode=99")
    os.environ.setdefault("UBSAN_OPTIONS", "exitcode=99:print_stacktrace=1")
    os.chdir(home)
    os.execv(PROGRAM, [str(PROGRAM), "--no-save", "-o", "tui", *arguments])


class Round:
    def __init__(self, seed, home):
        self.chance = random.Random(seed)
        self.pressed, self.output = [], b""
        arguments = self.chance.sample(SAMPLES, self.chance.choice((1, 1, 2, 5)))
        if self.chance.random() < 0.3:
            arguments.append("--show-secrets")
        self.arguments = arguments
        self.child, self.master = pty.fork()
        if self.child == 0:
            run_program(arguments, home)
        set_size(self.master, self.chance)

    def take(self, seconds):
        """Reads what came; False: nothing did, or it is gone."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            self.output = (self.output + os.read(self.master, 1 << 16))[-20000:]
        except OSError:
            return False
        return True

    def ended(self):
        """Its exit status, None while it runs."""
        child, status = os.waitpid(self.child, os.WNOHANG)
        if child == 0:
            return None
        return os.waitstatus_to_exitcode(status)

    def play(self):
        until = time.monotonic() + ROUND_S
        while time.monotonic() < until:
            kind = self.chance.random()
            if kind < 0.08:
                self.pressed.append(set_size(self.master, self.chance))
            else:
                keys = mouse(self.chance) if kind < 0.2 else self.chance.choice(KEYS)
                self.pressed.append(keys)
                os.write(self.master, keys)
            while self.take(self.chance.choice((0, 0, 0.002, 0.02))):
                pass
            status = self.ended()
            if status is not None:
                return f"it ended with {status}"
        return None

    def is_stuck(self):
        """After all of that it still draws its whole screen when it is asked to."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        while self.take(0.3):
            pass
        os.write(self.master, b"\x0c")
        return not self.take(ANSWER_S)

    def leave(self):
        """Out of whatever is open; the exit status."""
        until = time.monotonic() + LEAVE_S
        while time.monotonic() < until:
            os.write(self.master, b"\x1b")
            self.take(0.06)
            os.write(self.master, b"q")
            while self.take(0.02):
                pass
            status = self.ended()
            if status is not None:
                while self.take(0.1):
                    pass
                return status
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        return "never: it does not leave"

    def run(self):
        fault = self.play()
        if fault is None and self.is_stuck():
            fault = "it does not answer"
        if fault is None or fault.startswith("it does"):
            status = self.leave()
            if fault is None and status not in (0, 1):
                fault = f"it left with {status}"
        os.close(self.master)
        return fault


def fuzz(seconds, seed):
    """How many rounds went well, and what went wrong."""
    until, rounds = time.monotonic() + seconds, 0
    with tempfile.TemporaryDirectory() as home:
        while rounds == 0 or time.monotonic() < until:
            one = Round(seed + rounds, home)
            fault = one.run()
            if fault:
                return rounds, (f"seed {seed + rounds}: {fault}\n{' '.join(one.arguments)}\n"
                                f"{one.pressed}\n{one.output.decode(errors='replace')[-6000:]}")
            rounds += 1
    return rounds, None


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 15
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 30)
    rounds, fault = fuzz(seconds, seed)
    print(fault or f"{rounds} rounds from seed {seed}, no fault")
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main())
