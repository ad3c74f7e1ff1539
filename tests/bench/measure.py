"""measure.py RUNS FILE...: CPU time (user + system) of lyncscope, of a bare libpcap loop and of
tshark doing the same work, on each capture; the smallest of RUNS, run in turns so that whatever
else the machine does hits all alike.  Figures on a shared machine: trust the ratios.  A key log beside a
capture (small-https.keylog) is given to lyncscope and to tshark.  In the largest capture no
certificate may be parsed twice.
"""
import os
import shutil
import subprocess
import sys

LIMIT = 3.0          # times the bare loop, on the 100 MB mix
LINEAR = 1.35        # seconds a megabyte may grow by this factor from 100 MB to 1 GB
TSHARK_MAX_MB = 150  # beyond, it takes minutes
SMALL_LIMIT = 15     # tshark's CPU time is at least so many times ours on many short connections
FIELDS = [word for name in (
    "frame.time_epoch ip.src tcp.srcport ip.dst tcp.dstport dns.qry.name http.host http.request.uri "
    "http.response.code tls.handshake.extensions_server_name tls.handshake.type").split()
    for word in ("-e", name)]


def commands(path):
    keylog = os.path.splitext(path)[0] + ".keylog"
    keys, tshark_keys = [], []
    if os.path.exists(keylog):
        keys, tshark_keys = ["-k", keylog], ["-o", f"tls.keylog_file:{keylog}"]
    rows = {"pcap_loop": ["build/release/tests/bench/pcap_loop", path],
            "lyncscope": ["./lyncscope", "-q", "-o", "json:/dev/null", *keys, path],
            "... text": ["./lyncscope", "-q", "-o", "text:/dev/null", *keys, path]}
    if shutil.which("tshark") and os.path.getsize(path) < TSHARK_MAX_MB * 2**20:
        rows["tshark"] = ["tshark", "-n", "-r", path, *tshark_keys, "-Y",
                          "http || dns || tls.handshake", "-T", "fields", *FIELDS]
    return rows


def run_once(command):
    """(CPU seconds, peak megabytes) of one run, through wait4."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{command[0]}: exit status {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(path, runs):
    rows = commands(path)
    results = {name: [] for name in rows}
    for turn in range(runs):
        for name, command in rows.items():
            if name == "tshark" and turn >= 2:
                continue
            results[name].append(run_once(command))
    return {name: (min(cpu for cpu, _ in values), max(memory for _, memory in values))
            for name, values in results.items()}


def main():
    runs, paths = int(sys.argv[1]), sys.argv[2:]
    print(f"{'capture':18} {'MB':>7} {'program':10} {'CPU s':>9} {'MB/s':>7} {'RSS MB':>7}  x pcap_loop  x tshark")
    rates, bad = {}, []
    for path in paths:
        size = os.path.getsize(path) / 1e6
        results = measure(path, runs)
        bare = results["pcap_loop"][0]
        for name, (cpu, memory) in results.items():
            peer = f"1/{results['tshark'][0] / cpu:.0f}" if "tshark" in results and cpu else "-"
            print(f"{os.path.basename(path):18} {size:7.1f} {name:10} {cpu:9.3f} {size / cpu:7.0f} "
                  f"{memory:7.0f}  {cpu / bare:11.2f}  "
                  f"{peer if name in ('lyncscope', '... text') else '':>8}")
        rates[os.path.basename(path)] = results["lyncscope"][0] / size
        ratio = results["lyncscope"][0] / bare
        times = results["tshark"][0] / results["lyncscope"][0] if "tshark" in results else SMALL_LIMIT
        if os.path.basename(path).startswith("small-") and times < SMALL_LIMIT:
            bad.append(f"1/{times:.1f} of tshark on {os.path.basename(path)}, the limit is "
                       f"1/{SMALL_LIMIT}")
        if os.path.basename(path) == "mix100.pcap" and ratio > LIMIT:
            bad.append(f"{ratio:.2f} times the bare loop on the 100 MB mix, the limit is {LIMIT}")
    mixes = [(name, rates[name]) for name in ("mix10.pcap", "mix100.pcap", "mix1000.pcap") if name in rates]
    if len(mixes) > 1:
        print("growth: " + ", ".join(f"{name} {rate * 1e3:.2f} ms a MB" for name, rate in mixes))
        if {"mix100.pcap", "mix1000.pcap"} <= rates.keys() and rates["mix1000.pcap"] > LINEAR * rates["mix100.pcap"]:
            bad.append(f"not linear: {rates['mix1000.pcap'] / rates['mix100.pcap']:.2f} times as much a "
                       "MB at 1 GB as at 100 MB")
    largest = max(paths, key=os.path.getsize)
    check = subprocess.run(["build/release/tests/bench/certificates", largest],
                           capture_output=True, text=True, check=False)
    print(f"{os.path.basename(largest)}: {check.stdout.strip() or check.stderr.strip()}")
    if check.returncode:
        bad.append("a certificate was parsed twice, or the capture could not be read")
    for line in bad:
        print(f"TOO SLOW: {line}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
