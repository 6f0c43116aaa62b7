"""Ports for programs that must be told theirs before they start."""

import random
import socket
from typing import Final

#: Below those that systems give to whoever asks for any port: between our probe and the start of
#: the program, no test server is given the same one.
_RANGE: Final = range(20_000, 30_000)


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nobody listens."""
    for port in random.sample(_RANGE, len(_RANGE)):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError("every port is taken")
