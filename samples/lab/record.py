"""record.py [NAME...]: plays the scenarios and keeps what a capture saw of each.

Samples for users go to samples/, the others to tests/golden/captures/.  samples/README.md gets its
table again, and tests/golden/scenarios.tsv the list of what each proves.
"""
import os
import shutil
import struct
import subprocess
import sys
import time

import lab
import scenario
import scenarios_auth
import scenarios_dns
import scenarios_http
import scenarios_mobility
import scenarios_normal
import scenarios_tls
import scenarios_topology

TOP = os.path.dirname(os.path.dirname(lab.HERE))
SCENARIOS = (scenarios_normal.SCENARIOS + scenarios_dns.SCENARIOS + scenarios_http.SCENARIOS +
             scenarios_auth.SCENARIOS + scenarios_tls.SCENARIOS + scenarios_mobility.SCENARIOS +
             scenarios_topology.SCENARIOS)
TABLE = "<!-- table: made by samples/lab/record.py -->\n"


def place(one):
    """Where its capture lies, relative to the top."""
    suffix = {"": ".pcap", "cut": ".pcap", "zst": ".pcap.zst", "pcapng.gz": ".pcapng.gz",
              "drops": ".pcapng"}[one.after]
    folder = "samples" if one.sample else "tests/golden/captures"
    return f"{folder}/{one.name}{suffix}"


def keylog_place(one):
    return place(one).removesuffix(".pcap") + ".keylog"


def options_of(one):
    return " ".join(filter(None, [one.options, f"-k {keylog_place(one)}" if one.keylog else ""]))


def serve(net, one):
    """Starts what the scenario needs on the servers' side."""
    start = net.dnsd if isinstance(one.public, dict) else net.dnsmasq
    start("dns", "203.0.113.53", one.public)
    for number, settings in enumerate(one.services):
        net.service(str(number), settings)
    if one.nginx:
        net.nginx("rp", one.nginx)
    elif one.haproxy:
        net.haproxy("rp", one.haproxy)
    if one.front:
        net.haproxy("fe", one.front)
    if one.other_site:
        net.nginx("dns", one.other_site)
    if one.inner_site:
        net.haproxy("fe", one.inner_site)
    for host, words in one.programs:
        net.start(host, *(word.replace("{folder}", net.folder) for word in words))
    if one.uses_inside():
        net.dnsmasq("fe", "10.20.0.53", one.inside)
        net.haproxy("lb", one.balancer)
    if one.kerberos:
        net.kerberos("alice", "Summer-2013", "HTTP/pool01.corp.contoso.example")
    for host, rule in one.drop:
        net.nft(host, rule)


def play(net, one):
    for stage in one.clients:
        stage = stage if isinstance(stage, list) else [stage]
        running = [net.client(plan, host) for host, plan in stage]
        for process in running:
            process.wait()
    time.sleep(max(one.ending, 0))


def statistics(received, dropped):
    """An Interface Statistics Block of pcapng, as a capturing program writes it at its end."""
    counts = b"".join(struct.pack("<HHQ", code, 8, value) for code, value in ((4, received), (5, dropped)))
    body = struct.pack("<III", 0, 0, 0) + counts + struct.pack("<HH", 0, 0)
    length = len(body) + 12
    return struct.pack("<II", 5, length) + body + struct.pack("<I", length)


def finish(net, one, raw):
    """The capture in the form it is kept in."""
    target = os.path.join(TOP, place(one))
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if one.after == "cut":
        with open(raw, "rb") as file:
            content = file.read()
        with open(target, "wb") as file:
            file.write(content[: len(content) * 6 // 10])
    elif one.after == "pcapng.gz":
        lab.run("editcap", "-F", "pcapng", raw, raw + "ng")
        with open(target, "wb") as file:
            lab.run("gzip", "-9nc", raw + "ng", stdout=file)
    elif one.after == "drops":
        lab.run("editcap", "-F", "pcapng", raw, target)
        with open(target, "ab") as file:
            file.write(statistics(received=120, dropped=37))
    elif one.after == "zst":
        lab.run("zstd", "-q", "-f", "-19", raw, "-o", target)
    else:
        shutil.copyfile(raw, target)
    if one.second:
        lab.run("editcap", "-F", "pcap", "-t", str(one.ahead), raw + ".2",
                target.replace(".pcap", "-2.pcap"))
    if one.rsa:
        shutil.copyfile(os.path.join(net.folder, "rsa.key"), target.replace(".pcap", ".key.pem"))
    return target


def record(net, one):
    print(f"== {one.name}", flush=True)
    if one.names:
        net.certificates(one.names)
    if one.rsa:
        net.rsa_certificate()
    for host in lab.RESOLVERS:
        net.resolver(host, one.resolver)
    raw = os.path.join(net.folder, "raw.pcap")
    net.keylog = os.path.join(net.folder, one.name + ".keylog") if one.keylog else None
    try:
        serve(net, one)
        net.capture(raw, one.point, one.only, one.snap)
        if one.second:
            net.capture(raw + ".2", one.second, one.only, one.snap)
        if one.keylog:
            net.environment["SSLKEYLOGFILE"] = net.keylog
        play(net, one)
        net.stop_capture()
        target = finish(net, one, raw)
        if one.keylog:
            shutil.copyfile(net.keylog, os.path.join(TOP, keylog_place(one)))
    finally:
        net.environment.pop("SSLKEYLOGFILE", None)
        net.stop()
        if one.names:
            net.certificates(lab.NAMES)
    print(f"   {os.path.getsize(target)} bytes", flush=True)


def write_tables():
    with open(os.path.join(TOP, "tests/golden/scenarios.tsv"), "w", encoding="utf-8") as file:
        for one in SCENARIOS:
            row = (one.name, place(one), ",".join(one.rules) or "-", options_of(one) or "-", one.shows)
            print("\t".join(row), file=file)
    path = os.path.join(TOP, "samples/README.md")
    if not os.path.exists(path):
        return
    with open(path, encoding="utf-8") as file:
        head = file.read().split(TABLE)[0]
    with open(path, "w", encoding="utf-8") as file:
        file.write(head + TABLE + "\n| capture | what it shows | rules |\n| --- | --- | --- |\n")
        for one in SCENARIOS:
            if one.sample:
                rules = ", ".join(f"`{rule}`" for rule in one.rules) or "none: it works"
                file.write(f"| `{os.path.basename(place(one))}` | {one.shows} | {rules} |\n")


def main():
    wanted = sys.argv[1:]
    unknown = set(wanted) - {one.name for one in SCENARIOS}
    if unknown:
        sys.exit(f"no such scenario: {' '.join(sorted(unknown))}")
    write_tables()
    net = lab.Lab()
    failed = []
    try:
        net.up()
        for one in SCENARIOS:
            if wanted and one.name not in wanted:
                continue
            try:
                record(net, one)
            except (RuntimeError, subprocess.CalledProcessError) as error:
                print(f"   FAILED: {error}", flush=True)
                failed.append(one.name)
    finally:
        net.down()
    if failed:
        sys.exit("not made: " + " ".join(failed))


if __name__ == "__main__":
    main()
