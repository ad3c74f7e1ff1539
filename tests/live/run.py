"""run.py: a sign-in watched live, in namespaces (root only).

The lab of the samples serves an inside client in clear text; lyncscope watches the bridge, is
interrupted as by Ctrl-C, and must tell the same as it tells of a file of the same packets.
Encrypted ones are tls_live.py's.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1] / "support"), str(HERE.parents[2] / "samples/lab")]
os.environ["PATH"] += ":/usr/sbin:/sbin"
import lab  # noqa: E402
import tls_live  # noqa: E402
from program import BUILD, Tally, report  # noqa: E402

TOOLS = ("ip", "ethtool", "nft", "tcpdump", "curl", "openssl", "dnsmasq")
USERS = {"alice@contoso.example": {"account": "CONTOSO\\alice", "password": "Summer-2013"}}
CLEAR = "http://pool01.corp.contoso.example"


def what_is_missing():
    if os.geteuid() != 0:
        return "not root"
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return f"{' '.join(missing)} missing (make deps-tools)"
    if subprocess.run(["ip", "netns", "add", "lsc-probe"], check=False, stderr=subprocess.DEVNULL).returncode:
        return "no network namespaces here"
    subprocess.run(["ip", "netns", "del", "lsc-probe"], check=False)
    return None


def watch(net, name, *options):
    """lyncscope on the bridge; its report goes to a file."""
    path = os.path.join(net.folder, name)
    process = subprocess.Popen(
        [*lab.inside("net"), str(BUILD / "lyncscope"), "-i", "br0", *options, "-o", f"json:{path}"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return process, path


def finish(process, path):
    """(exit status, report or None, what it said)."""
    process.send_signal(signal.SIGINT)
    try:
        _, said = process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        return -1, None, "does not end at Ctrl-C"
    try:
        with open(path, encoding="utf-8") as file:
            return process.returncode, json.load(file), said.decode(errors="replace")
    except (OSError, ValueError):
        return process.returncode, None, said.decode(errors="replace")


def outcomes(found):
    return [(one["client"]["address"], one["user"], one["outcome"],
             [step["summary"] for step in one["steps"]]) for one in found["sign_ins"]]


def check(net, tally):
    zone = [row for row in lab.INNER_ZONE if "lyncdiscoverinternal" not in row and "pool01" not in row]
    zone += ["lyncdiscoverinternal.contoso.example,10.20.0.31", "pool01.corp.contoso.example,10.20.0.31"]
    net.dnsmasq("fe", "10.20.0.53", zone)
    net.service("fe01", {"sites": [["10.20.0.31", 80]], "users": USERS, "link_base": CLEAR,
                         "root_over_http": "links"})
    pcap = os.path.join(net.folder, "same.pcap")
    net.capture(pcap)
    watching = watch(net, "all.json")
    filtered = watch(net, "dns.json", "-f", "udp port 53")
    time.sleep(2)
    wrong = {"password": "Winter-2012", "agent": "desktop", "token": "saml", "mobility": False}
    net.client(wrong, "in").wait()
    time.sleep(1.5)  # the ring's blocks are handed over after a second at most
    status, live, said = finish(*watching)
    _, only_dns, dns_said = finish(*filtered)
    net.stop_capture()
    tally.expect(live is not None, f"live: no report, exit status {status}: {said}")
    tally.expect(only_dns is not None, f"live with -f: no report: {dns_said}")
    if live is None or only_dns is None:
        return
    of_file, trouble = report(pcap)
    tally.expect(of_file is not None, f"the same from a file: {trouble}")
    tally.expect(live["inputs"][0]["kind"] == "live", f"kind {live['inputs'][0]['kind']}")
    tally.expect(status == 1, f"live: exit status {status}, a sign-in failed")
    tally.expect(of_file is not None and outcomes(live) == outcomes(of_file),
                 f"live {outcomes(live)}\n  file {outcomes(of_file or {'sign_ins': []})}")
    tally.expect(live["sign_ins"] and live["sign_ins"][0]["user"] == "sip:alice@contoso.example",
                 "live: the user is not known")
    stages = {step["stage"] for one in only_dns["sign_ins"] for step in one["steps"]}
    tally.expect(stages <= {"dns"}, f"-f udp port 53 let through {stages}")


def main():
    tally, why = Tally(), what_is_missing()
    if why:
        print(f"skip: live capture: {why}")
        tally.end()
    with tempfile.TemporaryDirectory(prefix="lyncscope-live.") as folder:
        tls_live.check(folder, BUILD / "lyncscope", tally)
    net = lab.Lab()
    try:
        net.up()
        check(net, tally)
    finally:
        net.down()
    tally.end()


if __name__ == "__main__":
    main()
