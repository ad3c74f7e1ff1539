"""tls_openssl.py: one end of a TLS connection, by OpenSSL's library itself.

It is called through ctypes because Python's ssl module has no early data, no key update, no
renegotiation and no choice of extensions.  Settings are those of SSL_CONF_cmd(3).
"""
import ctypes
import time
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_long, c_size_t, c_uint, c_uint64, c_ulong, c_void_p

from tls_lab import TIME_LIMIT_S, End, Refused

crypto = ctypes.CDLL("libcrypto.so.3")
ssl = ctypes.CDLL("libssl.so.3")
POINTERS = """TLS_client_method TLS_server_method SSL_CTX_new SSL_new SSL_CONF_CTX_new SSL_get1_session
SSL_get_current_cipher SSL_CTX_get0_param SSL_load_client_CA_file"""
for function in POINTERS.split():
    getattr(ssl, function).restype = c_void_p
for function in ("SSL_get_version", "SSL_CIPHER_standard_name", "SSL_get_servername"):
    getattr(ssl, function).restype = c_char_p
ssl.SSL_CTX_ctrl.argtypes = ssl.SSL_ctrl.argtypes = [c_void_p, c_int, c_long, c_void_p]
ssl.SSL_CTX_ctrl.restype = ssl.SSL_ctrl.restype = c_long
crypto.ERR_get_error.restype = c_ulong

INFO = CFUNCTYPE(None, c_void_p, c_int, c_int)
KEYLOG = CFUNCTYPE(None, c_void_p, c_char_p)
SELECT = CFUNCTYPE(c_int, c_void_p, POINTER(c_void_p), POINTER(ctypes.c_ubyte), c_void_p, c_uint, c_void_p)
NAMED = CFUNCTYPE(c_int, c_void_p, POINTER(c_int), c_void_p)
PSK_CLIENT = CFUNCTYPE(c_uint, c_void_p, c_char_p, c_void_p, c_uint, c_void_p, c_uint)
PSK_SERVER = CFUNCTYPE(c_uint, c_void_p, c_char_p, c_void_p, c_uint)
NEW_SESSION = CFUNCTYPE(c_int, c_void_p, c_void_p)
VERSIONS = {b"TLSv1": "1.0", b"TLSv1.1": "1.1", b"TLSv1.2": "1.2", b"TLSv1.3": "1.3"}
SECRET = b"a pre-shared key"
(SESSION_CACHE, MAX_SEND_FRAGMENT, NAME_CALLBACK, HOST_NAME, DH_AUTO, MODE,
 CLEAR_MODE) = 44, 52, 53, 55, 118, 33, 78
OP_IGNORE_UNEXPECTED_EOF, OP_NO_RESUMPTION_ON_RENEGOTIATION = 0x80, 0x10000
MODE_AUTO_RETRY, MODE_SEND_FALLBACK = 4, 0x80
CB_READ_ALERT, CB_WRITE_ALERT = 0x4004, 0x4008
WANT_READ, SYSCALL, ZERO_RETURN = 2, 5, 6
VERIFY_PEER, VERIFY_MUST = 1, 2
FILE, FLAGS_CLIENT, FLAGS_SERVER = 2, 4, 8


def last_error():
    text = ctypes.create_string_buffer(256)
    said = []
    while code := crypto.ERR_get_error():
        crypto.ERR_error_string_n(c_ulong(code), text, c_size_t(256))
        said.append(text.value.decode())
    return "; ".join(said) or "no error queued"


def must(result, what):
    if result is None or result <= 0:
        raise RuntimeError(f"{what}: {last_error()}")
    return result


def protocols(names):
    return b"".join(bytes([len(name)]) + name.encode() for name in names)


