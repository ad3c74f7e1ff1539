"""layers.py [ROOT]: refuses an include that points up, another folder's private header, and a
library's header outside its owner.

A file may include contracts (include/lyncscope) of its own layer and of those below, headers of
its own folder, and, from a source file, libraries it owns.
"""
import pathlib
import re
import sys

LAYERS = ["base", "capture", "flow", "dissectors", "signin", "diagnosis", "report", "ui", "top"]
FOLDERS = {
    "analyzer/base": "base",
    "analyzer/capture": "capture",
    "analyzer/flow": "flow",
    "dissectors": "dissectors",
    "analyzer/signin": "signin",
    "analyzer/diagnosis": "diagnosis",
    "analyzer/report": "report",
    "ui": "ui",
    "analyzer": "top",
}
# Which layer offers a contract.  Events are what flow and dissectors hand up: both make them.
CONTRACTS = {
    "address": "base", "base64": "base", "cursor": "base", "memory": "base", "secret": "base", "slice": "base",
    "status": "base", "table": "base", "text": "base",
    "packet": "capture", "capture": "capture",
    "certificate": "flow", "tls_secrets": "flow",
    "lync": "flow", "event": "flow", "dissector": "flow", "flow": "flow",
    "signin": "signin", "names": "signin", "site": "signin", "rule": "diagnosis",
    "report": "report", "ui": "ui",
}
# A pattern of header names -> the files that may include it.
OWNERS = [
    (r"pcap(/.*)?\.h", r"analyzer/capture/\w+\.c"),
    (r"malloc\.h", r"analyzer/base/memory\.c"),
    (r"ndpi.*|.*/ndpi.*", r"analyzer/flow/classify\.c"),
    (r"openssl/.*", r"dissectors/(digest|tls_crypto|tls_hmac|tls_opener|tls_private_key|certificate\w*|spnego)\.c"),
    (r"libxml/.*", r"dissectors/xml\.c"),
    (r"jansson.*", r"dissectors/json\.c|analyzer/report/json_writer\.c"),
    (r"ldns/.*", r"dissectors/dns\.c"),
    (r"brotli/.*", r"dissectors/content_coding\.c"),
    (r"gcrypt\.h", r"dissectors/idea\.c"),
    (r"nghttp2/.*", r"dissectors/hpack\.c"),
    (r"zlib\.h", r"dissectors/content_coding\.c|analyzer/capture/\w+\.c"),
    (r"zstd\.h", r"analyzer/capture/\w+\.c"),
    (r"n?curses\.h|panel\.h|ncursesw/.*|term\.h", r"ui/screen(_curses)?\.c"),
    (r"uthash\.h|xxhash\.h|utlist\.h", r"analyzer/base/\w+\.[ch]|include/lyncscope/table\.h"),
    (r"pthread\.h|stdatomic\.h|threads\.h", r"analyzer/base/(thread|queue|refcount)\.c"),
]
# The language, POSIX and Linux: everyone's.
SYSTEM = re.compile(
    r"(assert|ctype|errno|fcntl|float|inttypes|limits|locale|math|poll|pwd|grp|search|signal|"
    r"stdalign|stdarg|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|strings|sysexits|"
    r"termios|time|unistd|wchar|wctype|getopt|argp|netdb|langinfo|glob|libgen|iso646|setjmp|"
    r"(sys|net|netinet|arpa|linux)/\w+)\.h")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def layer_of(path):
    """The layer of a source file or of a contract; None: not one of ours."""
    parent, stem = path.parent.as_posix(), path.stem
    if parent == "include/lyncscope":
        return CONTRACTS.get(stem)
    return FOLDERS.get(parent)


def resolve(root, path, name):
    """A quoted include: the file it names, relative to ROOT."""
    for base in (path.parent, pathlib.Path("include"), pathlib.Path(".")):
        if (root / base / name).is_file():
            return pathlib.PurePosixPath((base / name).as_posix())
    return None


def complaint(root, path, kind, name):
    if kind == "<":
        owners = [files for header, files in OWNERS if re.fullmatch(header, name)]
        if owners and not any(re.fullmatch(files, path.as_posix()) for files in owners):
            return f"only {owners[0]} may include it"
        if not owners and not SYSTEM.fullmatch(name):
            return "a library without an owner: name one in tests/lint/layers.py"
        return None
    target = resolve(root, path, name)
    if target is None:
        return "no such header"
    here, there = layer_of(path), layer_of(target)
    if here is None or there is None:
        return "a layer that tests/lint/layers.py does not know"
    if LAYERS.index(there) > LAYERS.index(here):
        return f"{here} must not look up to {there}"
    if target.parent.as_posix() != "include/lyncscope" and target.parent != path.parent:
        return f"private to {target.parent}"
    return None


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    sources = [path for folder in ("include", "analyzer", "dissectors", "ui")
               for path in sorted((root / folder).rglob("*.[ch]"))]
    refused = 0
    for source in sources:
        path = source.relative_to(root)
        for number, line in enumerate(source.read_text(errors="replace").splitlines(), 1):
            found = INCLUDE.match(line)
            why = found and complaint(root, path, found[1], found[2])
            if why:
                refused += 1
                print(f"{path}:{number}: {found[2]}: {why}")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
