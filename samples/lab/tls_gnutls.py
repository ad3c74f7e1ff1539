"""tls_gnutls.py: one end of a TLS connection, by GnuTLS's library itself, called through ctypes.

Settings are GnuTLS's priority strings.
"""
import ctypes
import time
from ctypes import CFUNCTYPE, POINTER, byref, c_char_p, c_int, c_size_t, c_ubyte, c_uint, c_void_p

from tls_lab import TIME_LIMIT_S, End, Refused

gnutls = ctypes.CDLL("libgnutls.so.30")
for function in ("gnutls_strerror", "gnutls_ciphersuite_get", "gnutls_protocol_get_name"):
    getattr(gnutls, function).restype = c_char_p
for function in ("gnutls_record_send", "gnutls_record_recv", "gnutls_record_send2"):
    getattr(gnutls, function).restype = ctypes.c_ssize_t


class Datum(ctypes.Structure):
    _fields_ = [("data", POINTER(c_ubyte)), ("size", c_uint)]

    def bytes(self):
        return ctypes.string_at(self.data, self.size)


def datum(data):
    return Datum((c_ubyte * len(data)).from_buffer_copy(data), len(data))


KEYLOG = CFUNCTYPE(c_int, c_void_p, c_char_p, POINTER(Datum))
PSK_SERVER = CFUNCTYPE(c_int, c_void_p, c_char_p, POINTER(Datum))
SERVER, CLIENT, NO_TICKETS = 1, 2, 1 << 10
CERTIFICATE, PSK, PEM, RAW = 1, 4, 1, 0
AGAIN, INTERRUPTED, PREMATURE, FATAL_ALERT, WARNING_ALERT = -28, -52, -110, -12, -16
SECRET = b"a pre-shared key"
VERSIONS = {b"TLS1.0": "1.0", b"TLS1.1": "1.1", b"TLS1.2": "1.2", b"TLS1.3": "1.3"}


def must(result, what):
    if result < 0:
        raise RuntimeError(f"{what}: {gnutls.gnutls_strerror(result).decode()}")
    return result


class Side:
    """A client's or a server's settings; calling it with a socket makes an end."""

    def __init__(self, is_server, keylog, priority, certificates=(), alpn=(), psk=False, flags=0):
        self.is_server, self.keylog, self.alpn, self.flags = is_server, keylog, alpn, flags
        self.priority, self.trusted, self.keep = priority.encode(), None, []
        self.log = KEYLOG(self.note_secret)
        self.credentials = c_void_p()
        gnutls.gnutls_certificate_allocate_credentials(byref(self.credentials))
        for path in certificates:
            must(gnutls.gnutls_certificate_set_x509_key_file(
                self.credentials, (path + ".pem").encode(), (path + ".key").encode(), PEM), path)
        self.shared = c_void_p()
        self.make_shared(psk)
        self.ticket_key = Datum()
        if is_server:
            gnutls.gnutls_certificate_set_known_dh_params(self.credentials, 3)
            must(gnutls.gnutls_session_ticket_key_generate(byref(self.ticket_key)), "ticket key")

    def make_shared(self, psk):
        if not psk:
            return
        if self.is_server:
            gnutls.gnutls_psk_allocate_server_credentials(byref(self.shared))
            gnutls.gnutls_psk_set_server_known_dh_params(self.shared, 3)
            self.keep.append(PSK_SERVER(self.give_secret))
            gnutls.gnutls_psk_set_server_credentials_function(self.shared, self.keep[-1])
        else:
            gnutls.gnutls_psk_allocate_client_credentials(byref(self.shared))
            key = datum(SECRET)
            must(gnutls.gnutls_psk_set_client_credentials(self.shared, b"alice", byref(key), RAW), "psk")

    @staticmethod
    def give_secret(_session, _name, key):
        gnutls_malloc = ctypes.cast(c_void_p.in_dll(gnutls, "gnutls_malloc").value,
                                    CFUNCTYPE(c_void_p, c_size_t))
        place = gnutls_malloc(len(SECRET))  # GnuTLS frees it
        ctypes.memmove(place, SECRET, len(SECRET))
        key.contents.data = ctypes.cast(place, POINTER(c_ubyte))
        key.contents.size = len(SECRET)
        return 0

    def note_secret(self, session, label, secret):
        client, server = Datum(), Datum()
        gnutls.gnutls_session_get_random(c_void_p(session), byref(client), byref(server))
        self.keylog.append(f"{label.decode()} {client.bytes().hex()} {secret.contents.bytes().hex()}")
        return 0

    def trust(self, ca, host):
        """A client judges the server's certificate."""
        must(gnutls.gnutls_certificate_set_x509_trust_file(self.credentials, ca.encode(), PEM), ca)
        self.trusted = host.encode()
        return self

    def __call__(self, sock):
        return GnutlsEnd(self, sock)

    def named(self, name, session=None):
        def make(sock):
            end = GnutlsEnd(self, sock)
            if name:
                must(gnutls.gnutls_server_name_set(end.handle, 1, name.encode(), c_size_t(len(name))), "name")
            if session:
                must(gnutls.gnutls_session_set_data(end.handle, session, c_size_t(len(session))), "session")
            return end
        return make


