"""robust.py: the captures of samples/tls as a bad capture would have them.

Packets cut short, lost, swapped and doubled, in every connection of a capture at once: the program
ends well, says "all" only of what has the right hashes, and otherwise gives a reason.
"""
import collections
import json
import os
import struct
import tempfile
from concurrent.futures import ThreadPoolExecutor

from program import lyncscope

SNAP = 160
# What may be said of a connection that opens when nothing is spoilt; "no-key" where one is resumed
# whose beginning was on another connection.
LOST = {"gap", "handshake-not-captured", "handshake-failed", "no-key"}
REASONS = {"cut": {"truncated-packets", "no-key"}, "without": LOST, "packet": LOST, "every": set()}


def read_packets(path):
    """The file's head, and [(record head, bytes, connection)] of a little-endian classic capture."""
    content, at, rows = path.read_bytes(), 24, []
    while at + 16 <= len(content):
        kept = struct.unpack_from("<I", content, at + 8)[0]
        data = content[at + 16 : at + 16 + kept]
        rows.append((content[at : at + 16], data, connection_of(data)))
        at += 16 + kept
    return content[:24], rows


def connection_of(data):
    """Both ports, the greater first: enough in these captures, which are Ethernet and IPv4."""
    head = 14 + 4 * (data[14] & 15)
    return tuple(sorted(struct.unpack_from(">HH", data, head), reverse=True))


def by_connection(rows):
    """Places of each connection's packets in the capture."""
    places = collections.defaultdict(list)
    for place, row in enumerate(rows):
        places[row[2]].append(place)
    return list(places.values())


def cut(rows):
    return [(struct.pack("<QII", *struct.unpack_from("<Q", head), min(len(data), SNAP), len(data)),
             data[:SNAP], who) for head, data, who in rows]


def double(rows):
    return [row for row in rows for _ in (0, 1)]


def lose(rows, number):
    gone = {places[number] for places in by_connection(rows) if number < len(places)}
    return [row for place, row in enumerate(rows) if place not in gone]


def swap(rows, number):
    """That packet of each connection changes places with the next one; the clock goes on."""
    rows = list(rows)
    for places in by_connection(rows):
        if number + 1 < len(places):
            one, two = places[number], places[number + 1]
            (head_1, data_1, who), (head_2, data_2, _) = rows[one], rows[two]
            rows[one] = (head_1[:8] + head_2[8:], data_2, who)
            rows[two] = (head_2[:8] + head_1[8:], data_1, who)
    return rows


def spoilings(rows):
    """(name, packets, must nothing be lost) of what is tried with one capture."""
    longest = max(map(len, by_connection(rows)))
    some = range(min(longest, 30)) if longest < 60 else [*range(16), *range(16, longest, longest // 12)]
    yield f"cut at {SNAP}", cut(rows), False
    yield "every packet twice", double(rows), True
    for number in some:
        yield f"without packet {number}", lose(rows, number), False
        if number % 3 == 0:
            yield f"packet {number} late", swap(rows, number), False


def faults(event, row, how):
    """What that event says wrongly; `how` is the first word of what was done."""
    if event["decrypted"] != "all":
        right = (row.get("decrypted", "all") != "all" or event["reason"] in REASONS[how] or
                 (event["reason"] == "handshake-failed" and not row["client_bytes"] + row["server_bytes"]))
        if not event["reason"] or not right:
            yield f"{event['decrypted']}, and the reason is {event['reason']}"
        return
    for side in ("client", "server"):
        if event.get(side + "_bytes", 0) != row[side + "_bytes"] or (
                row[side + "_bytes"] and event.get(side + "_sha256") != row[side + "_sha256"]):
            yield (f"says all, but {side}_bytes is {event.get(side + '_bytes')}, "
                   f"right is {row[side + '_bytes']}")


def try_one(job):
    """Faults found with one spoilt capture."""
    name, content, options, rows, whole = job
    with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
        file.write(content)
        file.flush()
        done = lyncscope("-o", "events", *options, file.name)
    if done.returncode not in (0, 1):
        return [f"{name}: exit status {done.returncode}: " + done.stderr.decode(errors="replace")[-1500:]]
    found, seen = [], set()
    for line in done.stdout.splitlines():
        event = json.loads(line)
        if event["event"] != "tls":
            continue
        ports = event["client"]["port"], event["server"]["port"]
        row = rows.get(ports) or rows.get(ports[::-1])
        if row is None:
            found.append(f"{name}: an event of nobody's connection {ports}")
            continue
        seen.add(ports)
        found += [f"{name}: {ports} {row['version']} {row['cipher']}: {fault}" for fault in faults(event, row, name.split(", ")[1].split()[0])]
        if whole and event["decrypted"] != row.get("decrypted", "all") and row["client_bytes"]:
            found.append(f"{name}: {ports}: {event['decrypted']} ({event.get('reason')}), nothing was lost")
    return found


def jobs(captures, keys_of):
    for capture in captures:
        truth = json.loads((capture.parent / (capture.stem + ".truth.json")).read_text())
        rows = {(row["client_port"], row["server_port"]): row for row in truth["connections"]}
        options = next(iter(keys_of(capture)), ("", []))[1]
        head, packets = read_packets(capture)
        for what, spoilt, whole in spoilings(packets):
            content = head + b"".join(part for record, data, _ in spoilt for part in (record, data))
            yield f"{capture.stem}, {what}", content, options, rows, whole


def check(captures, keys_of, tally):
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        for found in pool.map(try_one, jobs(captures, keys_of)):
            tally.expect(not found, "\n     ".join(found[:6]))
