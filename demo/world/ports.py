"""Ports of this machine that the world listens on; only programs on the same machine can reach them."""

from itertools import islice
import random
import socket

from .errors import WorldError

HOST = "127.0.0.1"
HOME_ASSISTANT_PORT = 8123
TANGLE_PORT = 14265

_BELOW_EPHEMERAL = range(20000, 32000)
"""Not where the system takes ports from for anybody's connections."""


def is_free(port: int) -> bool:
    """Return whether nobody listens on a port."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    ports = random.sample(_BELOW_EPHEMERAL, len(_BELOW_EPHEMERAL))
    return list(islice(filter(is_free, ports), count))


def claim(port: int, what: str, option: str) -> None:
    """Raise WorldError when somebody listens on a port that is wanted."""
    if not is_free(port):
        raise WorldError(
            f"Port {port}, where {what} is to listen, is taken. Perhaps this demo, or another Home Assistant, runs"
            f" already: stop that, or choose another port with {option}."
        )
