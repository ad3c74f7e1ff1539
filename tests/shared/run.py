"""run.py: captures of others, beside the project or at $LYNCSCOPE_SHARED, where they are there.

  lab     sign-ins with the verdict that is right; those that can be read in the clear must come
          out so, of the others nothing may be invented
  public  every file is read without a crash; tests/truth compares their events with tshark's
"""
import json
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from program import BUILD, SHARED, TOP, Tally, lyncscope, report  # noqa: E402

CLEAR = ("06_", "08_", "17_", "46_", "63_")
NEAR_PACKETS = 8


# ---- lab ----

def judge_lab(folder, tally):
    capture = next(folder.glob("capture.pcap*"))
    expected = json.loads((folder / "expected.json").read_text())
    found, trouble = report(capture)
    tally.expect(found is not None, f"{folder.name}: {trouble}")
    if found is None:
        return
    wanted = {(one["address"], one["outcome"]) for one in expected["clients"]}
    addresses = {address for address, _ in wanted}
    strangers = {one["client"]["address"] for one in found["sign_ins"]} - addresses
    tally.expect(not strangers, f"{folder.name}: sign-ins of {strangers} are invented")
    clear = folder.name.startswith(CLEAR)
    for one in found["sign_ins"]:
        rules = [finding["rule"] for finding in one["findings"]]
        if one["outcome"] != "failed":
            continue
        tally.expect(rules and rules[0] in expected["any_of_rules"],
                     f"{folder.name}: failed by {rules[:1]}, right is one of {expected['any_of_rules']}")
    if clear:
        judge_clear(folder, found, expected, tally)


def judge_clear(folder, found, expected, tally):
    for client in expected["clients"]:
        mine = [one for one in found["sign_ins"] if one["client"]["address"] == client["address"]]
        outcomes = {one["outcome"] for one in mine}
        tally.expect(client["outcome"] in outcomes and len(outcomes) == 1,
                     f"{folder.name}: {client['address']} {outcomes or 'not found'}, "
                     f"right is {client['outcome']}")
        if client["outcome"] == "succeeded":
            users = {one["user"] for one in mine}
            tally.expect(client["user"] in users, f"{folder.name}: user {users}")
    truth = json.loads((folder / "truth.json").read_text())
    frames = [frame for point in truth["failure_points"] for frame in point.get("frames", [])]
    for one in found["sign_ins"]:
        if one["outcome"] == "failed" and frames:
            cited = [row.get("packet", 0) for row in one["findings"][0]["evidence"]]
            near = min(abs(packet - frame) for packet in cited for frame in frames)
            tally.expect(near <= NEAR_PACKETS, f"{folder.name}: cites {cited}, the truth is {frames}")


# ---- public ----

def judge_public(capture, root, tally):
    name = capture.relative_to(root).as_posix()
    found, trouble = report(capture)
    tally.expect(found is not None, f"public/{name}: {trouble}")
    done = lyncscope("-o", "events", capture)
    tally.expect(done.returncode in (0, 1), f"public/{name}: -o events: exit status {done.returncode}: "
                 + done.stderr.decode(errors="replace")[-1500:])
    try:
        for line in done.stdout.splitlines():
            json.loads(line)
    except ValueError as error:
        tally.expect(False, f"public/{name}: -o events: {error}")


def judge_agreement(tally):
    done = subprocess.run([sys.executable, TOP / "tests/truth/compare_truth.py", BUILD / "lyncscope"],
                          check=False, stdout=subprocess.PIPE, text=True)
    print(done.stdout, end="")
    tally.expect(done.returncode == 0, "agreement with tshark")


def main():
    tally = Tally()
    captures = SHARED / "captures"
    if not captures.is_dir():
        print(f"skip: no captures of others at {captures}")
        tally.end()
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(lambda folder: judge_lab(folder, tally),
                      sorted(path for path in (captures / "lab").iterdir() if path.is_dir())))
        root = captures / "public"
        files = sorted(path for path in root.glob("*/*") if path.parent.name not in ("truth", "logs")
                       and any(mark in path.name for mark in (".pcap", ".cap"))
                       and not path.name.endswith((".har", ".keylog")))
        list(pool.map(lambda path: judge_public(path, root, tally), files))
    judge_agreement(tally)
    tally.end()


if __name__ == "__main__":
    main()
