"""tls_families_ends.py: client certificates, renegotiation, and the ways a connection ends."""
import socket
import struct
import time

from tls_families_12 import EMS_OFF, ETM_OFF, TICKET_OFF, only, pair
from tls_lab import NAME, Refused, answer, ask, read_message, request, serve

GCM, CBC, GCM13 = "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-SHA384", "TLS_AES_128_GCM_SHA256"
BOTH = (("TLSv1.2", GCM), ("TLSv1.3", GCM13))
TEN_YEARS_S = 10 * 366 * 86400


def with_user(book, settings, **more):
    """A client with a certificate and a server of its own settings."""
    client, _ = pair(book, settings, **more)
    client.add_certificate(book.path("user"))
    return client, pair(book, settings, **more)[1]


# ---- client certificates ----

def late_client(number):
    def act(end):
        end.handshake()
        for turn in range(3):
            end.write(request(number + turn))
            read_message(end)
        end.close()
    return act


def late_server(number):
    """Asks for a certificate after the first answer (TLS 1.3)."""
    def act(end):
        end.handshake()
        for turn in range(3):
            read_message(end)
            if turn == 1:
                end.ask_certificate()
            end.write(answer(number + turn, 200))
        end.wait_for_end()
        end.close()
    return act


def tls_client_certificate(book):
    """Client certificates: given, asked for and not given, given after the handshake (TLS 1.3)."""
    for version, cipher in (*BOTH, ("TLSv1.2", "AES128-SHA256"), ("TLSv1", "AES128-SHA")):
        client, server = with_user(book, only(version, cipher))
        server.trust(book.path("ca.pem"))
        number = book.next()
        book.talk(client.named(NAME), server, ask(number), serve(number))
        client, server = pair(book, only(version, cipher))
        server.trust(book.path("ca.pem"), must_have=False)
        number = book.next()
        book.talk(client.named(NAME), server, ask(number), serve(number))
    client, server = with_user(book, only("TLSv1.3", GCM13))
    client.post_handshake_auth()
    server.trust(book.path("ca.pem")).verify(0)
    number = 100 * book.next()
    book.talk(client.named(NAME), server, late_client(number), late_server(number))


def reading_client(end):
    end.handshake()
    end.read()
    end.close()


def handshake_only(end):
    end.handshake()
    end.read()


def tls_client_certificate_refused(book):
    """A certificate is required and none, or an unknown one, is given: alerts in the clear (1.2) and encrypted (1.3)."""
    for version, cipher in BOTH:
        client, server = pair(book, only(version, cipher))
        server.trust(book.path("ca.pem"))
        book.talk(client.named(NAME), server, reading_client, handshake_only, fails=True)
        client, server = with_user(book, only(version, cipher))
        server.trust(book.path("other.pem"))
        book.talk(client.named(NAME), server, reading_client, handshake_only, fails=True)


# ---- renegotiation ----

def renegotiating_client(number, turns=2, **more):
    def act(end):
        end.handshake()
        for turn in range(turns):
            if turn:
                end.renegotiate(**more)
            end.write(request(number + turn))
            read_message(end)
        end.close()
    return act


def patient_server(number, turns=2):
    def act(end):
        end.handshake()
        for turn in range(turns):
            read_message(end)
            end.write(answer(number + turn, 100 * turn))
        end.wait_for_end()
        end.close()
    return act


def asking_server(number):
    """As IIS does: the request first, then a renegotiation that asks for a certificate, then the answer."""
    def act(end):
        end.handshake()
        read_message(end)
        end.ask_certificate()
        end.renegotiate()
        end.read_handshake()
        end.write(answer(number))
        read_message(end)
        end.write(answer(number + 1))
        end.wait_for_end()
        end.close()
    return act


def two_requests(number):
    def act(end):
        end.handshake()
        for turn in range(2):
            end.write(request(number + turn))
            read_message(end)
        end.close()
    return act


def refused_renegotiation(end):
    end.handshake()
    end.write(request(1))
    read_message(end)
    end.renegotiate()


def one_answer(end):
    end.handshake()
    read_message(end)
    end.write(answer(1))
    end.read()


