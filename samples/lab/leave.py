"""leave.py ADDRESS PORT NAME VERSION [ask|ask-reset|ask-twice]: a TLS client without manners.

Without the last word it does what phones do that dislike a certificate, or that opened a connection
they do not need: the handshake ends well, then comes a FIN.  No request, no alert.  With it, it asks
for the root document first; it ends by FIN, by RST, or asks again in a session that it resumes.
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
        # It is closed as a socket: close_notify comes from unwrap() alone.
        with context.wrap_socket(plain, server_hostname=name, session=session) as end:
            if how:
                ask(end, name)
            if how == "ask-reset":
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
            session = end.session


if __name__ == "__main__":
    main()
