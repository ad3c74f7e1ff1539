"""tmux.py: the program in a terminal that can be resized and read."""
import os
import subprocess
import time

from program import BUILD, TOP

WAIT_S = 30


class Terminal:
    """A tmux server with one pane, in which the program runs."""
    count = 0

    def __init__(self, home, size, *arguments):
        Terminal.count += 1
        self.socket = f"lyncscope-test-{os.getpid()}-{Terminal.count}"
        columns, rows = size
        command = ["env", "LC_ALL=C.UTF-8", "TZ=UTC", f"HOME={home}", "XDG_CONFIG_HOME=",
                   str(BUILD / "lyncscope"), "-o", "tui", *arguments]
        self.tmux("-u", "-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows),
                  *command, ";", "set", "-g", "status", "off", ";", "set", "-g", "window-size",
                  "manual", ";", "set", "-g", "escape-time", "0", ";", "resize-window", "-x",
                  str(columns), "-y", str(rows))

    def tmux(self, *arguments):
        return subprocess.run(["tmux", "-L", self.socket, *arguments], cwd=TOP, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout.decode()

    def shown(self):
        return self.tmux("capture-pane", "-p")

    def settled(self, words=""):
        """What it shows when it has these words and does not change any more; "" when it never does."""
        until, before = time.monotonic() + WAIT_S, None
        while time.monotonic() < until:
            now = self.shown()
            if now == before and words in now:
                return now
            before = now
            time.sleep(0.04)
        return ""

    def press(self, *keys):
        if keys:
            self.tmux("send-keys", *keys)

    def resize(self, size):
        self.tmux("resize-window", "-x", str(size[0]), "-y", str(size[1]))

    def program(self):
        return int(self.tmux("display", "-p", "#{pane_pid}") or 0)

    def close(self):
        self.tmux("kill-server")
