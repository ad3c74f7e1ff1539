#!/usr/bin/env python3
"""compare_truth.py [PROGRAM]: the events of captures of others against what tshark said.

A DNS fact is a message with its packet, header, question and answers.  An HTTP fact is a request or
a response with the fields tshark printed, or the status that a request was paired with; of HTTP/2
the method, authority and path or the status of each stream, and the packet of either; facts of TLS
are in tls_facts.py.  They must
agree in 99 of 100; DIFFERENCES says where we differ and why.  Skips when the captures are not there.
"""
import collections
import ipaddress
import json
import os
import pathlib
import re
import subprocess
import sys

import tls_facts

TOP = pathlib.Path(__file__).resolve().parents[2]
CAPTURES = pathlib.Path(os.environ.get("LYNCSCOPE_SHARED", TOP / "../shared")) / "captures/public"
AGREEMENT = 0.99
FOLDERS = ("dns", "http", "http2", "linktypes", "tcp-oddities", "malformed", "ntlm", "tls-decrypt",
           "tls-cert")
RCODES = ("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET",
          "NXRRSET", "NOTAUTH", "NOTZONE", "DSOTYPENI", "RCODE12", "RCODE13", "RCODE14", "RCODE15")
TYPES = {"A": 1, "NS": 2, "MD": 3, "MF": 4, "CNAME": 5, "SOA": 6, "MB": 7, "MG": 8, "MR": 9, "NULL": 10,
         "WKS": 11, "PTR": 12, "HINFO": 13, "MINFO": 14, "MX": 15, "TXT": 16, "RP": 17, "AAAA": 28,
         "LOC": 29, "NXT": 30, "EID": 31, "NIMLOC": 32, "ATMA": 34, "SRV": 33, "NAPTR": 35, "A6": 38, "DNAME": 39, "OPT": 41, "DS": 43,
         "RRSIG": 46, "NSEC": 47, "DNSKEY": 48, "SVCB": 64, "HTTPS": 65, "SPF": 99, "IXFR": 251,
         "AXFR": 252, "MAILB": 253, "MAILA": 254, "ANY": 255}
REQUEST_FIELDS = {"http.user_agent": "user-agent", "http.authorization": "authorization"}
RESPONSE_FIELDS = {"http.location": "location", "http.www_authenticate": "www-authenticate"}
BOTH_FIELDS = {"http.content_type": "content-type", "http.content_length_header": "content-length",
               "http.transfer_encoding": "transfer-encoding",
               "http.content_encoding": "content-encoding"}


def truth_rows(path):
    lines = [line for line in path.read_text(errors="replace").split("\n") if not line.startswith("#")]
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"))) for line in lines[1:] if line]


# ---- DNS ----

UNREADABLE = ("<Unknown extended label>", "<Name too long>")


def plain_name(name):
    """Odd bytes are printed in different ways: escaped, in octal, as UTF-8 or as what cannot be."""
    if name in ("<Root>", ".") or name in UNREADABLE:
        return ""
    name = re.sub(r"\\(\d\d\d|.)", lambda found: found[1] if len(found[1]) == 1 and found[1] in ". "
                  else "?", name)
    return re.sub(r"(?:[^!-~]|[?\\])+", "?", name).rstrip(".")


def first(row, column):
    return row[column].split(";")[0]


def dns_of_truth(rows):
    for row in rows:
        if ";" in row["dns.id"] or not row["dns.id"]:
            continue
        response = row["dns.flags.response"] in ("1", "True")
        yield {"packet": int(row["frame.number"]), "id": int(row["dns.id"], 16), "response": response,
               "rcode": RCODES[int(row["dns.flags.rcode"])] if response else None,
               "truncated": row["dns.flags.truncated"] in ("1", "True"),
               "name": plain_name(first(row, "dns.qry.name")), "type": first(row, "dns.qry.type"),
               "records": list(zip(map(plain_name, row["dns.resp.name"].split(";")),
                                   row["dns.resp.type"].split(";"))),
               "a": row["dns.a"].split(";"), "aaaa": row["dns.aaaa"].split(";"),
               "cname": row["dns.cname"].split(";"), "srv": row["dns.srv.target"].split(";"),
               "ttl": row["dns.resp.ttl"].split(";")}


def type_number(name):
    if name is None:
        return ""
    return str(TYPES.get(name) or name.removeprefix("TYPE"))


def address(text):
    return str(ipaddress.ip_address(text)) if text else ""


