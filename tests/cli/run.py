"""run.py: the command line: what it refuses and how, exit statuses, filters, outputs.

Runs the program on bundled samples only.
"""
import html.parser
import json
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from program import BUILD, TOP, Tally, lyncscope, report  # noqa: E402

FAILED = "samples/dns-nxdomain.pcap"
FINE = "samples/signin-inside.pcap"
SEVERAL = "samples/morning.pcap"
tally = Tally()


def expect(truth, fault):
    tally.expect(truth, f"cli: {fault}")


# ---- what is refused: exit status 2, one line, nothing else ----

def refused(words, *arguments, lines=1, **more):
    done = lyncscope(*arguments, **more)
    said = done.stderr.decode(errors="replace").splitlines()
    expect(done.returncode == 2, f"{arguments}: exit status {done.returncode}, wanted 2")
    expect(done.stdout == b"", f"{arguments}: prints {done.stdout[:100]}")
    expect(len(said) == lines and all(line.startswith("lyncscope: ") for line in said),
           f"{arguments}: says {said}")
    expect(words in " ".join(said), f"{arguments}: does not say {words!r}: {said}")


def check_refusals(folder):
    refused("no such file", "/nosuch/capture.pcap")
    refused("two.pcap", "/nosuch/one.pcap", "/nosuch/two.pcap", lines=2)
    refused("one.pcap", FINE, "/nosuch/one.pcap")
    refused("directory", "/tmp")
    refused("empty", "/dev/null")
    refused("not a capture", "README.md")
    refused("did you mean '--explain'", "--explan", "x")
    refused("did you mean 'dns-timeout'", "--explain", "dns-timeou")
    refused("--rules", "--explain", "quux")
    refused("standard output", FINE, "-o", "json", "-o", "text")
    refused("tcpdump", "-i", "lo", "-w", "packets.pcap")
    refused("terminal", FINE, "-o", "tui")
    refused("filter", FINE, "-f", "zork")
    refused("together", "-i", "lo", FINE)
    refused("/nosuch/report", FINE, "-o", "json:/nosuch/report")
    refused("no such key log", FINE, "-k", "/nosuch/keys")
    refused("not a TLS key log", FINE, "-k", "README.md")
    refused("No space left", FINE, "-o", "json:/dev/full")
    config = folder / "config"
    config.write_text("sip-domain contoso.com\nfrobnicate\n")
    refused(f"{config}:2:", "--config", config, FINE)
    done = lyncscope()
    expect(done.returncode == 2 and done.stderr.count(b"\n") == 1 and b"--help" in done.stderr, "no input: not one line")


def check_that_inputs_are_safe(folder):
    copy = folder / "copy.pcap"
    content = (TOP / FINE).read_bytes()
    copy.write_bytes(content)
    refused("is an input too", copy, "-o", f"json:{copy}")
    (folder / "link").symlink_to(copy)
    refused("is an input too", copy, "-o", f"json:{folder / 'link'}")
    expect(copy.read_bytes() == content, "an input was overwritten")
    old = folder / "old.json"
    old.write_text("old")
    refused("no such file", "/nosuch", "-o", f"json:{old}")
    expect(old.read_text() == "old", "an output was emptied though the input cannot be read")


# ---- exit statuses ----

def check_statuses():
    for status, arguments in [(1, [FAILED]), (0, [FINE]), (1, [FINE, FAILED]),
                              (0, [FAILED, "-c", "203.0.113.99"]), (0, ["--help"]),
                              (0, ["--version"]), (0, ["--rules"]), (0, ["--man"]),
                              (0, ["--explain", "dns-timeout"])]:
        done = lyncscope(*arguments)
        expect(done.returncode == status, f"{arguments}: exit status {done.returncode}")
        expect(done.stderr == b"", f"{arguments}: says {done.stderr[:200]}")


# ---- filters ----

def check_filters():
    whole, fault = report(SEVERAL)
    expect(not fault, fault)
    if fault:
        return
    clients = {sign_in["client"]["address"] for sign_in in whole["sign_ins"]}
    users = {sign_in["user"] for sign_in in whole["sign_ins"] if sign_in["user"]}
    expect(len(clients) > 1 and len(users) > 1, f"{SEVERAL} has only {clients} and {users}")
    for client in clients:
        part, _ = report(SEVERAL, "-c", client)
        expect(part["sign_ins"] == [s for s in whole["sign_ins"] if s["client"]["address"] == client],
               f"-c {client}")
    for user in users:
        wanted = [sign_in for sign_in in whole["sign_ins"] if sign_in["user"] == user]
        for form in (user, user.upper(), user.removeprefix("sip:")):
            part, _ = report(SEVERAL, "-u", form)
            expect(part["sign_ins"] == wanted, f"-u {form}")
    part, _ = report(SEVERAL, "--failed")
    expect(part["sign_ins"] == [s for s in whole["sign_ins"] if s["outcome"] == "failed"], "--failed")
    expect(part["summary"]["sign_ins"] == len(part["sign_ins"]), "--failed: the summary counts others")


# ---- outputs ----

