"""run.py: captures of others, beside the project or at $LYNCSCOPE_SHARED, where they are there.

  lab     sign-ins with the verdict that is right; those that can be read in the clear must come
          out so, of the others nothing may be invented
  public  every file is read without a crash; the DNS and clear HTTP events agree with what tshark
          said of it in 99 of 100; where we differ and are right, DIFFERENCES says why
"""
import collections
import json
import pathlib
import re
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from program import SHARED, TOP, Tally, lyncscope, report  # noqa: E402

CLEAR = ("06_", "08_", "17_", "46_", "63_")
NEAR_PACKETS = 8
AGREEMENT = 0.99
# What tshark decodes out of TLS with keys, or is not plain HTTP/1, is no measure of clear events.
NOT_CLEAR = ("tls-decrypt", "http2")


def differences():
    """file -> [(kind, content)] in which we may differ."""
    rows = collections.defaultdict(list)
    path = TOP / "tests/shared/DIFFERENCES"
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        if line and not line.startswith("#"):
            name, kind, content, _reason = line.split("\t")
            rows[name].append((kind, content))
    return rows


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

def truth_rows(path):
    """Rows as name -> value; the first line is the command, the second the names."""
    lines = [line for line in path.read_text(errors="replace").splitlines()
             if line and not line.startswith("#")]
    names = lines[0].split("\t") if lines else []
    return [dict(zip(names, line.split("\t"))) for line in lines[1:]]


def clean(text):
    """A name in lower case; tshark shows any byte that is no character alike, we show its number."""
    text = re.sub(r"\\(\d\d\d)", lambda found: chr(int(found[1])) if 32 < int(found[1]) < 127 else "\ufffd", text)
    return re.sub(r"\ufffd+", "\ufffd", text.replace("\\", "").lower().rstrip("."))


def dns_facts_of_truth(rows):
    facts = collections.Counter()
    for row in rows:
        name, kind = (row.get("dns.qry.name") or "").split(";")[0], row.get("dns.qry.type") or ""
        response = row.get("dns.flags.response") in ("1", "True")
        if not name or ";" in (row.get("dns.id") or ""):
            continue
        facts[("dns", row["frame.number"], int(row["dns.id"], 16), response,
               clean("" if name == "<Root>" else name), kind.split(";")[0])] += 1
    return facts


def dns_facts_of_ours(events, types):
    facts = collections.Counter()
    for one in events:
        ports = {one["from"]["port"], one["to"]["port"]} if one["event"] == "dns" else set()
        if one["event"] == "dns" and one["name"] is not None and not ports & OTHER_NAMES:
            kind = types.get(one["type"], one["type"].removeprefix("TYPE") if one["type"] else "")
            facts[("dns", str(one["packet"]), one["id"], one["response"], clean(one["name"]), kind)] += 1
    return facts


def http_facts_of_truth(rows):
    facts = collections.Counter()
    for row in rows:
        for method, uri in zip((row.get("http.request.method") or "").split(";"),
                               (row.get("http.request.uri") or "").split(";")):
            if method:
                facts[("request", method, uri)] += 1
        for status in (row.get("http.response.code") or "").split(";"):
            if status:
                facts[("response", int(status))] += 1
    return facts


def http_facts_of_ours(events):
    facts = collections.Counter()
    for one in events:
        if one["event"] == "http":
            if one.get("request"):
                facts[("request", one["request"]["method"], one["request"]["target"])] += 1
            if one.get("response"):
                facts[("response", one["response"]["status"])] += 1
            for status in one.get("interim") or []:
                facts[("response", status)] += 1
    return facts


def is_accepted(fact, accepted):
    text = " ".join(map(str, fact[1:]))
    return any(kind == fact[0] and content == text for kind, content in accepted)


# The same messages under another name with tshark: NetBIOS, multicast DNS, LLMNR.
OTHER_NAMES = {137, 5353, 5355}
TYPES = {"NIMLOC": "32", "A": "1", "NS": "2", "CNAME": "5", "SOA": "6", "PTR": "12", "HINFO": "13", "MX": "15", "TXT": "16",
         "AAAA": "28", "LOC": "29", "SRV": "33", "NAPTR": "35", "OPT": "41", "DS": "43", "RRSIG": "46",
         "NSEC": "47", "DNSKEY": "48", "SVCB": "64", "HTTPS": "65", "SPF": "99", "TKEY": "249",
         "IXFR": "251", "AXFR": "252", "ANY": "255", "NSEC3": "50", "DNAME": "39", "TLSA": "52", "CAA": "257",
         "NULL": "10", "A6": "38", "CERT": "37", "KX": "36", "SSHFP": "44"}


def judge_public(capture, root, accepted, tally):
    """(facts on which both agree, all facts) of one file."""
    name = capture.relative_to(root).as_posix()
    found, trouble = report(capture)
    tally.expect(found is not None, f"public/{name}: {trouble}")
    done = lyncscope("-o", "events", capture)
    tally.expect(done.returncode in (0, 1), f"public/{name}: -o events: exit status {done.returncode}: "
                 + done.stderr.decode(errors="replace")[-1500:])
    try:
        events = [json.loads(line) for line in done.stdout.splitlines()]
    except ValueError as error:
        tally.expect(False, f"public/{name}: -o events: {error}")
        return 0, 0
    agree = whole = 0
    if capture.parent.name in NOT_CLEAR:
        return 0, 0
    for kind, of_truth, ours in (
            ("dns", dns_facts_of_truth, dns_facts_of_ours(events, TYPES)),
            ("http", http_facts_of_truth, http_facts_of_ours(events))):
        path = root / "truth" / f"{name}.{kind}.tsv"
        if not path.exists():
            continue
        truth = of_truth(truth_rows(path))
        both = truth & ours
        for fact, count in ((truth - ours) + (ours - truth)).items():
            if is_accepted(fact, accepted.get(name, [])):
                continue
            whole += count
            side = "only tshark" if truth[fact] > ours[fact] else "only we"
            print(f"differs: {name}\t{fact[0]}\t{' '.join(map(str, fact[1:]))}\t{side}")
        agree += sum(both.values())
        whole += sum(both.values())
    return agree, whole


def main():
    tally = Tally()
    captures = SHARED / "captures"
    if not captures.is_dir():
        print(f"skip: no captures of others at {captures}")
        tally.end()
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(lambda folder: judge_lab(folder, tally),
                      sorted(path for path in (captures / "lab").iterdir() if path.is_dir())))
        root, accepted = captures / "public", differences()
        files = sorted(path for path in root.glob("*/*") if path.parent.name not in ("truth", "logs")
                       and any(mark in path.name for mark in (".pcap", ".cap"))
                       and not path.name.endswith((".har", ".keylog")))
        counts = list(pool.map(lambda path: judge_public(path, root, accepted, tally), files))
    agree, whole = (sum(column) for column in zip(*counts)) if counts else (0, 0)
    print(f"{agree} of {whole} DNS and HTTP facts agree with tshark ({agree / max(whole, 1):.2%})")
    tally.expect(whole and agree / whole >= AGREEMENT, f"agreement below {AGREEMENT:.0%}")
    tally.end()


if __name__ == "__main__":
    main()
