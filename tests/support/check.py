"""check.py BUILD: runs every test there is and ends with the plain line "N passed, N failed".

Three kinds are found by their place, so that adding a test edits nothing:
  BUILD/tests/unit/**/*_test      cmocka programs; each of their cases counts
  BUILD/tests/replay/fuzz_*       the fuzz targets without libFuzzer, over their seed corpus
  tests/*/run.py, tests/*/run.sh  runners; each prints its own "N passed, N failed" last
A runner gets BUILD in the environment.  What a runner skipped it says in lines that begin "skip".
"""
import os
import pathlib
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

TIME_LIMIT_S = 600
LAST_LINE = re.compile(r"^(\d+) passed, (\d+) failed$")


def run(command):
    """Exit status and everything printed."""
    environment = dict(os.environ, BUILD=str(BUILD), LC_ALL="C.UTF-8")
    environment.setdefault("ASAN_OPTIONS", "exitcode=99")
    environment.setdefault("UBSAN_OPTIONS", "exitcode=99:print_stacktrace=1")
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL, env=environment, timeout=TIME_LIMIT_S,
                              check=False)
    except subprocess.TimeoutExpired as late:
        return 124, (late.stdout or b"").decode(errors="replace") + "\ntime limit\n"
    return done.returncode, done.stdout.decode(errors="replace")


def unit(program):
    status, text = run([str(program)])
    passed = sum(map(int, re.findall(r"^\[  PASSED  \] (\d+) test", text, re.M)))
    failed = sum(map(int, re.findall(r"^\[  FAILED  \] (\d+) test", text, re.M)))
    if status != 0 and failed == 0:  # it crashed, or a sanitizer stopped it
        failed = 1
    if status == 0 and passed + failed == 0:
        failed, text = 1, text + "no test case ran\n"
    return passed, failed, text


def replay(program):
    corpus = pathlib.Path("tests/fuzz/corpus") / program.name
    inputs = sorted(str(path) for path in corpus.glob("*") if path.is_file())
    if not inputs:
        return 0, 1, f"no seed in {corpus}\n"
    status, text = run([str(program), *inputs])
    return (len(inputs), 0, text) if status == 0 else (0, 1, text)


def runner(script):
    interpreter = "python3" if script.suffix == ".py" else "bash"
    status, text = run([interpreter, str(script)])
    lines = text.rstrip().splitlines() or [""]
    counts = LAST_LINE.match(lines[-1])
    if not counts:
        return 0, 1, text
    passed, failed = map(int, counts.groups())
    return passed, max(failed, int(status != 0 and failed == 0)), text


def programs(folder, pattern):
    return sorted(path for path in (BUILD / folder).rglob(pattern)
                  if path.is_file() and os.access(path, os.X_OK) and not path.suffix)


def main():
    runners = sorted([*pathlib.Path("tests").glob("*/run.py"),
                      *pathlib.Path("tests").glob("*/run.sh")])
    runners = [script for script in runners if script.parent.name not in ("lint", "bench")]
    # The long ones first.
    work = [(runner, path) for path in runners]
    work += [(unit, path) for path in programs("tests/unit", "*_test")]
    work += [(replay, path) for path in programs("tests/replay", "fuzz_*")]

    started, passed, failed = time.time(), 0, 0
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        jobs = [(path, pool.submit(kind, path)) for kind, path in work]
        for path, job in jobs:
            ok, bad, text = job.result()
            passed, failed = passed + ok, failed + bad
            name = os.path.relpath(path, BUILD) if path.is_relative_to(BUILD) else path
            print(f"{'FAIL' if bad else 'ok  '} {name}: {ok} passed" +
                  (f", {bad} failed" if bad else ""))
            skipped = [line for line in text.splitlines() if line.startswith("skip")]
            print("".join(f"       {line}\n" for line in skipped), end="")
            if bad:
                print(text)
            sys.stdout.flush()
    print(f"{time.time() - started:.0f} s")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


BUILD = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/asan")

if __name__ == "__main__":
    sys.exit(main())
