"""tls_families_gnutls.py: GnuTLS on both ends, or on one with OpenSSL on the other."""
import tls_openssl
from tls_families_12 import TICKET_OFF, only
from tls_families_13 import updating_client, updating_server
from tls_families_ends import handshake_only
from tls_gnutls import NO_TICKETS, Side
from tls_lab import NAME, ask, serve

SUITES_13 = ("AES-128-GCM", "AES-256-GCM", "CHACHA20-POLY1305", "AES-128-CCM", "AES-128-CCM-8")
OLD = "+SHA1:+SHA256:+SHA384:+MD5:+AEAD:+COMP-NULL:+SIGN-ALL:+SIGN-RSA-SHA1:+GROUP-ALL:+CTYPE-ALL"


def old(version, exchange, cipher, mac="", more=""):
    """A priority string for one suite up to TLS 1.2."""
    macs = OLD if not mac else OLD.replace("+SHA1:+SHA256:+SHA384:+MD5", "+" + mac)
    return f"NONE:+VERS-{version}:+{exchange}:+{cipher}:{macs}{more}"


def new(cipher, groups="GROUP-ALL", exchange="+ECDHE-RSA:+ECDHE-ECDSA:+PSK:+DHE-PSK", more=""):
    return (f"NONE:+VERS-TLS1.3:+{cipher}:+AEAD:+SHA256:+SHA384:{exchange}:+COMP-NULL:+SIGN-ALL:+CTYPE-ALL:"
            + ":".join("+" + group for group in groups.split()) + more)


def pair(book, priority, server=None, kinds=("rsa", "ecdsa"), **more):
    return (Side(False, book.keylog, priority, **more),
            Side(True, book.keylog, server or priority, certificates=[book.path(kind) for kind in kinds], **more))


def one(book, client, server, session=None, size=0, **truth):
    number = book.next()
    return book.talk(client.named(NAME, session), server, ask(number), serve(number, size), truth=truth)[0]


def full_and_resumed(book, client, server):
    first = one(book, client, server)
    one(book, client, server, first.session())


# OpenSSL has no Camellia-GCM, and lyncscope decrypts what OpenSSL can.
SHUT = {"decrypted": "none", "reason": "unsupported-cipher"}
EXCHANGES = ("RSA", "ECDHE-RSA", "DHE-RSA")


def tls_gnutls_old(book):
    """GnuTLS: RC4, 3DES, AES-CBC and Camellia-CBC in TLS 1.0 to 1.2, both orders of MAC and encryption."""
    for number, version in enumerate(("TLS1.0", "TLS1.1", "TLS1.2")):
        mixed = [":%NO_ETM", ""] if number % 2 else ["", ":%NO_ETM"]
        one(book, *pair(book, old(version, ("RSA", "ECDHE-RSA", "ECDHE-ECDSA")[number], "ARCFOUR-128", "SHA1")))
        one(book, *pair(book, old(version, "RSA", "ARCFOUR-128", "MD5")))
        for more in mixed:
            one(book, *pair(book, old(version, EXCHANGES[number], "3DES-CBC", "SHA1", more)))
        one(book, *pair(book, old(version, "ECDHE-ECDSA", "AES-128-CBC", "SHA1", mixed[0])))
        one(book, *pair(book, old(version, "RSA", "CAMELLIA-256-CBC", "SHA1", mixed[1])))
    for more in mixed:
        one(book, *pair(book, old("TLS1.2", "RSA", "AES-256-CBC", "SHA256", more)), size=1000)
        one(book, *pair(book, old("TLS1.2", "ECDHE-RSA", "AES-256-CBC", "SHA384", more)), size=1000)