class GnutlsEnd(End):
    def __init__(self, side, sock):
        super().__init__(sock, side.is_server)
        self.side, self.known, self.padding = side, {}, 0
        self.handle = c_void_p()
        must(gnutls.gnutls_init(byref(self.handle), (SERVER if side.is_server else CLIENT) | side.flags), "init")
        where = c_char_p()
        must(gnutls.gnutls_priority_set_direct(self.handle, side.priority, byref(where)),
             side.priority.decode())
        must(gnutls.gnutls_credentials_set(self.handle, CERTIFICATE, side.credentials), "credentials")
        if side.shared:
            must(gnutls.gnutls_credentials_set(self.handle, PSK, side.shared), "psk")
        if side.keylog is not None:
            gnutls.gnutls_session_set_keylog_function(self.handle, side.log)
        if side.alpn:
            names = (Datum * len(side.alpn))(*(datum(name.encode()) for name in side.alpn))
            must(gnutls.gnutls_alpn_set_protocols(self.handle, names, len(names), 0), "alpn")
        if side.is_server and not side.flags & NO_TICKETS:
            must(gnutls.gnutls_session_ticket_enable_server(self.handle, byref(side.ticket_key)), "tickets")
        if side.trusted:
            gnutls.gnutls_session_set_verify_cert(self.handle, side.trusted, 0)
        gnutls.gnutls_transport_set_int2(self.handle, sock.fileno(), sock.fileno())

    def handshake(self):
        start = time.monotonic()
        while (result := gnutls.gnutls_handshake(self.handle)) in (AGAIN, INTERRUPTED, WARNING_ALERT):
            if time.monotonic() - start > TIME_LIMIT_S:
                raise Refused("handshake: nothing comes")
        if result < 0:
            self.complain(result)
            raise Refused("handshake: " + gnutls.gnutls_strerror(result).decode())
        self.done = True
        self.learn()

    def complain(self, result):
        """The alert that fits, unless the other one said it or is gone."""
        if result in (FATAL_ALERT, PREMATURE):
            return
        level = c_int()
        alert = gnutls.gnutls_error_to_alert(result, byref(level))
        if gnutls.gnutls_alert_send(self.handle, level, alert) == 0:
            self.alerts_sent.append((level.value, alert))

    def learn(self):
        chosen = Datum()
        alpn = gnutls.gnutls_alpn_get_selected_protocol(self.handle, byref(chosen)) == 0
        version = gnutls.gnutls_protocol_get_name(gnutls.gnutls_protocol_get_version(self.handle))
        self.known = {"version": VERSIONS[version],
                      "cipher": gnutls.gnutls_ciphersuite_get(self.handle).decode(),
                      "resumed": bool(gnutls.gnutls_session_is_resumed(self.handle)),
                      "alpn": chosen.bytes().decode() if alpn else None}

    def facts(self):
        return self.known

    def server_name(self):
        """What a server heard."""
        name, length, kind = ctypes.create_string_buffer(256), c_size_t(256), c_uint()
        found = gnutls.gnutls_server_name_get(self.handle, name, byref(length), byref(kind), 0)
        return name.raw[:length.value].decode() if found == 0 else None

    def write(self, data):
        left = bytes(data)
        while left:
            result = gnutls.gnutls_record_send2(self.handle, left, c_size_t(len(left)),
                                                c_size_t(self.padding), 0) if self.padding else \
                gnutls.gnutls_record_send(self.handle, left, c_size_t(len(left)))
            if result < 0:
                raise Refused("write: " + gnutls.gnutls_strerror(result).decode())
            self.sent += left[:result]
            left = left[result:]

    def read(self, limit=16384):
        buffer, start = ctypes.create_string_buffer(limit), time.monotonic()
        # In TLS 1.3 it returns after each ticket, with nothing.
        while (got := gnutls.gnutls_record_recv(self.handle, buffer, c_size_t(limit))) in (AGAIN, INTERRUPTED):
            if time.monotonic() - start > TIME_LIMIT_S:
                break
        if got == PREMATURE:
            return b""
        if got == 0 and not self.alerts_received:
            self.alerts_received.append((1, 0))
        if got < 0:
            self.complain(got)
            raise Refused("read: " + gnutls.gnutls_strerror(got).decode())
        self.received += buffer.raw[:got]
        return buffer.raw[:got]

    def close(self):
        """close_notify; a client waits for the other's end."""
        if gnutls.gnutls_bye(self.handle, 1) == 0:
            self.alerts_sent.append((1, 0))
        if not self.is_server:
            self.close_silently()
            self.read()

    def session(self):
        data = Datum()
        must(gnutls.gnutls_session_get_data2(self.handle, byref(data)), "session")
        return data.bytes()

    def update_keys(self, both):
        must(gnutls.gnutls_session_key_update(self.handle, 1 if both else 0), "key update")