def tls12_renegotiated(book):
    """Renegotiation by the client, full and abbreviated, and by the server for a client certificate, as IIS does."""
    for cipher in (GCM, "AES256-SHA"):
        client, server = pair(book, only("TLSv1.2", cipher), server=[("Options", "ClientRenegotiation")])
        number = 100 * book.next()
        book.talk(client.named(NAME), server, renegotiating_client(number), patient_server(number))
    for options in ((EMS_OFF,), (TICKET_OFF,), (ETM_OFF,)):
        client, server = pair(book, only("TLSv1.2", CBC, *options), server=[("Options", "ClientRenegotiation")])
        number = 100 * book.next()
        book.talk(client.named(NAME), server, renegotiating_client(number, abbreviated=True),
                  patient_server(number))
    for version, cipher in (("TLSv1.2", GCM), ("TLSv1.2", "AES128-SHA256"), ("TLSv1", "AES128-SHA")):
        client, server = with_user(book, only(version, cipher))
        server.trust(book.path("ca.pem")).verify(0).renegotiate_in_full()
        number = 100 * book.next()
        book.talk(client.named(NAME), server, two_requests(number), asking_server(number))
    client, server = pair(book, only("TLSv1.2", GCM), server=[("Options", "NoRenegotiation")])
    book.talk(client.named(NAME), server, refused_renegotiation, one_answer, fails=True)


# ---- alerts ----

def refuse(book, client, server, name=NAME):
    book.talk(client.named(name), server, handshake_only, handshake_only, fails=True, sni=name)


def tls_alerts(book):
    """Handshakes that end in an alert: every certificate fault, no common version, cipher, name or protocol."""
    for version, cipher in BOTH:
        settings = only(version, cipher)
        if version == "TLSv1.3":  # OpenSSL's client says it in the clear as long as it hides from middleboxes
            client, server = pair(book, settings, client=[("Options", "-MiddleboxCompat")])
            refuse(book, client.trust(book.path("other.pem")), server)
        for judge in ({"ca": "other.pem"}, {"host": "lyncweb.fabrikam.com"},
                      {"at": int(time.time()) + TEN_YEARS_S}, {"at": 1}):
            client, server = pair(book, settings)
            refuse(book, client.trust(book.path(judge.pop("ca", "ca.pem")), **judge), server)
        client, server = pair(book, settings)
        refuse(book, client, server.refuse_names())
        client, server = pair(book, settings)
        client.set_alpn(["h2"])
        server.set_alpn(["http/1.1"])
        refuse(book, client, server)
        client, server = pair(book, settings, client=[("Groups", "X25519")], server=[("Groups", "P-384")])
        refuse(book, client, server)
    refuse(book, *pair(book, [], client=only("TLSv1.1"), server=[("MinProtocol", "TLSv1.2")]))
    refuse(book, *pair(book, [], client=only("TLSv1.2"), server=[("MinProtocol", "TLSv1.3")]))
    refuse(book, *pair(book, [], client=only("TLSv1.2", "AES128-SHA"), server=only("TLSv1.2", GCM)))
    client, server = pair(book, [], client=[("MaxProtocol", "TLSv1.1")])
    refuse(book, client.fallback(), server)


# ---- how it ends ----

def silent_client(end):
    """A client that does not like what it sees: FIN after the handshake, nothing said."""
    end.handshake()
    end.close_silently()


def asking_silent_client(number):
    def act(end):
        end.handshake()
        end.write(request(number))
        read_message(end)
        end.close_silently()
    return act


def resetting_client(number):
    def act(end):
        end.handshake()
        end.write(request(number))
        read_message(end)
        end.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.sock.close()
    return act


def waiting_server(end):
    end.handshake()
    try:
        end.wait_for_end()
    except Refused:
        pass  # a reset


def answering_server(number):
    """Says nothing at its end either."""
    def act(end):
        end.handshake()
        read_message(end)
        end.write(answer(number))
        try:
            end.wait_for_end()
        except Refused:
            pass  # a reset
    return act


def polite_client(end):
    end.handshake()
    end.close()


def tls_endings(book):
    """Silence after the handshake, close_notify without a request, no close_notify, a reset."""
    for version, cipher in (*BOTH, ("TLSv1.2", CBC)):
        # With CBC the server's last word is OpenSSL's decode_error, its answer to a FIN without close_notify.
        settings = only(version, cipher)
        for part in (silent_client, polite_client):
            client, server = pair(book, settings)
            server.accept_silence(cipher != CBC)
            book.talk(client.named(NAME), server, part, waiting_server)
        for part in (asking_silent_client, resetting_client):
            client, server = pair(book, settings)
            server.accept_silence(cipher != CBC)
            number = book.next()
            book.talk(client.named(NAME), server, part(number), answering_server(number))


FAMILIES = {
    "tls-client-certificate": tls_client_certificate,
    "tls-client-certificate-refused": tls_client_certificate_refused,
    "tls12-renegotiated": tls12_renegotiated,
    "tls-alerts": tls_alerts,
    "tls-endings": tls_endings,
}
