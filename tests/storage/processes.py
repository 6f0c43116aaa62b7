"""Other processes of a test: writers, readers and publishers that can be killed."""

import subprocess
import sys
from pathlib import Path

#: Opens the writer file and holds it until it is told a word.
HOLDER = """
import sys
from pathlib import Path
from storage.engine import open_writer
with open_writer(Path(sys.argv[1])):
    print("ready", flush=True)
    sys.stdin.readline()
"""


def start(script: str, *arguments: Path | str) -> subprocess.Popen[str]:
    """Start a Python script of the test, and wait until it says that it is ready."""
    process = subprocess.Popen(  # noqa: S603 — our own script
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process
