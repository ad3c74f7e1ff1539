"""tls_record.py [NAME...]: plays the TLS families and keeps, for each, samples/tls/NAME.pcap, the key
material beside it, and NAME.truth.json: what both ends say was said.
"""
import json
import os
import shutil
import subprocess
import sys

import tls_families_12
import tls_families_13
import tls_families_ends
import tls_families_gnutls
import tls_families_nss
import tls_families_resume
import tls_families_wire
import tls_lab

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(TOP, "samples/tls")
FAMILIES = {**tls_families_12.FAMILIES, **tls_families_resume.FAMILIES, **tls_families_13.FAMILIES,
            **tls_families_ends.FAMILIES, **tls_families_wire.FAMILIES,
            **tls_families_gnutls.FAMILIES, **tls_families_nss.FAMILIES}
TABLE = "<!-- table: made by samples/lab/tls_record.py -->\n"
END = "\n<!-- end of table -->\n"
KEYS = (".keylog", ".key.pem", ".key.p12", ".password")


class Book:
    """What a family needs: the stage, the certificates, and where its secrets go."""

    def __init__(self, stage, name):
        self.stage, self.name, self.keylog, self.files = stage, name, [], {}
        self.number = 0
        stage.talks = []

    def path(self, name):
        return self.stage.path(name)

    def talk(self, *arguments, **named):
        return self.stage.talk(tls_lab.Talk(*arguments, **named))

    def note(self, row):
        self.stage.talks.append(row)

    def next(self):
        self.number += 1
        return self.number

    def keep(self, suffix, content):
        """A file beside the capture."""
        self.files[suffix] = content


def write(path, content):
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def record(stage, name):
    print(f"== {name}", flush=True)
    book = Book(stage, name)
    stage.capture()
    try:
        FAMILIES[name](book)
    finally:
        raw = stage.stop_capture()
    os.makedirs(FOLDER, exist_ok=True)
    base = os.path.join(FOLDER, name)
    for suffix in KEYS:
        if os.path.exists(base + suffix):
            os.unlink(base + suffix)
    shutil.copyfile(raw, base + ".pcap")
    if book.keylog:
        book.keep(".keylog", "\n".join(dict.fromkeys(book.keylog)) + "\n")
    for suffix, content in book.files.items():
        write(base + suffix, content)
    rows = ",\n".join("  " + json.dumps(row) for row in stage.talks)
    write(base + ".truth.json", f'{{"connections": [\n{rows}\n]}}\n')
    print(f"   {len(stage.talks)} connections, {os.path.getsize(base + '.pcap')} bytes", flush=True)


def write_table():
    path = os.path.join(TOP, "samples/README.md")
    with open(path, encoding="utf-8") as file:
        head, _, rest = file.read().partition(TABLE)
    tail = "".join(rest.partition(END)[1:])
    rows = [f"| `tls/{name}.pcap` | {play.__doc__} |\n" for name, play in FAMILIES.items()]
    with open(path, "w", encoding="utf-8") as file:
        file.write(head + TABLE + "\n| capture | what is in it |\n| --- | --- |\n" + "".join(rows) + tail)


def main():
    wanted = sys.argv[1:] or list(FAMILIES)
    if unknown := set(wanted) - set(FAMILIES):
        sys.exit(f"no such family: {' '.join(sorted(unknown))}")
    write_table()
    stage = tls_lab.Stage()
    failed = []
    try:
        tls_lab.certificates(stage.folder)
        for name in wanted:
            try:
                record(stage, name)
            except (RuntimeError, OSError, subprocess.SubprocessError) as error:
                print(f"   FAILED: {error}", flush=True)
                failed.append(name)
    finally:
        stage.down()
    if failed:
        sys.exit("not made: " + " ".join(failed))


if __name__ == "__main__":
    main()
