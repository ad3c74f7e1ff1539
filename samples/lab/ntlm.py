"""ntlm.py: the server's half of NTLM (MS-NLMP), with NTLMv2 responses really checked.

Python's hashlib has no MD4 any more, so it stands here (RFC 1320).
"""
import base64
import hashlib
import hmac
import os
import struct
import time

SIGNATURE = b"NTLMSSP\0"
FLAGS = 0x00000001 | 0x00000004 | 0x00000200 | 0x00008000 | 0x00010000 | 0x00080000 \
    | 0x00800000 | 0x02000000 | 0x20000000 | 0x80000000
FILETIME_EPOCH_S = 11644473600


def md4(data):
    def rotate(value, bits):
        value &= 0xFFFFFFFF
        return (value << bits | value >> (32 - bits)) & 0xFFFFFFFF

    message = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + struct.pack("<Q", len(data) * 8)
    state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476]
    rounds = [
        (lambda x, y, z: x & y | ~x & z, 0, range(16), (3, 7, 11, 19)),
        (lambda x, y, z: x & y | x & z | y & z, 0x5A827999,
         (0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), (3, 5, 9, 13)),
        (lambda x, y, z: x ^ y ^ z, 0x6ED9EBA1,
         (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15), (3, 9, 11, 15)),
    ]
    for start in range(0, len(message), 64):
        words = struct.unpack("<16I", message[start : start + 64])
        a, b, c, d = state
        for mix, constant, order, shifts in rounds:
            for step, index in enumerate(order):
                a = rotate(a + mix(b, c, d) + words[index] + constant, shifts[step % 4])
                a, b, c, d = d, a, b, c
        state = [(old + new) & 0xFFFFFFFF for old, new in zip(state, (a, b, c, d))]
    return struct.pack("<4I", *state)


def av_pair(kind, value):
    return struct.pack("<HH", kind, len(value)) + value


def challenge(netbios_domain, computer, dns_domain, skew_s=0):
    """A type 2 message and the eight bytes in it that matter."""
    nonce = os.urandom(8)
    now = int((time.time() + skew_s + FILETIME_EPOCH_S) * 10**7)
    text = lambda value: value.encode("utf-16-le")
    info = b"".join([
        av_pair(2, text(netbios_domain)), av_pair(1, text(computer.upper())),
        av_pair(4, text(dns_domain)), av_pair(3, text(f"{computer}.{dns_domain}")),
        av_pair(7, struct.pack("<Q", now)), av_pair(0, b""),
    ])
    target = text(netbios_domain)
    message = SIGNATURE + struct.pack("<I", 2)
    message += struct.pack("<HHI", len(target), len(target), 56)
    message += struct.pack("<I", FLAGS) + nonce + b"\0" * 8
    message += struct.pack("<HHI", len(info), len(info), 56 + len(target))
    message += bytes((10, 0)) + struct.pack("<H", 17763) + b"\0\0\0\x0f"
    return message + target + info, nonce


def field(message, offset):
    length, _, start = struct.unpack_from("<HHI", message, offset)
    return message[start : start + length]


def message_type(token):
    if not token.startswith(SIGNATURE) or len(token) < 12:
        return 0
    return struct.unpack_from("<I", token, 8)[0]


def account_of(token):
    """(domain, user) of a type 3."""
    return (field(token, 28).decode("utf-16-le"), field(token, 36).decode("utf-16-le"))


def proves(token, nonce, password):
    """Whether a type 3 knows the password (NTLMv2, MS-NLMP 3.3.2)."""
    response = field(token, 20)
    domain, user = account_of(token)
    if len(response) <= 24 or not user:
        return False
    key = hmac.new(md4(password.encode("utf-16-le")),
                   (user.upper() + domain).encode("utf-16-le"), hashlib.md5).digest()
    proof = hmac.new(key, nonce + response[16:], hashlib.md5).digest()
    return hmac.compare_digest(proof, response[:16])


def decode(text):
    try:
        return base64.b64decode(text, validate=False)
    except ValueError:
        return b""


assert md4(b"abc").hex() == "a448017aaf21d8525fc10ae87aa6729d"
