"""compile_commands.py COMMAND SOURCE...: the compilation database for clang-tidy and editors."""
import json
import os
import sys

json.dump(
    [
        {"directory": os.getcwd(), "file": source, "command": f"{sys.argv[1]} -c {source}"}
        for source in sys.argv[2:]
    ],
    sys.stdout,
    indent=1,
)
