"""program.py: how the tests' runners call the program, and what they count."""
import json
import os
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = TOP / os.environ.get("BUILD", "build/asan")
SHARED = pathlib.Path(os.environ.get("LYNCSCOPE_SHARED", TOP / "../shared")).resolve()
TIME_LIMIT_S = 120


def lyncscope(*arguments, program=None, stdin=None, **more):
    """The finished run; its output is bytes."""
    environment = dict(os.environ, TZ="UTC", LC_ALL="C.UTF-8", NO_COLOR="1")
    environment.pop("SSLKEYLOGFILE", None)
    return subprocess.run([str(program or BUILD / "lyncscope"), *map(str, arguments)], cwd=TOP,
                          check=False, env=environment, timeout=TIME_LIMIT_S,
                          stdin=stdin or subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, **more)


def report(*arguments, **more):
    """(the JSON report or None, what is wrong or None) of a run that must end well."""
    done = lyncscope(*arguments, "-o", "json", **more)
    if done.returncode not in (0, 1):
        return None, f"exit status {done.returncode}: {done.stderr.decode(errors='replace')[-1500:]}"
    try:
        return json.loads(done.stdout), None
    except ValueError as error:
        return None, f"not JSON: {error}"


class Tally:
    """Counts what passed and prints what did not."""

    def __init__(self):
        self.passed = self.failed = 0

    def expect(self, truth, fault):
        if truth:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAIL {fault}", flush=True)

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed else 0)
