"""tls_families_resume.py: sessions resumed, master secrets of both kinds, and servers' RSA keys."""
from tls_families_12 import EMS_OFF, ETM_OFF, TICKET_OFF, only, pair
from tls_lab import NAME, ask, run, serve

PASSWORD = "Autumn-2014\n"


def full_then_resumed(book, settings, times=2, **more):
    """A full handshake and connections that resume it."""
    client, server = pair(book, settings, **more)
    session = None
    for _ in range(1 + times):
        number = book.next()
        end, _ = book.talk(client.named(NAME, session), server, ask(number), serve(number))
        session = session or end.session()
    return client, server


def tls12_resumed(book):
    """Resumption by session id and by ticket, with and without the extended master secret."""
    for cipher in ("ECDHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES256-SHA256"):
        for by_id in (False, True):
            for old_secret in (False, True):
                options = [TICKET_OFF] * by_id + [EMS_OFF] * old_secret
                full_then_resumed(book, only("TLSv1.2", cipher, *options), times=1)
    for version in ("TLSv1", "TLSv1.1"):
        full_then_resumed(book, only(version, "AES128-SHA"), times=1)
        full_then_resumed(book, only(version, "ECDHE-RSA-AES256-SHA", TICKET_OFF), times=1)


def with_rsa_key(book):
    for options in ((TICKET_OFF,), (TICKET_OFF, EMS_OFF), (), (EMS_OFF,)):
        for cipher in ("AES128-SHA", "AES256-GCM-SHA384"):
            full_then_resumed(book, only("TLSv1.2", cipher, *options), times=1, keylog=False, kinds=("rsa",))
    for version in ("TLSv1", "TLSv1.1"):
        full_then_resumed(book, only(version, "AES256-SHA"), times=1, keylog=False, kinds=("rsa",))
    full_then_resumed(book, only("TLSv1.2", "CAMELLIA128-SHA256", ETM_OFF), times=1, keylog=False, kinds=("rsa",))


def read_file(path):
    with open(path, "rb") as file:
        return file.read()


def tls12_rsa_key(book):
    """The server's RSA key and no key log: full handshakes, resumption by id and by ticket; one with ECDHE stays shut."""
    with_rsa_key(book)
    client, server = pair(book, only("TLSv1.2", "ECDHE-RSA-AES128-SHA256"), keylog=False, kinds=("rsa",))
    number = book.next()
    book.talk(client.named(NAME), server, ask(number), serve(number),
              truth={"decrypted": "none", "reason": "forward-secrecy"})
    book.keep(".key.pem", read_file(book.path("rsa.key")))


def tls12_rsa_key_locked(book):
    """The same with a key behind a password: PKCS#12 and encrypted PEM."""
    full_then_resumed(book, only("TLSv1.2", "AES256-SHA256"), times=1, keylog=False, kinds=("rsa",))
    with open(book.path("password"), "w", encoding="ascii") as file:
        file.write(PASSWORD)
    run("openssl", "pkcs12", "-export", "-inkey", book.path("rsa.key"), "-in", book.path("rsa.pem"),
        "-passout", "file:" + book.path("password"), "-out", book.path("p12"))
    run("openssl", "pkey", "-in", book.path("rsa.key"), "-aes256", "-passout",
        "file:" + book.path("password"), "-out", book.path("locked"))
    book.keep(".key.p12", read_file(book.path("p12")))
    book.keep(".key.pem", read_file(book.path("locked")))
    book.keep(".password", PASSWORD)


def tls12_premaster(book):
    """A key log with nothing but old "RSA" lines."""
    for options in ((), (EMS_OFF,), (TICKET_OFF,)):
        full_then_resumed(book, only("TLSv1.2", "AES128-SHA256", *options), times=1)
    book.keylog[:] = [line for line in book.keylog if line.startswith("RSA ")]


FAMILIES = {
    "tls12-resumed": tls12_resumed,
    "tls12-rsa-key": tls12_rsa_key,
    "tls12-rsa-key-locked": tls12_rsa_key_locked,
    "tls12-premaster": tls12_premaster,
}
