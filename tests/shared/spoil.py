"""spoil.py: captures as they come in practice: cut, incomplete, out of order, doubled."""
import random
import struct

HEADER_BYTES, RECORD_BYTES = 24, 16
SNAP = 160


def read(path):
    """The file's header and its records; None: not a pcap file of one link type."""
    content = path.read_bytes()
    order = {b"\xd4\xc3\xb2\xa1": "<", b"\x4d\x3c\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">",
             b"\xa1\xb2\x3c\x4d": ">"}.get(content[:4])
    if order is None:
        return None
    records, at = [], HEADER_BYTES
    while at + RECORD_BYTES <= len(content):
        length = struct.unpack(order + "I", content[at + 8:at + 12])[0]
        records.append(content[at:at + RECORD_BYTES + length])
        at += RECORD_BYTES + length
    return order, content[:HEADER_BYTES], records


def cut(order, record):
    """The record with at most SNAP bytes of its packet."""
    seconds, fraction, length, wire = struct.unpack(order + "4I", record[:RECORD_BYTES])
    head = struct.pack(order + "4I", seconds, fraction, min(length, SNAP), wire)
    return head + record[RECORD_BYTES:RECORD_BYTES + SNAP]


def swapped(records):
    chance = random.Random(2)
    swap = list(records)
    for i in range(0, len(swap) - 1, 2):
        if chance.random() < 0.5:
            swap[i], swap[i + 1] = swap[i + 1], swap[i]
    return swap


def variants(path):
    """(name, bytes of a capture) for each way it can be spoilt."""
    whole = read(path)
    if whole is None:
        return
    order, header, records = whole
    third = len(records) // 3
    for name, kept in (("snap 160", [cut(order, one) for one in records]),
                       ("without its first third", records[third:]),
                       ("without its last third", records[:2 * third]),
                       ("swapped", swapped(records)),
                       ("doubled", [one for one in records for _ in range(2)])):
        yield name, header + b"".join(kept)