def check_outputs(folder):
    whole, _ = report(SEVERAL)
    files = {name: folder / name for name in ("json", "ndjson", "events", "text")}
    done = lyncscope(SEVERAL, *[word for name, path in files.items() for word in ("-o", f"{name}:{path}")])
    expect(done.stdout == b"", "outputs to files print to standard output too")
    expect(json.loads(files["json"].read_text()) == whole, "-o json:FILE is another report")
    lines = [json.loads(line) for line in files["ndjson"].read_text().splitlines()]
    by_id = lambda sign_in: sign_in["id"]  # noqa: E731
    expect(sorted(lines, key=by_id) == sorted(whole["sign_ins"], key=by_id), "-o ndjson differs")
    packets = [json.loads(line)["packet"] for line in files["events"].read_text().splitlines()]
    expect(packets and packets == sorted(packets), "-o events is not in packet order")
    text = files["text"].read_text()
    expect(all(len(line) <= 80 for line in text.splitlines()), "-o text is wider than 80 columns")
    expect("\033" not in text, "-o text is coloured in a file")
    colored = lyncscope(SEVERAL, "--color", "always").stdout.decode()
    expect("\033[" in colored, "--color always: no colour")
    expect(re.sub("\033\\[[0-9;]*m", "", colored) == text, "colour changes the text")
    with open(TOP / SEVERAL, "rb") as stream:
        piped, fault = report("-", stdin=stream)
    expect(not fault and piped["sign_ins"] == whole["sign_ins"], f"standard input: {fault}")


def check_html():
    page = lyncscope(SEVERAL, "-o", "html").stdout.decode()
    parser = html.parser.HTMLParser()
    parser.feed(page)
    expect("wrong password" in page and "Content-Security-Policy" in page, "html: not the report")
    expect(not re.search(r"<(script|img|link|iframe)|src=|url\(", page), "html: fetches something")
    expect(page.count("<section") == page.count("</section>") == 3, "html: not each failed one")


def check_packets(folder):
    """The packets of the sign-ins that failed tell the same story again."""
    kept = folder / "kept.pcapng"
    before, _ = report("--failed", SEVERAL)
    expect(lyncscope("--failed", SEVERAL, "-o", f"pcapng:{kept}").returncode == 1, "pcapng: status")
    after, fault = report(kept)
    expect(after is not None, f"pcapng: {fault}")
    if after:
        told = [[(one["user"], one["outcome"], len(one["steps"])) for one in all_["sign_ins"]]
                for all_ in (before, after)]
        expect(told[0] == told[1], f"pcapng: another story: {told}")
        expect(0 < after["inputs"][0]["packets"] < before["inputs"][0]["packets"],
               "pcapng: not only those packets")
    with open(FAILED, "rb") as file:
        done = lyncscope("-", "-o", f"pcapng:{folder / 'none'}", stdin=file)
    expect(done.returncode == 2 and b"cannot be read again" in done.stderr,
           f"pcapng of standard input: {done.returncode} {done.stderr}")


def check_a_reader_that_leaves():
    """Quietly, and other outputs go on."""
    with tempfile.NamedTemporaryFile() as file:
        done = subprocess.run(["bash", "-c", f"'{BUILD}/lyncscope' -o events -o json:{file.name} "
                               f"{SEVERAL} | head -c 10; echo ${{PIPESTATUS[0]}}"], cwd=TOP,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        expect(done.stderr == b"", f"a closed pipe: says {done.stderr[:200]}")
        status = done.stdout.splitlines()[-1][-1:]
        expect(status in (b"0", b"1"), f"a closed pipe: exit status {status}")
        expect(json.load(file)["sign_ins"], "a closed pipe: the other output is empty")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([str(BUILD / "lyncscope"), "-o", "json", FINE], cwd=TOP, stdout=full,
                              stderr=subprocess.PIPE, check=False)
    expect(done.returncode == 2 and b"No space left" in done.stderr, "a full disk is not told")


# ---- signals ----

def check_interrupt():
    """Ctrl-C ends the reading of a pipe that never ends, not the report."""
    reader, writer = os.pipe()
    process = subprocess.Popen([str(BUILD / "lyncscope"), "-o", "json", "-"], cwd=TOP, stdin=reader,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    os.write(writer, (TOP / FAILED).read_bytes())
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    try:
        out, said = process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        expect(False, "interrupt: does not end")
        return
    finally:
        os.close(writer)
        os.close(reader)
    document = json.loads(out or b"{}")
    expect(process.returncode == 1, f"interrupt: exit status {process.returncode}: {said[-300:]}")
    expect(len(document.get("sign_ins", [])) == 1, "interrupt: what was read is not in the report")
    warnings = " ".join(document.get("inputs", [{"warnings": []}])[0]["warnings"])
    expect("interrupted" in warnings, f"interrupt: warnings are {warnings!r}")


def run_on_terminal(*arguments, **environment):
    """What it prints to a terminal, and its exit status."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(TOP)
        os.execve(str(BUILD / "lyncscope"), ["lyncscope", *arguments],
                  {"LC_ALL": "C.UTF-8", "HOME": "/nonexistent", **environment})
    shown, end = b"", time.time() + 20
    while time.time() < end and select.select([terminal], [], [], 5)[0]:
        try:
            shown += os.read(terminal, 65536)
        except OSError:
            break
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    return shown.decode(errors="replace"), os.waitstatus_to_exitcode(status)


def check_terminal():
    for environment, colored in [({"TERM": "dumb"}, False), ({}, False)]:
        shown, status = run_on_terminal(FAILED, **environment)
        expect(shown.startswith("The sign-in") and status == 1, f"{environment}: {shown[:80]!r}")
        expect(("\033" in shown) == colored, f"{environment}: colour")
    shown, _ = run_on_terminal("-o", "text", FAILED, TERM="xterm")
    expect("\033[" in shown, "text on a terminal has no colour")
    shown, _ = run_on_terminal("-o", "text", FAILED, TERM="xterm", NO_COLOR="1")
    expect("\033[" not in shown, "NO_COLOR is not honoured")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        check_refusals(folder)
        check_that_inputs_are_safe(folder)
        check_outputs(folder)
        check_packets(folder)
    check_statuses()
    check_filters()
    check_html()
    check_a_reader_that_leaves()
    check_interrupt()
    check_terminal()
    tally.end()


if __name__ == "__main__":
    main()