def dns_agrees(truth, ours):
    """Our answers are the first of the records tshark lists, which are of all sections."""
    for column in ("packet", "id", "response", "rcode", "truncated"):
        if truth[column] != ours[column]:
            return False
    if ours["name"] is None and truth["name"] == "":
        return True  # neither could read the question
    if truth["name"] != plain_name(ours["name"] or "") or truth["type"] != type_number(ours["type"]):
        return False
    answers = ours["answers"]
    if [(plain_name(one["name"]), type_number(one["type"])) for one in answers] != \
            truth["records"][:len(answers)]:
        return False
    # tshark prints no TTL for OPT, so only the TTLs before the first one can be compared.
    if [str(one["ttl"]) for one in answers] != truth["ttl"][:len(answers)]:
        return False
    for kind, column in (("A", "a"), ("AAAA", "aaaa"), ("CNAME", "cname"), ("SRV", "srv")):
        mine = [one["data"].split(" ")[-1] for one in answers if one["type"] == kind]
        theirs = truth[column][:len(mine)]
        if kind in ("A", "AAAA"):
            theirs = [address(text) for text in theirs]
        if list(map(plain_name, mine)) != list(map(plain_name, theirs)):
            return False
    return True


def compare_dns(rows, events):
    """(what agrees, [(side, fact)] that do not)"""
    ours = collections.defaultdict(list)
    for one in events:
        if one["event"] == "dns":
            ours[one["packet"]].append(one)
    agree, differ = 0, []
    for truth in dns_of_truth(rows):
        match = next((one for one in ours[truth["packet"]] if dns_agrees(truth, one)), None)
        if match:
            ours[truth["packet"]].remove(match)
            agree += 1
        else:
            differ.append(("tshark", f"dns {truth['packet']} {truth['name']} {truth['type']} "
                           f"records={truth['records']}"))
    several = {int(row["frame.number"]) for row in rows if ";" in row["dns.id"]}
    for packet, left in ours.items():
        for one in left:
            if packet not in several:
                differ.append(("we", f"dns {packet} {one['name']} {one['type']} {one['answers']}"))
    return agree, differ


# ---- HTTP ----

def header(headers, name):
    values = [value for key, value in headers if key.lower() == name]
    return ";".join(values)


def http_of_truth(rows):
    facts = collections.Counter()
    requests = {row["frame.number"]: row for row in rows if row["http.request.method"]}
    for row in rows:
        both = tuple(row[column] for column in BOTH_FIELDS)
        if row["http.request.method"]:
            facts[("request", row["http.request.method"], row["http.request.uri"], row["http.host"],
                   *(row[column] for column in REQUEST_FIELDS), *both)] += 1
        elif row["http.response.code"]:
            facts[("response", row["http.response.code"], row["http.response.phrase"],
                   *(row[column] for column in RESPONSE_FIELDS), *both)] += 1
        asked = requests.get(row["http.request_in"])
        if asked and row["http.response.code"] and ";" not in row["http.response.code"] \
                and not row["http.response.code"].startswith("10"):
            facts[("pair", asked["http.request.uri"], row["http.response.code"])] += 1
    return facts


def http_of_ours(events):
    facts = collections.Counter()
    for one in events:
        request, response = one.get("request"), one.get("response")
        if one["event"] != "http" or one["version"] == "2":
            continue
        if one["stream"]:  # the answer to a request that was upgraded is HTTP/2
            response = None
        if request:
            headers = request["headers"]
            facts[("request", request["method"], request["target"], header(headers, "host"),
                   *(header(headers, name) for name in REQUEST_FIELDS.values()),
                   *(header(headers, name) for name in BOTH_FIELDS.values()))] += 1
        if response:
            headers = response["headers"]
            facts[("response", str(response["status"]), response["reason"],
                   *(header(headers, name) for name in RESPONSE_FIELDS.values()),
                   *(header(headers, name) for name in BOTH_FIELDS.values()))] += 1
        for status in one["interim"]:
            facts[("interim", str(status))] += 1
        if request and response and not str(response["status"]).startswith("10"):
            facts[("pair", request["target"], str(response["status"]))] += 1
    return facts


def settle_interim(truth, ours):
    """tshark prints interim answers as responses without more; we print their status only."""
    for fact in [fact for fact in truth if fact[0] == "response" and fact[1] in ("100", "101", "102", "103")]:
        ours[fact] += ours.pop(("interim", fact[1]), 0)


def compare_http(rows, events):
    truth, ours = http_of_truth(rows), http_of_ours(events)
    settle_interim(truth, ours)
    # A pair that tshark could not make is not held against us.
    extra = [fact for fact in ours if fact[0] == "pair" and fact not in truth]
    for fact in extra:
        if not any(other[0] == "pair" and other[1] == fact[1] for other in truth):
            del ours[fact]
    differ = [("tshark", " ".join(fact)) for fact in (truth - ours).elements()]
    differ += [("we", " ".join(fact)) for fact in (ours - truth).elements()]
    return sum((truth & ours).values()), differ