class Side:
    """A client's or a server's settings (an SSL_CTX); calling it with a socket makes an end."""

    def __init__(self, is_server, keylog=None, settings=(), certificates=(), alpn=(), psk=False):
        self.is_server, self.alerts, self.keep = is_server, {}, []
        self.sessions = []
        method = ssl.TLS_server_method if is_server else ssl.TLS_client_method
        self.context = c_void_p(must(ssl.SSL_CTX_new(c_void_p(method())), "SSL_CTX_new"))
        self.conf([("CipherString", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"), ("MinProtocol", "TLSv1"),
                   ("Options", "UnsafeLegacyRenegotiation"), *settings])
        ssl.SSL_CTX_ctrl(self.context, DH_AUTO, 1, None)
        ssl.SSL_CTX_ctrl(self.context, SESSION_CACHE, 3, None)
        # Reading returns after each handshake message: the caller decides whether to go on.
        ssl.SSL_CTX_ctrl(self.context, CLEAR_MODE, MODE_AUTO_RETRY, None)
        for path in certificates:
            self.add_certificate(path)
        if is_server:
            ssl.SSL_CTX_set_session_id_context(self.context, b"lab", 3)
        self.hook(ssl.SSL_CTX_set_info_callback, INFO(self.info))
        self.hook(ssl.SSL_CTX_sess_set_new_cb, NEW_SESSION(self.new_session))
        if keylog is not None:
            self.hook(ssl.SSL_CTX_set_keylog_callback,
                      KEYLOG(lambda _ssl, line: keylog.append(line.decode())))
        self.set_alpn(alpn)
        if psk and is_server:
            self.hook(ssl.SSL_CTX_set_psk_server_callback, PSK_SERVER(self.psk_server))
        elif psk:
            self.hook(ssl.SSL_CTX_set_psk_client_callback, PSK_CLIENT(self.psk_client))

    def conf(self, settings):
        conf = c_void_p(ssl.SSL_CONF_CTX_new())
        ssl.SSL_CONF_CTX_set_flags(conf, FILE | 0x20 | (FLAGS_SERVER if self.is_server else FLAGS_CLIENT))
        ssl.SSL_CONF_CTX_set_ssl_ctx(conf, self.context)
        for name, value in settings:
            must(ssl.SSL_CONF_cmd(conf, name.encode(), value.encode()), f"{name}={value}")
        ssl.SSL_CONF_CTX_finish(conf)
        ssl.SSL_CONF_CTX_free(conf)

    def add_certificate(self, path):
        must(ssl.SSL_CTX_use_certificate_chain_file(self.context, (path + ".pem").encode()), path)
        must(ssl.SSL_CTX_use_PrivateKey_file(self.context, (path + ".key").encode(), 1), path)

    def hook(self, setter, callback, *more):
        self.keep.append(callback)  # C holds it: Python must not free it
        setter(self.context, callback, *more)

    def info(self, handle, where, value):
        if where in (CB_READ_ALERT, CB_WRITE_ALERT):
            self.alerts.setdefault((handle, where), []).append((value >> 8, value & 0xff))

    def new_session(self, _handle, session):
        self.sessions.append(c_void_p(session))
        return 1

    def set_alpn(self, names):
        wire = protocols(names)
        if not wire:
            return
        if not self.is_server:
            ssl.SSL_CTX_set_alpn_protos(self.context, wire, len(wire))
            return
        mine = ctypes.create_string_buffer(wire)

        def select(_ssl, out, out_length, offered, length, _argument):
            found = ssl.SSL_select_next_proto(out, out_length, mine, len(wire), c_void_p(offered), length)
            return 0 if found == 1 else 2  # a fatal alert
        self.hook(ssl.SSL_CTX_set_alpn_select_cb, SELECT(select), None)

    def psk_client(self, _ssl, _hint, identity, _limit, key, _key_limit):
        ctypes.memmove(identity, b"alice\0", 6)
        ctypes.memmove(key, SECRET, len(SECRET))
        return len(SECRET)

    def psk_server(self, _ssl, _identity, key, _limit):
        ctypes.memmove(key, SECRET, len(SECRET))
        return len(SECRET)

    # ---- rarer settings; each returns the side ----

    def trust(self, ca, must_have=True, host=None, at=None):
        """A client judges the server's certificate; a server asks for one."""
        must(ssl.SSL_CTX_load_verify_locations(self.context, ca.encode(), None), ca)
        if self.is_server:
            ssl.SSL_CTX_set_client_CA_list(self.context, c_void_p(ssl.SSL_load_client_CA_file(ca.encode())))
        self.verify(VERIFY_PEER | (VERIFY_MUST if must_have else 0))
        parameters = c_void_p(ssl.SSL_CTX_get0_param(self.context))
        if host:
            crypto.X509_VERIFY_PARAM_set1_host(parameters, host.encode(), c_size_t(0))
        if at:
            crypto.X509_VERIFY_PARAM_set_time(parameters, c_long(at))
        return self

    def verify(self, mode):
        ssl.SSL_CTX_set_verify(self.context, mode, None)
        return self

    def refuse_names(self):
        """Every server name is answered with the fatal alert unrecognized_name."""
        callback = NAMED(lambda _ssl, alert, _argument: alert.__setitem__(0, 112) or 2)
        self.keep.append(callback)
        ssl.SSL_CTX_callback_ctrl(self.context, NAME_CALLBACK, callback)
        return self

    def early(self, limit=16384):
        ssl.SSL_CTX_set_max_early_data(self.context, limit)
        return self

    def post_handshake_auth(self):
        ssl.SSL_CTX_set_post_handshake_auth(self.context, 1)
        return self

    def accept_silence(self, truth=True):
        """A FIN without close_notify is an end like any other."""
        if truth:
            ssl.SSL_CTX_set_options(self.context, c_uint64(OP_IGNORE_UNEXPECTED_EOF))
        return self

    def renegotiate_in_full(self):
        """A server resumes no session in a renegotiation, so that it gets the certificate it asks for."""
        ssl.SSL_CTX_set_options(self.context, c_uint64(OP_NO_RESUMPTION_ON_RENEGOTIATION))
        return self

    def fallback(self):
        ssl.SSL_CTX_ctrl(self.context, MODE, MODE_SEND_FALLBACK, None)
        return self

    def fragments(self, size):
        must(ssl.SSL_CTX_ctrl(self.context, MAX_SEND_FRAGMENT, size, None), "max_send_fragment")
        return self

    def padded(self, block):
        """TLS 1.3: records padded to a multiple."""
        must(ssl.SSL_CTX_set_block_padding(self.context, c_size_t(block)), "block padding")
        return self

    def __call__(self, sock):
        return OpensslEnd(self, sock)

    def named(self, name, session=None):
        """Makes a client's end that asks for `name`; `session`: resumes it."""
        def make(sock):
            end = OpensslEnd(self, sock)
            if name:
                ssl.SSL_ctrl(end.handle, HOST_NAME, 0, name.encode())
            if session:
                must(ssl.SSL_set_session(end.handle, session), "SSL_set_session")
            return end
        return make


class OpensslEnd(End):
    def __init__(self, side, sock):
        super().__init__(sock, side.is_server)
        self.side = side
        self.handle = c_void_p(must(ssl.SSL_new(side.context), "SSL_new"))
        ssl.SSL_set_fd(self.handle, sock.fileno())
        key = self.handle.value
        # The library may use an address again: forget what an earlier end heard there.
        self.alerts_sent = side.alerts[key, CB_WRITE_ALERT] = []
        self.alerts_received = side.alerts[key, CB_READ_ALERT] = []
        self.known = {}

    def check(self, result, what):
        if result > 0:
            return result
        reason = ssl.SSL_get_error(self.handle, result)
        raise Refused(f"{what}: error {reason}, {last_error()}")

    def handshake(self):
        crypto.ERR_clear_error()
        step = ssl.SSL_accept if self.is_server else ssl.SSL_connect
        self.check(step(self.handle), "handshake")
        self.done = True
        self.learn()

    def learn(self):
        data, length = c_void_p(), c_uint()
        ssl.SSL_get0_alpn_selected(self.handle, ctypes.byref(data), ctypes.byref(length))
        cipher = c_void_p(ssl.SSL_get_current_cipher(self.handle))
        self.known = {"version": VERSIONS[ssl.SSL_get_version(self.handle)],
                      "cipher": ssl.SSL_CIPHER_standard_name(cipher).decode(),
                      "resumed": bool(ssl.SSL_session_reused(self.handle)),
                      "alpn": ctypes.string_at(data, length.value).decode() if length.value else None}

    def facts(self):
        return self.known

    def server_name(self):
        """What a server heard."""
        name = ssl.SSL_get_servername(self.handle, 0)
        return name.decode() if name else None

    def write(self, data):
        self.check(ssl.SSL_write(self.handle, data, len(data)), "write")
        self.sent += data

    def read(self, limit=16384):
        """b"" at the end, with or without close_notify."""
        buffer, start = ctypes.create_string_buffer(limit), time.monotonic()
        while True:
            crypto.ERR_clear_error()
            got = ssl.SSL_read(self.handle, buffer, limit)
            if got > 0 or ssl.SSL_get_error(self.handle, got) != WANT_READ or \
                    time.monotonic() - start > TIME_LIMIT_S:
                break
        if got <= 0:
            reason = ssl.SSL_get_error(self.handle, got)
            said = last_error()
            if reason == ZERO_RETURN or "unexpected eof" in said:
                return b""
            raise Refused(f"read: error {reason}, {said}")
        self.received += buffer.raw[:got]
        return buffer.raw[:got]

    def close(self):
        """close_notify, then what the other says until it ends."""
        ssl.SSL_shutdown(self.handle)
        if not self.is_server:
            crypto.ERR_clear_error()
            ssl.SSL_shutdown(self.handle)

    def session(self):
        """What a later connection resumes; up to TLS 1.2 once the handshake is over."""
        return self.side.sessions[-1]

    # ---- things that happen in the middle ----

    def update_keys(self, both):
        must(ssl.SSL_key_update(self.handle, 1 if both else 0), "SSL_key_update")
        self.check(ssl.SSL_do_handshake(self.handle), "key update")

    def read_handshake(self):
        """Lets the other's half of a handshake come in that began after the first one."""
        buffer, start = ctypes.create_string_buffer(1), time.monotonic()
        while True:
            crypto.ERR_clear_error()
            got = ssl.SSL_read(self.handle, buffer, 0)
            if got > 0 or ssl.SSL_get_error(self.handle, got) != WANT_READ:
                self.check(got, "a handshake in the middle")
            if ssl.SSL_is_init_finished(self.handle) and not ssl.SSL_renegotiate_pending(self.handle):
                return
            if time.monotonic() - start > TIME_LIMIT_S:
                raise Refused("no handshake came")

    def renegotiate(self, abbreviated=False):
        step = ssl.SSL_renegotiate_abbreviated if abbreviated else ssl.SSL_renegotiate
        must(step(self.handle), "SSL_renegotiate")
        self.check(ssl.SSL_do_handshake(self.handle), "renegotiation")

    def ask_certificate(self, mode=VERIFY_PEER | VERIFY_MUST):
        """A server wants a certificate from the next handshake on; TLS 1.3: now."""
        ssl.SSL_set_verify(self.handle, mode, None)
        if self.known["version"] == "1.3":
            must(ssl.SSL_verify_client_post_handshake(self.handle), "post-handshake auth")
            self.check(ssl.SSL_do_handshake(self.handle), "post-handshake auth")

    def write_early(self, data):
        written = c_size_t()
        self.check(ssl.SSL_write_early_data(self.handle, data, c_size_t(len(data)), ctypes.byref(written)),
                   "early data")
        self.sent += data

    def read_early(self):
        """All early data; the handshake goes on afterwards."""
        data, buffer, got = bytearray(), ctypes.create_string_buffer(16384), c_size_t()
        while True:
            result = ssl.SSL_read_early_data(self.handle, buffer, c_size_t(16384), ctypes.byref(got))
            if result == 0:
                self.check(0, "early data")
            if result == 2:
                break
            data += buffer.raw[:got.value]
        self.received += data
        return bytes(data)

    def early_was_accepted(self):
        return ssl.SSL_get_early_data_status(self.handle) == 2
