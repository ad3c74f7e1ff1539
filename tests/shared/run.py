"""run.py: captures of others, beside the project or at $LYNCSCOPE_SHARED, where they are there.

  lab     sign-ins with the verdict that is right and the exchanges there were; without the keys
          nothing may be invented, and nobody is accused wrongly where packets are cut, missing, out
          of order or doubled
  public  every file is read without a crash; tests/truth compares their events with tshark's
"""
import collections
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import spoil  # noqa: E402
from program import BUILD, SHARED, TOP, Tally, lyncscope, report  # noqa: E402

NEAR_PACKETS = 8


# ---- lab ----

def keys_of(folder):
    keys = [("-k", folder / "keys.log")] if (folder / "keys.log").exists() else []
    keys += [("-K", key) for key in sorted(folder.glob("*.key"))]
    return [part for pair in keys for part in pair]


def judge_lab(folder, tally):
    """Without its keys nothing may be invented; with them all of it must be right."""
    capture = next(folder.glob("capture.pcap*"))
    expected = json.loads((folder / "expected.json").read_text())
    for keys in ([], keys_of(folder)):
        found, trouble = report(capture, *keys)
        tally.expect(found is not None, f"{folder.name}: {trouble}")
        if found:
            judge_invented(folder, found, expected, tally)
    if shutil.which("editcap") or capture.suffix != ".pcapng":
        judge_spoilt(folder, capture, tally)
    if found:
        judge_all(folder, found, expected, tally)
        judge_exchanges(folder, capture, tally)


def judge_spoilt(folder, capture, tally):
    """Cut, incomplete, out of order or doubled: never a wrong accusation."""
    expected = json.loads((folder / "expected.json").read_text())
    guilty = {one["address"] for one in expected["clients"] if one["outcome"] == "failed"}
    with tempfile.TemporaryDirectory() as work:
        plain, spoilt = pathlib.Path(work) / "plain.pcap", pathlib.Path(work) / "spoilt.pcap"
        source = capture
        if capture.suffix == ".pcapng":
            done = subprocess.run(["editcap", "-F", "pcap", capture, plain], check=False,
                                  stderr=subprocess.DEVNULL)
            source = plain if done.returncode == 0 else capture
        for name, content in spoil.variants(source):
            spoilt.write_bytes(content)
            for keys in ([], keys_of(folder)):
                found, trouble = report(spoilt, *keys)
                tally.expect(found is not None, f"{folder.name}, {name}: {trouble}")
                for one in found["sign_ins"] if found else []:
                    rules = [finding["rule"] for finding in one["findings"]]
                    tally.expect(one["outcome"] != "failed" or
                                 (one["client"]["address"] in guilty and
                                  rules[0] in expected["any_of_rules"]),
                                 f"{folder.name}, {name}: {one['client']['address']} failed by {rules[:1]}")


def judge_invented(folder, found, expected, tally):
    wanted = {one["address"] for one in expected["clients"]}
    strangers = {one["client"]["address"] for one in found["sign_ins"]} - wanted
    tally.expect(not strangers, f"{folder.name}: sign-ins of {strangers} are invented")
    for one in found["sign_ins"]:
        rules = [finding["rule"] for finding in one["findings"]]
        tally.expect(one["outcome"] != "failed" or (rules and rules[0] in expected["any_of_rules"]),
                     f"{folder.name}: failed by {rules[:1]}, right is one of {expected['any_of_rules']}")


def judge_all(folder, found, expected, tally):
    """A client that asks once more after it is in, and goes no further, makes a row without an end."""
    ours = {(one["client"]["address"], one["outcome"]) for one in found["sign_ins"]}
    wanted = {(one["address"], one["outcome"]) for one in expected["clients"]}
    after = {(address, "incomplete") for address, outcome in wanted if outcome == "succeeded"}
    tally.expect(wanted <= ours and ours <= wanted | after,
                 f"{folder.name}: {sorted(ours)}, right is {sorted(wanted)}")
    users = {one["user"] for one in found["sign_ins"]}
    for client in expected["clients"]:
        tally.expect(client["outcome"] != "succeeded" or client["user"] in users,
                     f"{folder.name}: user {client['user']} is not among {users}")
    truth = json.loads((folder / "truth.json").read_text())
    frames = [frame for point in truth["failure_points"] for frame in point.get("frames", [])]
    for one in found["sign_ins"]:
        if one["outcome"] == "failed" and frames:
            cited = [row.get("packet", 0) for row in one["findings"][0]["evidence"]]
            near = min(abs(packet - frame) for packet in cited for frame in frames)
            tally.expect(near <= NEAR_PACKETS, f"{folder.name}: cites {cited}, the truth is {frames}")


def judge_exchanges(folder, capture, tally):
    """The client's exchanges, in number and status."""
    truth = json.loads((folder / "truth.json").read_text())
    if not keys_of(folder) and any("tls" in step["step"] for steps in
                                   truth["steps_by_client_address"].values() for step in steps):
        return
    wanted = collections.Counter((address, step["status"])
                                 for address, steps in truth["steps_by_client_address"].items()
                                 for step in steps if step["step"] == "http")
    done = lyncscope("-o", "events", *keys_of(folder), capture)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    ours = collections.Counter((one["client"]["address"], (one["response"] or {}).get("status"))
                               for one in events if one["event"] == "http"
                               and one["client"]["address"] in truth["steps_by_client_address"])
    tally.expect(wanted == ours, f"{folder.name}: exchanges {dict(ours - wanted)} too many, "
                 f"{dict(wanted - ours)} missing")


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
