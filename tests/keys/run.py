"""run.py: keys to decrypt with: every form that is taken, and one clear line for what is not.

Makes its keys with the openssl program; captures and keys of others are used where they are.
"""
import gzip
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from program import BUILD, SHARED, TOP, Tally, lyncscope  # noqa: E402

FINE = "samples/signin-inside.pcap"
PUBLIC = SHARED / "captures/public/tls-decrypt"
RANDOM, SECRET = "5a" * 32, "c3" * 48
LINE = f"CLIENT_RANDOM {RANDOM} {SECRET}\n"
tally = Tally()


def expect(truth, fault):
    tally.expect(truth, f"keys: {fault}")


def openssl(folder, *arguments):
    return subprocess.run(["openssl", *map(str, arguments)], cwd=folder, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE).returncode == 0


def taken(*arguments):
    done = lyncscope(FINE, *arguments)
    expect(done.returncode == 0 and done.stderr == b"",
           f"{arguments}: exit status {done.returncode}, says {done.stderr[:300]}")


def refused(name, words, *arguments):
    """Exit status 2 and one line that names the file and says so."""
    done = lyncscope(FINE, *arguments)
    said = done.stderr.decode(errors="replace")
    expect(done.returncode == 2 and said.count("\n") == 1 and done.stdout == b"",
           f"{arguments}: exit status {done.returncode}, says {said!r}")
    expect(str(name) in said and words in said, f"{arguments}: not {words!r} but {said!r}")
    expect(SECRET[:16] not in said, f"{arguments}: prints a secret")


# ---- key logs ----

def check_key_logs(folder):
    forms = {
        "plain": LINE.encode(),
        "crlf": b"# by a browser\r\n" + LINE.replace("\n", "\r\n").encode(),
        "mark": b"\xef\xbb\xbf" + LINE.encode(),
        "utf16": b"\xff\xfe" + LINE.encode("utf-16-le"),
        "unfinished": LINE.strip().encode(),
        "some-bad": b"what is this\n" + LINE.encode(),
        "old": f"RSA {'00' * 8} {SECRET}\n".encode(),
        "session": f"RSA Session-ID:{'11' * 32} Master-Key:{SECRET}\n".encode(),
    }
    for name, content in forms.items():
        (folder / name).write_bytes(content)
        taken("-k", folder / name)
    taken(*[word for name in forms for word in ("-k", folder / name)])


def check_bad_key_logs(folder):
    files = {
        "empty": (b"", "is empty"),
        "comments": (b"# nothing yet\n\n", "without any secret"),
        "words": (b"\n\nhello there\n" * 100, "no line of it is a secret (line 3:"),
        "short": (LINE[:-20].encode(), "96 hexadecimal digits"),
        "binary": (os.urandom(100000), "not a TLS key log"),
        "packed": (gzip.compress(LINE.encode()), "decompress"),
        "capture": ((TOP / FINE).read_bytes(), "is a capture"),
        "key.pem": (b"-----BEGIN PRIVATE KEY-----\n", "goes with -K"),
        "others": (b"ECH_SECRET 00 00\n", "of other kinds"),
    }
    for name, (content, words) in files.items():
        (folder / name).write_bytes(content)
        refused(folder / name, words, "-k", folder / name)
    refused("/nosuch", "SSLKEYLOGFILE", "-k", "/nosuch")
    refused("/tmp", "is a directory", "-k", "/tmp")
    refused("/dev/zero", "not a TLS key log", "-k", "/dev/zero")
    (folder / "log").write_text(LINE)
    refused(folder / "log", "would be overwritten", "-k", folder / "log", "-o", f"json:{folder / 'log'}")
    expect((folder / "log").read_text() == LINE, "a key log was overwritten")


def run_with(path, *arguments):
    environment = dict(os.environ, SSLKEYLOGFILE=str(path), LC_ALL="C.UTF-8")
    environment.setdefault("ASAN_OPTIONS", "exitcode=99")
    return subprocess.run([str(BUILD / "lyncscope"), FINE, *map(str, arguments)], cwd=TOP, env=environment,
                          check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)


def check_environment(folder):
    log, bad = folder / "log", folder / "bad"
    log.write_text(LINE)
    bad.write_text("no secrets\n")
    for path, arguments, words in [(log, [], b""), ("/nosuch", [], b"SSLKEYLOGFILE is not used: /nosuch"),
                                   ("/nosuch", ["-q"], b""), ("", [], b""), (bad, ["-k", log], b""),
                                   (bad, [], b"SSLKEYLOGFILE is not used")]:
        done = run_with(path, *arguments)
        expect(done.returncode == 0 and (words in done.stderr if words else done.stderr == b""),
               f"SSLKEYLOGFILE={path} {arguments}: exit status {done.returncode}, says {done.stderr[:300]}")


# ---- private keys ----

