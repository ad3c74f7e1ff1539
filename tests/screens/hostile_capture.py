"""hostile_capture.py FILE: a capture whose every name and text tries to reach the terminal.

Escape sequences, control characters, bytes that are no UTF-8, and characters that turn text round:
in DNS labels, percent-encoded in the request's target, in headers, in XML.
"""
import struct
import sys

EVIL = b"\x1b]0;owned\x07\x1b[2J\x1b[31m\x9b1m\r\x08\xff\xe2\x80\xae"
CLIENT, SERVER = bytes([10, 0, 0, 66]), bytes([10, 0, 0, 53])
PORT = 40080


def ip(source, destination, protocol, payload):
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0, source,
                       destination)
    words = struct.unpack(">10H", head)
    total = sum(words)
    total = ~((total & 0xffff) + (total >> 16)) & 0xffff
    return head[:10] + struct.pack(">H", total) + head[12:] + payload


def udp(source, destination, ports, payload):
    return ip(source, destination, 17, struct.pack(">HHHH", *ports, 8 + len(payload), 0) + payload)


def tcp(from_client, flags, sequence, acknowledged, payload=b""):
    ports = (PORT, 80) if from_client else (80, PORT)
    ends = (CLIENT, SERVER) if from_client else (SERVER, CLIENT)
    segment = struct.pack(">HHIIBBHHH", *ports, sequence, acknowledged, 0x50, flags, 65535, 0, 0)
    return ip(*ends, 6, segment + payload)


def name(*labels):
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def dns():
    asked = name(b"lyncdiscover", EVIL, b"com") + struct.pack(">HH", 1, 1)
    alias = name(EVIL, b"net")
    answers = b"\xc0\x0c" + struct.pack(">HHIH", 5, 1, 60, len(alias)) + alias
    answers += alias + struct.pack(">HHIH", 1, 1, 60, 4) + SERVER
    yield udp(CLIENT, SERVER, (40001, 53), struct.pack(">HHHHHH", 7, 0x100, 1, 0, 0, 0) + asked)
    yield udp(SERVER, CLIENT, (53, 40001),
              struct.pack(">HHHHHH", 7, 0x8180, 1, 2, 0, 0) + asked + answers)


def http():
    evil = EVIL.replace(b"\r", b"")
    written = b"".join(b"%%%02X" % byte for byte in EVIL)  # no such byte on the wire, until decoded
    asked = (b"GET /?sipuri=sip:" + written + b"@contoso.com HTTP/1.1\r\nHost: lyncdiscover.contoso.com\r\n"
             b"User-Agent: ACOMO/5.1 " + evil + b"\r\nX-Evil: " + evil + b"\r\n\r\n")
    body = (b"<?xml version=\"1.0\"?><AutodiscoverResponse AccessLocation=\"" + evil + b"\"><Root>"
            b"<Link token=\"User\" href=\"https://" + evil + b"/root/user\"/><" + evil + b"/></Root>" +
            evil + b"</AutodiscoverResponse>")
    answered = (b"HTTP/1.1 500 " + evil + b"\r\nContent-Type: application/vnd.microsoft.rtc.autodiscover"
                b"+xml; v=1\r\nX-MS-Server-Fqdn: " + evil + b"\r\nX-Ms-diagnostics: 1;source=\"" + evil +
                b"\";reason=\"" + evil + b"\"\r\nContent-Length: " + str(len(body)).encode() +
                b"\r\n\r\n" + body)
    yield tcp(True, 2, 100, 0)
    yield tcp(False, 18, 500, 101)
    yield tcp(True, 24, 101, 501, asked)
    yield tcp(False, 24, 501, 101 + len(asked), answered)
    yield tcp(True, 17, 101 + len(asked), 501 + len(answered))
    yield tcp(False, 17, 501 + len(answered), 102 + len(asked))


def write(path):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
        for number, packet in enumerate([*dns(), *http()]):
            file.write(struct.pack("<IIII", 1795215731, number * 10000, len(packet), len(packet)))
            file.write(packet)


if __name__ == "__main__":
    write(sys.argv[1])
