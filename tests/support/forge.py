"""forge.py: conversations that no program would have, as captures.

TLS is spoken by Python's own ends, HTTP/2 by hand.  Only to attack: captures that show how things
are, are in samples.
"""
import ssl
import struct

CLIENT, SERVER = 0xC6336415, 0xCB00710A  # 198.51.100.21, 203.0.113.10
SEGMENT = 1400


def segment(way, ports, numbers, flags, payload=b""):
    """One packet: Ethernet, IPv4 and TCP; checksums are not what readers of captures rely on."""
    tcp = struct.pack(">HHIIBBHHH", *ports, *(number & 0xFFFFFFFF for number in numbers), 0x50, flags, 65535,
                      0, 0) + payload
    head = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(tcp), numbers[0] & 0xFFFF, 0, 64, 6, 0, *way)
    return b"\x02" * 12 + b"\x08\0" + head + tcp


def conversation(talk, client_port, server_port=443):
    """Packets of a connection in which [(from the client, bytes)] is said."""
    ways = {True: (CLIENT, SERVER), False: (SERVER, CLIENT)}
    ports = {True: (client_port, server_port), False: (server_port, client_port)}
    said = {True: 1, False: 1}

    def packet(who, flags, payload=b""):
        return segment(ways[who], ports[who], (said[who], said[not who]), flags, payload)

    yield segment(ways[True], ports[True], (0, 0), 2)
    yield segment(ways[False], ports[False], (0, 1), 18)
    yield packet(True, 16)
    for who, data in talk:
        for at in range(0, len(data), SEGMENT):
            part = data[at : at + SEGMENT]
            yield packet(who, 24, part)
            said[who] += len(part)
    for who in (True, False):
        yield packet(who, 17)
        said[who] += 1
    yield packet(True, 16)


def write_capture(path, packets, seconds=1700000000):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for number, data in enumerate(packets):
            file.write(struct.pack("<IIII", seconds + number // 10000, number % 10000 * 100, len(data), len(data)))
            file.write(data)
    return path


# ---- TLS ----

class Tls:
    """Both ends of one TLS connection; `talk` is what passed between them."""

    def __init__(self, certificate, key, keylog=None, alpn=None, name="lyncdiscover.contoso.example"):
        server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        server.load_cert_chain(certificate, key)
        client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
        if keylog:
            client.keylog_filename = str(keylog)
        for context in (server, client):
            if alpn:
                context.set_alpn_protocols([alpn])
        self.inward = {who: ssl.MemoryBIO() for who in (True, False)}
        self.outward = {who: ssl.MemoryBIO() for who in (True, False)}
        self.ends = {True: client.wrap_bio(self.inward[True], self.outward[True], server_hostname=name),
                     False: server.wrap_bio(self.inward[False], self.outward[False], server_side=True)}
        self.talk = []
        waiting = {True, False}
        while waiting:
            for who in sorted(waiting, reverse=True):
                try:
                    self.ends[who].do_handshake()
                    waiting.discard(who)
                except ssl.SSLWantReadError:
                    pass
                self.carry(who)

    def carry(self, who):
        """What that end has written goes on the wire, and to the other end."""
        data = self.outward[who].read()
        if not data:
            return
        self.talk.append((who, data))
        self.inward[not who].write(data)

    def say(self, who, data):
        for at in range(0, len(data), 16384):
            self.ends[who].write(data[at : at + 16384])
            self.carry(who)
            try:
                while self.ends[not who].read(65536):
                    pass
            except ssl.SSLWantReadError:
                pass
            self.carry(not who)


# ---- HTTP/2 ----

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def fields(*pairs):
    """A header block without table or Huffman code."""
    return b"".join(b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
                    for name, value in pairs)


def request(stream, path, authority="lyncdiscover.contoso.example"):
    block = fields((":method", "GET"), (":scheme", "https"), (":authority", authority), (":path", path))
    return frame(1, 5, stream, block)


def answer(stream, body, **headers):
    pairs = [(":status", "200"), *((name.replace("_", "-"), value) for name, value in headers.items())]
    yield frame(1, 4, stream, fields(*pairs))
    for at in range(0, len(body), 16384):
        yield frame(0, 0, stream, body[at : at + 16384])
    yield frame(0, 1, stream)
