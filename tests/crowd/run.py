"""run.py [CAPTURE...]: crowds at one proxy: is each sign-in one person's, and each relay the right one?

In the captures of samples/lab/crowd.py every request carries X-Crowd, person and number; the program
does not know of it.  Of each capture: every person at every address is one sign-in that succeeded, with
the person's name; every request of it is among its steps; the inner leg of each request that was
relayed is the one with the same X-Crowd.  Two requests at once that are the same byte for byte, as two
phones' for the same public document are, cannot be told apart by anybody: their legs may be exchanged,
but only few of them.  Prints the shares that are right.
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from program import TOP, Tally, lyncscope, report  # noqa: E402

TAG = "x-crowd"
ADDED = {TAG, "host", "connection", "x-forwarded-for", "x-forwarded-proto"}
EXCHANGED = 0.03


def requests(capture, keys):
    """Packet of a request -> (X-Crowd, client address), and X-Crowd -> all else that it says."""
    rows = lyncscope(*keys, "-o", "events", capture).stdout.decode().splitlines()
    found, said = {}, {}
    for row in map(json.loads, rows):
        request = row.get("request") or {}
        headers = {name.lower(): value for name, value in request.get("headers", [])}
        if row["event"] != "http" or TAG not in headers:
            continue
        found[request["packet"]] = (headers[TAG], row["client"]["address"])
        said[headers[TAG]] = (request["method"], request["target"].split("//")[-1], request["body_sha256"],
                              sorted(pair for pair in headers.items() if pair[0] not in ADDED))
    return found, said


def split_legs(found):
    """(outer packets, tags seen on both legs): the first request with a tag is the client's."""
    outer, both = {}, set()
    for packet, (tag, _) in sorted(found.items()):
        if tag in outer:
            both.add(tag)
        else:
            outer[tag] = packet
    return set(outer.values()), both


class Crowd:
    def __init__(self, capture):
        keylog = capture.with_name(capture.name.split(".")[0] + ".keylog")
        self.keys = ["-k", keylog] if keylog.exists() else []
        self.found, self.said = requests(capture, self.keys)
        self.outer, self.both = split_legs(self.found)
        self.report, self.fault = report(*self.keys, capture)

    def people(self):
        return {(self.found[packet][1], self.found[packet][0].split(".")[0]) for packet in self.outer}

    def signins(self):
        """(people that are exactly one good sign-in, sign-ins that are nobody's)."""
        rows = [(one["client"]["address"], one["user"], one["outcome"]) for one in self.report["sign_ins"]]
        wanted = [(address, f"sip:user{int(person):02}@contoso.example", "succeeded")
                  for address, person in self.people()]
        return sum(rows.count(one) == 1 for one in wanted), [row for row in rows if row not in wanted]

    def steps(self):
        """Requests in the sign-in of their person, relays of the same request, of one that says the
        same, of another."""
        own, joined, alike, wrong = set(), set(), set(), []
        for one in self.report["sign_ins"]:
            for step in one["steps"]:
                packet = step["evidence"][0].get("packet")
                tag = self.found.get(packet, ("", ""))[0]
                if tag and one["user"] == f"sip:user{int(tag.split('.')[0]):02}@contoso.example":
                    own.add(tag)
                if not tag or "relay" not in step:
                    continue
                inner = self.found.get(step["relay"]["evidence"][0]["packet"], ("", ""))[0]
                if inner == tag:
                    joined.add(tag)
                elif inner in self.said and self.said[inner] == self.said[tag]:
                    alike.add(tag)
                else:
                    wrong.append(f"step {step['number']} of sign-in {one['id']}: {tag} relayed as {inner}")
        return own, joined, alike, wrong


def judge(capture, tally):
    crowd = Crowd(capture)
    name = capture.name.split(".")[0]
    if crowd.fault:
        tally.expect(False, f"{name}: {crowd.fault}")
        return
    good, foreign = crowd.signins()
    own, joined, alike, wrong = crowd.steps()
    people, asked = len(crowd.people()), len(crowd.outer)
    print(f"  {name:24} sign-ins {good}/{people}, requests {len(own)}/{asked}, "
          f"relays {len(joined & crowd.both)}/{len(crowd.both)}")
    tally.expect(people > 0, f"{name}: nobody in it")
    tally.expect(good == people, f"{name}: {people - good} people are not exactly one good sign-in")
    tally.expect(not foreign, f"{name}: sign-ins of nobody: {foreign}")
    tally.expect(len(own) == asked, f"{name}: {asked - len(own)} requests are not with their person")
    tally.expect(not wrong, f"{name}: " + "; ".join(wrong[:5]))
    tally.expect(len(alike) <= EXCHANGED * len(crowd.both), f"{name}: {len(alike)} legs of requests that "
                 "say the same are exchanged")
    missing = sorted(crowd.both - joined - alike)
    tally.expect(not missing, f"{name}: inner legs not joined: {' '.join(missing[:10])}")


def main():
    tally = Tally()
    captures = [pathlib.Path(word) for word in sys.argv[1:]] or sorted(
        (TOP / "tests/golden/captures").glob("crowd-*.pcap*"))
    for capture in captures:
        judge(capture, tally)
    tally.end()


main()
