"""latency.py PROGRAM ARGUMENT...: how long a key waits for its frame while a capture is read.

Types a key, waits for the screen to answer, again and again for SECONDS seconds, and prints what
the waits were.  For a person who changes the loop; a shared machine is too uneven for a test.
"""
import fcntl
import os
import pty
import random
import select
import struct
import sys
import termios
import time

# Each with ^L, so that there is an answer even where nothing changes; Backspace goes back.
KEYS = [b"j", b"k", b"\x1b[6~", b"\x1b[5~", b"G", b"g", b"f", b"o", b"\r\x7f", b"#\x7f", b"i\x7f", b"?\x7f"]


def start(arguments):
    child, master = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
        os.execvp(arguments[0], arguments)
    return child, master


def is_answered(master, seconds):
    return bool(select.select([master], [], [], seconds)[0])


def measure(master, seconds):
    began, waits = time.monotonic(), []
    assert is_answered(master, 5), "no first frame"
    print(f"first frame {(time.monotonic() - began) * 1000:.0f} ms")
    while time.monotonic() - began < seconds:
        while is_answered(master, 0):  # what is on its way belongs to no key
            os.read(master, 65536)
        keys = random.choice(KEYS)
        for key in (keys[:1], keys[1:]) if keys.endswith(b"\x7f") else (keys,):
            asked = time.monotonic()
            os.write(master, key + b"\x0c")
            assert is_answered(master, 5), f"no answer to {key}"
            waits.append((time.monotonic() - asked, asked - began, key))
            os.read(master, 65536)
            time.sleep(random.random() * 0.02)
    return sorted(waits)


def main():
    child, master = start(sys.argv[1:])
    waits = measure(master, float(os.environ.get("SECONDS", "6")))
    os.close(master)
    os.waitpid(child, 0)
    print(f"{len(waits)} keys: p50 {waits[len(waits) // 2][0] * 1000:.0f} ms, "
          f"p99 {waits[len(waits) * 99 // 100][0] * 1000:.0f} ms, longest " +
          ", ".join(f"{wait * 1000:.0f} ms at {at:.1f} s {key}" for wait, at, key in waits[:-5:-1]))


if __name__ == "__main__":
    main()
