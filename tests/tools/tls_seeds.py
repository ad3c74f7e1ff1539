"""tls_seeds.py FOLDER: writes seeds of fuzz_tls from samples/tls: one connection each, with its keys.

The format is that of tests/fuzz/fuzz_channel.h behind a key log.
"""
import pathlib
import struct
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
# capture, which of its connections (each a full handshake), what the seed is called
SEEDS = [("tls12-gcm", 0), ("tls12-cbc-etm", 0), ("tls10-cbc", 0), ("tls13", 0), ("tls13-key-update", 0),
         ("tls13-hello-retry", 0), ("tls12-renegotiated", 0), ("tls-client-certificate", 0),
         ("tls-alerts", 0), ("tls13-padded", 0), ("tls-endings", 2)]
ETHERNET_AND_IP, SYN, FIN, RST = 34, 2, 1, 4
BYTES, END = 0, 6


def packets(path):
    """(client to server?, ports, flags, payload) of each TCP packet."""
    data = path.read_bytes()
    at = 24
    while at < len(data):
        length = struct.unpack_from("<I", data, at + 8)[0]
        frame = data[at + 16 : at + 16 + length]
        at += 16 + length
        size = struct.unpack_from(">H", frame, 16)[0]
        source, target, _, _, offset, flags = struct.unpack_from(">HHIIBB", frame, ETHERNET_AND_IP)
        payload = frame[ETHERNET_AND_IP + (offset >> 4) * 4 : 14 + size]
        yield source > target, (max(source, target), min(source, target)), flags, payload


def pieces(direction, payload):
    """As fuzz_channel.h cuts: up to 255 bytes, or up to 255 times four."""
    while payload:
        quads = min(len(payload) // 4, 255)
        length = quads * 4 if len(payload) > 255 else len(payload)
        yield bytes([direction | BYTES | (8 if len(payload) > 255 else 0),
                     quads if len(payload) > 255 else length]) + payload[:length]
        payload = payload[length:]


def seed(name, number):
    """One connection of a capture, and the lines of the key log with its client random; with the
    renegotiated one's, which cannot be seen, come all."""
    flows = {}
    for from_client, ports, flags, payload in packets(TOP / f"samples/tls/{name}.pcap"):
        flow = flows.setdefault(ports, [])
        flow += pieces(0 if from_client else 1, payload)
        if flags & (FIN | RST):
            flow.append(bytes([(0 if from_client else 1) | END, 128 + (1 if flags & RST else 0)]))
    chosen = list(flows.values())[number]
    random = next(piece for piece in chosen if len(piece) > 45)[13:45].hex()
    keys = [line for line in (TOP / f"samples/tls/{name}.keylog").read_text().splitlines()
            if random in line.lower() or name == "tls12-renegotiated"]
    text = "".join(line + "\n" for line in keys).encode()
    return struct.pack(">H", len(text)) + text + b"\0" + b"".join(chosen)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, number in SEEDS:
        content = seed(name, number)
        (folder / name).write_bytes(content)
        print(name, len(content))


if __name__ == "__main__":
    main()
