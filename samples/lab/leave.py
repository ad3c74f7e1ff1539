"""leave.py ADDRESS PORT NAME VERSION [no-sni|drop|ask|ask-reset|ask-twice]: a TLS client without manners.

Without the last word it does what phones do that dislike a certificate, or that opened a connection
they do not need: the handshake ends well, then comes a FIN.  No request, no alert.  The last word
changes that: no server name is sent; it leaves as soon as it has the certificate; or it asks for the
root document first and ends by FIN, by RST, or asks again in a session that it resumes.
"""
import os
import socket
import ssl
import struct
import sys

RST = struct.pack("ii", 1, 0)  # SO_LINGER: on, no time


def ask(end, name):
    end.sendall(f"GET / HTTP/1.1\r\nHost: {name}\r\nConnection: keep-alive\r\n\r\n".encode())
    head, _, body = end.recv(16384).partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n")
                  if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += end.recv(16384)


def drop(context, plain, name):
    """The certificate is read, but the handshake goes no further."""
    heard, said = ssl.MemoryBIO(), ssl.MemoryBIO()
    end = context.wrap_bio(heard, said, server_hostname=name)
    try:
        end.do_handshake()
    except ssl.SSLWantReadError:
        plain.sendall(said.read())
        plain.recv(16384)
    plain.close()


def main():
    address, port, name, version = sys.argv[1:5]
    how = sys.argv[5] if len(sys.argv) > 5 else ""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion[version]
    if "SSLKEYLOGFILE" in os.environ:
        context.keylog_filename = os.environ["SSLKEYLOGFILE"]
    session = None
    for _ in range(2 if how == "ask-twice" else 1):
        plain = socket.create_connection((address, int(port)), 5)
        if how == "drop":
            return drop(context, plain, name)
        # It is closed as a socket: close_notify comes from unwrap() alone.
        with context.wrap_socket(plain, server_hostname=None if how == "no-sni" else name,
                                 session=session) as end:
            if how.startswith("ask"):
                ask(end, name)
            if how == "ask-reset":
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
            session = end.session
    return None


if __name__ == "__main__":
    main()