def tls_gnutls_aead(book):
    """GnuTLS, TLS 1.2: AES-GCM, Camellia-GCM, AES-CCM and CCM-8, ChaCha20-Poly1305; no extended master secret."""
    for exchange in EXCHANGES:
        for cipher in ("CAMELLIA-128-GCM", "CAMELLIA-256-GCM"):
            one(book, *pair(book, old("TLS1.2", exchange, cipher)), **SHUT)
    for cipher in ("AES-128-CCM", "AES-256-CCM", "AES-128-CCM-8", "AES-256-CCM-8", "AES-256-GCM"):
        one(book, *pair(book, old("TLS1.2", "RSA", cipher)))
    one(book, *pair(book, old("TLS1.2", "ECDHE-ECDSA", "CHACHA20-POLY1305")))
    one(book, *pair(book, old("TLS1.2", "DHE-RSA", "CHACHA20-POLY1305")))
    one(book, *pair(book, old("TLS1.2", "ECDHE-RSA", "AES-128-GCM", more=":%NO_SESSION_HASH")))
    full_and_resumed(book, *pair(book, old("TLS1.2", "ECDHE-RSA", "AES-128-GCM", more=":%NO_SESSION_HASH")))


def padded(act):
    """Every record is longer than what it says, each by another length."""
    def padded_act(end):
        write = end.write

        def write_padded(data):
            end.padding += 77
            write(data)
        end.write = write_padded
        act(end)
    return padded_act


def tls_gnutls_13(book):
    """GnuTLS, TLS 1.3: every suite, resumption, a pre-shared key with and without key exchange, HelloRetryRequest, KeyUpdate, padding."""
    for cipher in SUITES_13:
        full_and_resumed(book, *pair(book, new(cipher), kinds=("ecdsa",)))
    for exchange in ("+DHE-PSK", "+PSK"):
        # Who listens cannot tell this key from one of a ticket.
        one(book, *pair(book, new("AES-128-GCM", exchange=exchange), kinds=(), psk=True), resumed=True)
    one(book, *pair(book, new("AES-256-GCM", "GROUP-X25519 GROUP-SECP384R1"), new("AES-256-GCM", "GROUP-SECP384R1")))
    for cipher in SUITES_13[1:3]:
        client, server = pair(book, new(cipher))
        number = 100 * book.next()
        # GnuTLS does not bear it when both ask at once.
        book.talk(client.named(NAME), server, updating_client(number, (None, True, False, None, None)),
                  updating_server(number, (None, None, False, True, None)))
    client, server = pair(book, new("AES-128-GCM"))
    number = book.next()
    book.talk(client.named(NAME), server, padded(ask(number)), padded(serve(number, 700)))


def refusing(book, client, server):
    book.talk(client.named(NAME), server, handshake_only, handshake_only, fails=True)


def tls_gnutls_openssl(book):
    """GnuTLS with OpenSSL: both ways round, resumption by session id and ticket, ALPN, certificates refused."""
    rsa = [book.path("rsa")]
    for version, cipher in (("TLSv1.2", "ECDHE-RSA-AES128-SHA"), ("TLSv1.2", "AES256-GCM-SHA384"),
                            ("TLSv1.3", "TLS_AES_256_GCM_SHA384")):
        normal = "NORMAL:+RSA:-VERS-ALL:+VERS-" + version.replace("TLSv", "TLS")
        for options in ((), (TICKET_OFF,)) if version == "TLSv1.2" else ((),):
            client = Side(False, book.keylog, normal, alpn=["http/1.1"],
                          flags=NO_TICKETS if options else 0)
            server = tls_openssl.Side(True, None, only(version, cipher, *options), certificates=rsa, alpn=["http/1.1"])
            full_and_resumed(book, client, server)
        client = tls_openssl.Side(False, None, only(version, cipher), alpn=["http/1.1"])
        server = Side(True, book.keylog, normal, certificates=rsa, alpn=["http/1.1"])
        full_and_resumed(book, client, server)
        client = Side(False, book.keylog, normal).trust(book.path("other.pem"), NAME)
        refusing(book, client, tls_openssl.Side(True, None, only(version, cipher), certificates=rsa))
        client = Side(False, book.keylog, normal).trust(book.path("ca.pem"), "lyncweb.fabrikam.com")
        refusing(book, client, Side(True, book.keylog, normal, certificates=rsa))


FAMILIES = {
    "tls-gnutls-old": tls_gnutls_old,
    "tls-gnutls-aead": tls_gnutls_aead,
    "tls-gnutls-13": tls_gnutls_13,
    "tls-gnutls-openssl": tls_gnutls_openssl,
}
