"""certificates.py: the certificates of the TLS scenarios, good and bad ones, made by certtool and openssl.

Each NAME gives NAME.crt (what a server sends, in that order) and NAME.pem (the same with its key, for
HAProxy).  "Contoso test CA" is the private root that clients of the lab trust; of "Contoso Root CA"
they have never heard.
"""
import os
import subprocess
import time

DAY = 86400
SITE = ["lyncdiscover.contoso.example", "lyncweb.contoso.example", "meet.contoso.example"]
WEB = ["lyncweb.contoso.example", "meet.contoso.example", "dialin.contoso.example"]
POOL = ["pool01.corp.contoso.example", "fe01.corp.contoso.example"]
KEY = "site.key"
# name: common name, further names, issuer, first and last day from today, what is sent along
LEAVES = {
    "expired": ("lyncweb.contoso.example", SITE, "ca", -400, -20, []),
    "early": ("lyncweb.contoso.example", SITE, "ca", 3, 800, []),
    "web": ("lyncweb.contoso.example", WEB, "ca", -30, 700, []),
    "pool": ("pool01.corp.contoso.example", POOL, "ca", -30, 700, []),
    "fabrikam": ("www.fabrikam.example", ["www.fabrikam.example", "fabrikam.example"], "ca", -30, 700, []),
    "wildcard": ("*.contoso.example", ["*.contoso.example"], "ca", -30, 700, []),
    "online": ("*.online.lync.com", ["*.online.lync.com", "*.infra.lync.com"], "ca", -30, 700, []),
    "private": ("lyncweb.contoso.example", SITE, "root", -30, 700, ["root"]),
    "rootless": ("lyncweb.contoso.example", SITE, "root", -30, 700, []),
    "leafonly": ("lyncweb.contoso.example", SITE, "issuing", -30, 700, []),
    "chained": ("lyncweb.contoso.example", SITE, "issuing", -30, 700, ["issuing"]),
    "shuffled": ("lyncweb.contoso.example", SITE, "issuing", -30, 700, ["ca", "issuing"]),
    "revoked": ("lyncweb.contoso.example", SITE, "ca", -30, 700, []),
    "inner": ("fe01.corp.contoso.example", POOL, "root", -30, 700, []),
    "good": ("lyncweb.contoso.example", [*SITE, "lyncdiscoverinternal.contoso.example", *POOL], "ca", -30,
             700, []),
}
WEAK_BITS = "1024"
SELF_SIGNED = "WIN-7K2M4Q.corp.contoso.example"


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def day(offset):
    return time.strftime("%Y-%m-%d 00:00:00 UTC", time.gmtime(time.time() + offset * DAY))


class Maker:
    def __init__(self, folder):
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), encoding="ascii") as file:
            return file.read()

    def write(self, name, *parts):
        with open(self.path(name), "w", encoding="ascii") as file:
            file.write("".join(parts))

    def template(self, common_name, days, *lines):
        """certtool's file of what is to be in a certificate"""
        head = [f'cn = "{common_name}"', f'activation_date = "{day(days[0])}"',
                f'expiration_date = "{day(days[1])}"']
        self.write("template", *(line + "\n" for line in [*head, *lines]))

    def sign(self, name, key, issuer):
        run("certtool", "--generate-certificate", "--load-privkey", self.path(key),
            "--load-ca-certificate", self.path(issuer + ".pem"), "--load-ca-privkey",
            self.path(issuer + ".key"), "--template", self.path("template"), "--outfile", self.path(name))

    def self_sign(self, name, key):
        run("certtool", "--generate-self-signed", "--load-privkey", self.path(key), "--template",
            self.path("template"), "--outfile", self.path(name))

    def key(self, name):
        run("certtool", "--generate-privkey", "--key-type", "ecdsa", "--curve", "secp256r1", "--outfile",
            self.path(name))

    def authorities(self):
        self.key("root.key")
        self.template("Contoso Root CA", (-900, 3000), "ca", "cert_signing_key", "crl_signing_key")
        self.self_sign("root.pem", "root.key")
        self.key("issuing.key")
        self.template("Contoso Issuing CA", (-800, 2000), "ca", "cert_signing_key", "crl_signing_key")
        self.sign("issuing.pem", "issuing.key", "ca")

    def bind(self, name, *parts):
        self.write(name + ".crt", *parts)
        self.write(name + ".pem", *parts, self.read(KEY))

    def leaves(self):
        for name, (common_name, names, issuer, first, last, along) in LEAVES.items():
            self.template(common_name, (first, last), *(f'dns_name = "{one}"' for one in names),
                          "tls_www_server", "signing_key")
            self.sign("leaf", KEY, issuer)
            self.bind(name, self.read("leaf"), *(self.read(one + ".pem") for one in along))
        self.template(SELF_SIGNED, (-100, 265), f'dns_name = "{SELF_SIGNED}"', "tls_www_server", "signing_key")
        self.self_sign("leaf", KEY)
        self.bind("selfsigned", self.read("leaf"))

    def odd_ones(self):
        """An RSA key that is too short, and a certificate that is not for servers."""
        run("certtool", "--generate-privkey", "--key-type", "rsa", "--bits", WEAK_BITS, "--outfile",
            self.path("weak.key"))
        names = [f'dns_name = "{one}"' for one in SITE]
        self.template(SITE[1], (-30, 700), *names, "tls_www_server", "signing_key", "encryption_key")
        self.sign("weak.crt", "weak.key", "ca")
        self.template(SITE[1], (-30, 700), *names, "tls_www_client", "signing_key")
        self.sign("leaf", KEY, "ca")
        self.bind("forclients", self.read("leaf"))

    def revocation(self):
        """ca.crl says that revoked.crt is revoked, and so does revoked.ocsp, signed by the CA."""
        self.template("of no use", (-1, 30), "crl_next_update = 30", "crl_number = 7")
        run("certtool", "--generate-crl", "--load-ca-certificate", self.path("ca.pem"), "--load-ca-privkey",
            self.path("ca.key"), "--load-certificate", self.path("revoked.crt"), "--template",
            self.path("template"), "--outfile", self.path("ca.crl"))
        shown = subprocess.run(["openssl", "x509", "-in", self.path("revoked.crt"), "-noout", "-serial"],
                               check=True, capture_output=True, text=True).stdout
        stamp = lambda offset: time.strftime("%y%m%d%H%M%SZ", time.gmtime(time.time() + offset * DAY))
        self.write("index.txt", "\t".join(["R", stamp(700), stamp(-2), shown.strip().split("=")[1],
                                           "unknown", "/CN=lyncweb.contoso.example"]) + "\n")
        run("openssl", "ocsp", "-index", self.path("index.txt"), "-rsigner", self.path("ca.pem"), "-rkey",
            self.path("ca.key"), "-CA", self.path("ca.pem"), "-issuer", self.path("ca.pem"), "-cert",
            self.path("revoked.crt"), "-respout", self.path("revoked.ocsp"), "-ndays", "30")


def make(folder):
    """ca.pem, ca.key and site.key are there already."""
    maker = Maker(folder)
    maker.authorities()
    maker.leaves()
    maker.odd_ones()
    maker.revocation()
