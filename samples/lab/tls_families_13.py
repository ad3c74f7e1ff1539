"""tls_families_13.py: TLS 1.3, OpenSSL on both ends."""
from tls_families_12 import only, pair
from tls_lab import NAME, answer, ask, read_message, request, serve

SUITES = ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256")


def plain(book, settings, **more):
    client, server = pair(book, settings, **more)
    number = book.next()
    book.talk(client.named(NAME), server, ask(number), serve(number))


def tls13(book):
    """TLS 1.3: every suite, RSA and ECDSA certificates, several groups."""
    for suite in SUITES:
        plain(book, only("TLSv1.3", suite))
    plain(book, only("TLSv1.3", SUITES[0]), kinds=("ecdsa",))
    for group in ("P-256", "P-521", "X448", "ffdhe2048"):
        plain(book, only("TLSv1.3", SUITES[1], Groups=group))
    plain(book, only("TLSv1.3", SUITES[1], "-MiddleboxCompat"))


def tls13_hello_retry(book):
    """HelloRetryRequest: the server wants another group than the client's guess."""
    for suite in SUITES[:3]:
        plain(book, only("TLSv1.3", suite), client=[("Groups", "X25519:P-384")], server=[("Groups", "P-384")])
    plain(book, only("TLSv1.3", SUITES[0], "-MiddleboxCompat"), client=[("Groups", "P-256:X25519")],
          server=[("Groups", "X25519")])


def resumed(book, client, server, session, **more):
    number = book.next()
    return book.talk(client.named(NAME, session), server, ask(number), serve(number), **more)[0]


def tls13_resumed(book):
    """Resumption with a ticket as pre-shared key, also after HelloRetryRequest; a key agreed on elsewhere."""
    for suite in SUITES:
        client, server = pair(book, only("TLSv1.3", suite))
        first = resumed(book, client, server, None)
        resumed(book, client, server, first.session())
    client, server = pair(book, only("TLSv1.3", SUITES[1]), client=[("Groups", "X25519:P-384")],
                          server=[("Groups", "P-384")])
    first = resumed(book, client, server, None)
    resumed(book, client, server, first.session())
    # An external key, agreed beforehand.
    client, server = pair(book, only("TLSv1.3", SUITES[0]), psk=True, kinds=())
    resumed(book, client, server, None)


def early_client(number, accepted):
    def act(end):
        end.write_early(request(number, "X-Early: yes\r\n"))
        end.handshake()
        if end.early_was_accepted() != accepted:
            raise RuntimeError("early data: not as it was to be")
        if not accepted:
            del end.sent[:]  # nobody took it: it is said again
            end.write(request(number, "X-Early: no\r\n"))
        read_message(end)
        end.write(request(number, "X-Second: yes\r\n"))
        read_message(end)
        end.close()
    return act


def early_server(number):
    def act(end):
        if not end.read_early():
            end.handshake()
            read_message(end)
        else:
            end.handshake()
        end.write(answer(number))
        read_message(end)
        end.write(answer(number + 1000, 900))
        end.wait_for_end()
        end.close()
    return act


def tls13_early(book):
    """0-RTT: requests as early data, accepted; the answers follow the handshake."""
    for suite in (*SUITES[:3], SUITES[4]):
        client, server = pair(book, only("TLSv1.3", suite))
        server.early()
        first = resumed(book, client, server, None)
        number = book.next()
        book.talk(client.named(NAME, first.session()), server, early_client(number, True), early_server(number))


def tls13_early_refused(book):
    """0-RTT refused: with the ticket taken, and with HelloRetryRequest; the request is sent again."""
    # With its guard against replay a server without early data would not know the ticket.
    client, server = pair(book, only("TLSv1.3", SUITES[0], "-AntiReplay"))
    session = resumed(book, client, server.early(), None).session()
    number = book.next()
    book.talk(client.named(NAME, session), server.early(0), early_client(number, False), early_server(number))
    client, server = pair(book, only("TLSv1.3", SUITES[0], "-AntiReplay"),
                          client=[("Groups", "X25519:P-384")], server=[("Groups", "P-384")])
    session = resumed(book, client, server.early(), None).session()
    number = book.next()
    book.talk(client.named(NAME, session), server, early_client(number, False), early_server(number))


def updating_client(number, plan=(None, False, True, True, None)):
    """`plan`: at each turn no update, one of its own keys, or of both."""
    def act(end):
        end.handshake()
        for turn, both in enumerate(plan):
            if both is not None:
                end.update_keys(both)
            end.write(request(number + turn))
            read_message(end)
        end.close()
    return act


def updating_server(number, plan=(None, True, None, False, True)):
    def act(end):
        end.handshake()
        for turn, both in enumerate(plan):
            read_message(end)
            if both is not None:
                end.update_keys(both)
            end.write(answer(number + turn, 300 * turn))
        end.wait_for_end()
        end.close()
    return act


def tls13_key_update(book):
    """KeyUpdate from both sides, asked and unasked, several times in a connection."""
    for suite in SUITES[:4]:
        client, server = pair(book, only("TLSv1.3", suite))
        number = 100 * book.next()
        book.talk(client.named(NAME), server, updating_client(number), updating_server(number))


def tls13_padded(book):
    """Records padded to multiples of 256 and of 1000 bytes."""
    for block in (256, 1000):
        client, server = pair(book, only("TLSv1.3", SUITES[0]))
        number = book.next()
        book.talk(client.padded(block).named(NAME), server.padded(block), ask(number), serve(number, 2500))


FAMILIES = {
    "tls13": tls13,
    "tls13-hello-retry": tls13_hello_retry,
    "tls13-resumed": tls13_resumed,
    "tls13-early": tls13_early,
    "tls13-early-refused": tls13_early_refused,
    "tls13-key-update": tls13_key_update,
    "tls13-padded": tls13_padded,
}
