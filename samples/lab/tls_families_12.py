"""tls_families_12.py: the cipher suites of TLS 1.0 to 1.2, OpenSSL on both ends."""
import subprocess

from tls_lab import ask, serve
from tls_openssl import Side

ETM_OFF, EMS_OFF, TICKET_OFF = "-EncryptThenMac", "-ExtendedMasterSecret", "-SessionTicket"


def only(version, cipher=None, *options, **more):
    """Settings for one version and, if given, one cipher; more: any of SSL_CONF_cmd."""
    rows = [("MinProtocol", version), ("MaxProtocol", version)]
    if cipher:
        rows.append(("Ciphersuites" if version == "TLSv1.3" else "CipherString",
                     cipher if version == "TLSv1.3" else cipher + ":@SECLEVEL=0"))
    rows += [("Options", option) for option in options]
    return rows + list(more.items())


def pair(book, settings, client=None, server=None, **more):
    """Both sides with the same settings and further ones of each."""
    kinds = [book.path(name) for name in more.pop("kinds", ("rsa", "ecdsa", "dsa"))]
    keylog = book.keylog if more.pop("keylog", True) else None
    return (Side(False, keylog, [*settings, *(client or [])], **more),
            Side(True, keylog, [*settings, *(server or [])], certificates=kinds, **more))


def suite(book, version, cipher, *options, **more):
    """One connection with one cipher."""
    client, server = pair(book, only(version, cipher, *options), **more)
    number = book.next()
    return book.talk(client.named("lyncdiscover.contoso.com"), server, ask(number), serve(number))


def ciphers(pattern, *flags):
    out = subprocess.run(["openssl", "ciphers", "-s", "-tls1_2", *flags, pattern + ":@SECLEVEL=0"], check=True,
                         stdout=subprocess.PIPE).stdout.decode().strip()
    # -s names the suites of TLS 1.3 as well.
    return [name for name in out.split(":") if not name.startswith("TLS_")]


NOT_CBC = "!PSK:!SRP:!AESGCM:!AESCCM:!AESCCM8:!CHACHA20:!CAMELLIA:!ARIA"


def tls10_cbc(book):
    """TLS 1.0: AES-CBC with SHA-1 and the implicit IV; RSA, DHE and ECDHE; both orders of MAC and encryption."""
    for cipher in ("AES128-SHA", "AES256-SHA", "DHE-RSA-AES128-SHA", "DHE-RSA-AES256-SHA",
                   "ECDHE-RSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA"):
        for option in (ETM_OFF, "EncryptThenMac"):
            suite(book, "TLSv1", cipher, option)
    suite(book, "TLSv1", "ECDHE-RSA-AES256-SHA", "-EmptyFragments")


def tls11_cbc(book):
    """TLS 1.1: the same with an explicit IV."""
    for cipher in ("AES128-SHA", "AES256-SHA", "DHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA",
                   "ECDHE-ECDSA-AES128-SHA"):
        for option in (ETM_OFF, "EncryptThenMac"):
            suite(book, "TLSv1.1", cipher, option)


def tls12_cbc(book):
    """TLS 1.2: AES-CBC with SHA-1, SHA-256 and SHA-384; RSA, DHE and ECDHE; MAC first."""
    for cipher in ciphers("ALL:!aNULL:!aECDSA:!aDSS:" + NOT_CBC):
        suite(book, "TLSv1.2", cipher, ETM_OFF)


def tls12_cbc_etm(book):
    """TLS 1.2: AES-CBC encrypted first, then authenticated (RFC 7366)."""
    for cipher in ciphers("ALL:!aNULL:!aECDSA:!DH:" + NOT_CBC) + ["DHE-DSS-AES256-SHA256"]:
        suite(book, "TLSv1.2", cipher)


def tls12_gcm(book):
    """TLS 1.2: AES-GCM and ChaCha20-Poly1305."""
    for cipher in ciphers("AESGCM:CHACHA20:!aNULL:!aDSS:!PSK"):
        suite(book, "TLSv1.2", cipher)


def tls12_ccm(book):
    """TLS 1.2: AES-CCM with tags of 16 and 8 bytes."""
    for cipher in ciphers("AESCCM:AESCCM8:!PSK"):
        suite(book, "TLSv1.2", cipher)


def tls12_camellia_aria(book):
    """TLS 1.2: Camellia-CBC in both orders, ARIA-GCM."""
    for cipher in ciphers("CAMELLIA:!aNULL:!aDSS:!PSK"):
        suite(book, "TLSv1.2", cipher, *([] if "ECDHE" in cipher else [ETM_OFF]))
    for cipher in ciphers("ARIA:!aNULL:!aDSS:!DH:!PSK"):
        suite(book, "TLSv1.2", cipher)


def tls12_null(book):
    """Suites that encrypt nothing, and anonymous ones."""
    for cipher in ciphers("eNULL:!PSK"):
        suite(book, "TLSv1.2", cipher, *([ETM_OFF] if "ECDHE" in cipher else []))
    for cipher in ciphers("aNULL:!eNULL:!PSK:!ARIA:!CAMELLIA:!SHA256"):
        suite(book, "TLSv1.2", cipher)


def tls12_psk(book):
    """Pre-shared keys: PSK, DHE-PSK, ECDHE-PSK and RSA-PSK."""
    for cipher in ciphers("PSK:!aRSA:!ARIA:!CAMELLIA:!eNULL", "-psk")[::3] + ["RSA-PSK-AES128-GCM-SHA256"]:
        suite(book, "TLSv1.2", cipher, psk=True)


FAMILIES = {
    "tls10-cbc": tls10_cbc,
    "tls11-cbc": tls11_cbc,
    "tls12-cbc": tls12_cbc,
    "tls12-cbc-etm": tls12_cbc_etm,
    "tls12-gcm": tls12_gcm,
    "tls12-ccm": tls12_ccm,
    "tls12-camellia-aria": tls12_camellia_aria,
    "tls12-null": tls12_null,
    "tls12-psk": tls12_psk,
}
