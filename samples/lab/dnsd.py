"""dnsd.py ADDRESS ZONE.json: a DNS server for zones that an honest one refuses to serve.

dnsmasq, the ordinary server here, will not answer with an alias that leads nowhere or in a circle.
ZONE maps a lower-case name to [[type, value], ...]; further keys: "refuse": {name: rcode},
"silent": [types or names never answered], "everything": an address for every name (a captive
portal), "delay": seconds.
"""
import json
import socket
import struct
import sys
import time

TYPES = {"A": 1, "CNAME": 5, "AAAA": 28, "SRV": 33}
NXDOMAIN = 3


def read_question(query):
    """(name as sent, type, end of the question)."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode())
        at += 1 + query[at]
    return ".".join(labels), struct.unpack_from(">H", query, at + 1)[0], at + 5


def wire_name(name):
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def record(name, kind, value):
    if kind == "A":
        data = socket.inet_aton(value)
    elif kind == "AAAA":
        data = socket.inet_pton(socket.AF_INET6, value)
    elif kind == "SRV":
        priority, weight, port, target = value.split()
        data = struct.pack(">HHH", int(priority), int(weight), int(port)) + wire_name(target)
    else:
        data = wire_name(value)
    return wire_name(name) + struct.pack(">HHIH", TYPES[kind], 1, 60, len(data)) + data


def look_up(zone, name, kind):
    """(rcode, records): follows aliases as a resolver would, eight at most."""
    records, here = [], name.lower()
    if "everything" in zone and here not in zone:
        return 0, [record(name, "A", zone["everything"])] if kind == TYPES["A"] else []
    for _ in range(8):
        if here in zone.get("refuse", {}):
            return zone["refuse"][here], records
        if here not in zone:
            return NXDOMAIN, records
        rows = zone[here]
        records += [record(here, *row) for row in rows if TYPES[row[0]] in (kind, TYPES["CNAME"])]
        alias = [value for row_kind, value in rows if row_kind == "CNAME"]
        if not alias:
            return 0, records
        here = alias[0]
    return 0, records


def main():
    address, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        zone = json.load(file)
    silent = zone.get("silent", [])
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, 53))
    print("ready", flush=True)
    while True:
        query, client = server.recvfrom(4096)
        name, kind, end = read_question(query)
        word = next((word for word, number in TYPES.items() if number == kind), str(kind))
        if word in silent or name.lower() in silent:
            continue
        time.sleep(zone.get("delay", 0))
        rcode, records = look_up(zone, name, kind)
        head = query[:2] + struct.pack(">HHHHH", 0x8580 | rcode, 1, len(records), 0, 0)
        server.sendto(head + query[12:end] + b"".join(records), client)


if __name__ == "__main__":
    main()