# ---- HTTP/2 ----

HEADERS = "1"


def http2_of_truth(rows):
    """Header blocks by packet.  Of trailers tshark prints neither method nor status."""
    facts = collections.Counter()
    for row in rows:
        ids, types = row["http2.streamid"].split(";"), row["http2.type"].split(";")
        streams = [one for one, kind in zip(ids, types) if kind == HEADERS]
        methods, authorities, paths, statuses = (
            row["http2.headers." + name].split(";") if row["http2.headers." + name] else []
            for name in ("method", "authority", "path", "status"))
        if methods and len(methods) == len(streams):
            for fact in zip(streams, methods, authorities, paths):
                facts[("request", row["frame.number"], *fact)] += 1
        for stream, status in zip(streams, statuses):
            facts[("response", row["frame.number"], stream, status)] += 1
    return facts


def http2_of_ours(events):
    facts = collections.Counter()
    for one in events:
        if one["event"] != "http" or not one["stream"]:
            continue
        request, response, stream = one["request"], one["response"], str(one["stream"])
        if request and one["version"] == "2":
            facts[("request", str(request["packet"]), stream, request["method"], request["host"],
                   request["target"])] += 1
        if response:
            facts[("response", str(response["packet"]), stream, str(response["status"]))] += 1
    return facts


def compare_http2(rows, events):
    truth, ours = http2_of_truth(rows), http2_of_ours(events)
    differ = [("tshark", "http2 " + " ".join(fact)) for fact in (truth - ours).elements()]
    differ += [("we", "http2 " + " ".join(fact)) for fact in (ours - truth).elements()]
    return sum((truth & ours).values()), differ


# ---- all ----

COMPARE = {"dns": compare_dns, "http": compare_http, "http2": compare_http2,
           **{kind: tls_facts.compare(kind) for kind in tls_facts.FACTS}}

def read_differences():
    rows = []
    for line in (TOP / "tests/truth/DIFFERENCES").read_text().splitlines():
        if line and not line.startswith("#"):
            name, side, fact, _reason = line.split("\t")
            rows.append((name, side, fact))
    return rows


def keys_of(capture):
    """What lies beside the capture; the password is the one that tshark was given."""
    base = CAPTURES / capture.parent.name / re.sub(r"\.pcap(ng)?(\.gz)?$", "", capture.name)
    for suffix, option in ((".keylog", "-k"), (".key.pem", "-K"), (".p12", "-K")):
        if pathlib.Path(f"{base}{suffix}").exists():
            password = ["--password-file", str(TOP / "tests/truth/dmgr.password")]
            return [option, f"{base}{suffix}", *(password if suffix == ".p12" else [])]
    return []


def read_events(program, capture):
    keys = keys_of(capture)
    done = subprocess.run([program, "-o", "events", "--show-secrets", *keys, str(capture)], check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=120, env=dict(os.environ, TZ="UTC"))
    if done.returncode not in (0, 1):
        print(f"FAIL {capture.name}: exit status {done.returncode}: "
              f"{done.stderr.decode(errors='replace')[-2000:]}")
        return None
    return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    program = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else str(TOP / "lyncscope")
    if not CAPTURES.is_dir():
        print(f"skip: no captures of others at {CAPTURES}")
        return 0
    known = read_differences()
    totals, failed = {kind: [0, 0] for kind in COMPARE}, False
    for truth in sorted(path for kind in totals for path in (CAPTURES / "truth").glob(f"*/*.{kind}.tsv")):
        kind = truth.name.split(".")[-2]
        name = f"{truth.parent.name}/{truth.name.removesuffix(f'.{kind}.tsv')}"
        if truth.parent.name not in FOLDERS:
            continue
        events = read_events(program, CAPTURES / name)
        if events is None:
            failed = True
            continue
        if kind == "http2" and any(one["event"] == "tls" and one["decrypted"] == "none"
                                   for one in events):
            print(f"skip: {name}: not decrypted")
            continue
        agree, differ = COMPARE[kind](truth_rows(truth), events)
        differ = [(side, fact) for side, fact in differ
                  if not any(one == name and where == side and fact.startswith(text)
                             for one, where, text in known)]
        for side, fact in differ:
            print(f"differs: {name}\t{side}\t{fact[:300]}")
        totals[kind][0] += agree
        totals[kind][1] += agree + len(differ)
    for kind, (agree, whole) in totals.items():
        print(f"{kind}: {agree} of {whole} facts agree ({agree / max(whole, 1):.2%})")
        failed = failed or agree < AGREEMENT * whole
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