def make_keys(folder):
    """Names of what was made, or None: there is no openssl program."""
    if not shutil.which("openssl"):
        return None
    old = ("-provider", "legacy", "-provider", "default")
    given = ("-passout", "pass:open sesame")
    (folder / "password").write_bytes(b"open sesame\r\nsecond line\n")
    (folder / "wrong").write_text("sesame\n")
    commands = {
        "rsa.pem": ["genrsa", "-out", "rsa.pem", "1024"],
        "old.pem": ["rsa", "-in", "rsa.pem", "-traditional", "-out", "old.pem"],
        "rsa.der": ["rsa", "-in", "rsa.pem", "-outform", "DER", "-out", "rsa.der"],
        "enc.pem": ["pkcs8", "-topk8", "-in", "rsa.pem", *given, "-out", "enc.pem"],
        "enc.der": ["pkcs8", "-topk8", "-in", "rsa.pem", *given, "-outform", "DER", "-out", "enc.der"],
        "v1.pem": ["pkcs8", "-topk8", "-in", "rsa.pem", "-v1", "PBE-MD5-DES", *old, *given, "-out", "v1.pem"],
        "aes.pem": ["rsa", "-in", "rsa.pem", "-traditional", "-aes128", *given, "-out", "aes.pem"],
        "des.pem": ["rsa", "-in", "rsa.pem", "-traditional", "-des", *old, *given, "-out", "des.pem"],
        "cert.pem": ["req", "-new", "-x509", "-key", "rsa.pem", "-subj", "/CN=x", "-out", "cert.pem"],
        "cert.der": ["x509", "-in", "cert.pem", "-outform", "DER", "-out", "cert.der"],
        "pub.pem": ["rsa", "-in", "rsa.pem", "-pubout", "-out", "pub.pem"],
        "new.p12": ["pkcs12", "-export", "-inkey", "rsa.pem", "-in", "cert.pem", *given, "-out", "new.p12"],
        "old.p12": ["pkcs12", "-export", "-legacy", "-inkey", "rsa.pem", "-in", "cert.pem", *given,
                    "-out", "old.p12"],
        "bare.p12": ["pkcs12", "-export", "-inkey", "rsa.pem", "-in", "cert.pem", "-passout", "pass:",
                     "-out", "bare.p12"],
        "cert.p12": ["pkcs12", "-export", "-nokeys", "-in", "cert.pem", *given, "-out", "cert.p12"],
        "ec.pem": ["ecparam", "-name", "prime256v1", "-genkey", "-out", "ec.pem"],
        "ed.pem": ["genpkey", "-algorithm", "ed25519", "-out", "ed.pem"],
    }
    return {name for name, command in commands.items() if openssl(folder, *command)}


def check_private_keys(folder, made):
    password = ("--password-file", folder / "password")
    (folder / "all.pem").write_bytes((folder / "cert.pem").read_bytes() + (folder / "ec.pem").read_bytes()
                                     + (folder / "rsa.pem").read_bytes())
    for name in {"rsa.pem", "old.pem", "rsa.der", "bare.p12", "all.pem"} & (made | {"all.pem"}):
        taken("-K", folder / name)
    locked = {"enc.pem", "enc.der", "aes.pem", "v1.pem", "new.p12", "old.p12"} & made
    for name in locked:
        taken("-K", folder / name, *password)
        refused(folder / name, "--password-file", "-K", folder / name)
        refused(folder / name, "does not open it", "-K", folder / name, "--password-file", folder / "wrong")
    taken(*[word for name in locked for word in ("-K", folder / name)], *password)
    for name, words in {"cert.pem": "holds a certificate", "cert.der": "holds a certificate",
                        "pub.pem": "public key", "cert.p12": "holds a certificate",
                        "des.pem": "single DES", "ec.pem": "an EC key cannot decrypt", "ed.pem": "key cannot decrypt"}.items():
        if name in made:
            refused(folder / name, words, "-K", folder / name, *password)
    refused("/nosuch", "no such password file", "-K", folder / "enc.pem", "--password-file", "/nosuch")


def check_bad_private_keys(folder):
    files = {
        "log": (LINE.encode(), "give it with -k"),
        "nothing": (b"", "is empty"),
        "random": (b"\x01" * 1000, "neither PEM, DER nor PKCS#12"),
        "cut.pem": ((folder / "rsa.pem").read_bytes()[:400], "is damaged"),
        "der": (b"\x30\x82\x01\x00" + b"\x02" * 256, "neither PEM, DER nor PKCS#12"),
        "ssh": (b"-----BEGIN OPENSSH PRIVATE KEY-----\nAA==\n-----END OPENSSH PRIVATE KEY-----\n",
                "ssh-keygen"),
    }
    for name, (content, words) in files.items():
        (folder / name).write_bytes(content)
        refused(folder / name, words, "-K", folder / name)
    refused("/nosuch", "no such private key", "-K", "/nosuch")
    refused("/tmp", "is a directory", "-K", "/tmp")


def check_no_prompt(folder):
    """With a terminal there, nothing is asked either."""
    script = f"'{BUILD}/lyncscope' {FINE} -K {folder / 'enc.pem'} -o text"
    done = subprocess.run(["setsid", "script", "-qec", script, "/dev/null"], cwd=TOP, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=20)
    expect(b"--password-file" in done.stdout and b"phrase" not in done.stdout,
           f"on a terminal: {done.stdout[-300:]}")


# ---- what others made ----

def check_public():
    if not PUBLIC.is_dir():
        print("skip keys: no public captures")
        return
    for log in sorted(PUBLIC.glob("*.keylog")):
        taken("-k", log)
    taken("-K", PUBLIC / "wireshark-rsasnakeoil2.key.pem")
    with tempfile.NamedTemporaryFile() as password:
        password.write(b"WebAS\n")
        password.flush()
        taken("-K", PUBLIC / "wireshark-dmgr.p12", "--password-file", password.name)
    refused("dsb.pcapng", "secrets inside it are used", "-k", PUBLIC / "wireshark-tls12-dsb.pcapng")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        check_key_logs(folder)
        check_bad_key_logs(folder)
        check_environment(folder)
        made = make_keys(folder)
        if made:
            check_private_keys(folder, made)
            check_bad_private_keys(folder)
            if shutil.which("script") and shutil.which("setsid"):
                check_no_prompt(folder)
        else:
            print("skip keys: no openssl program")
    check_public()
    tally.end()


if __name__ == "__main__":
    main()
