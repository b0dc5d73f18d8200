"""PyOTA, imported with a stand-in for the part of setuptools that it asks for."""

from pathlib import Path
import sys

_CLIENTS = str(Path(__file__).parents[1] / "clients")
if _CLIENTS not in sys.path:
    sys.path.append(_CLIENTS)

import iota  # noqa: E402
from iota.crypto import Curl  # noqa: E402
from iota.crypto.kerl import Kerl  # noqa: E402
from iota.crypto.signing import normalize  # noqa: E402

__all__ = ["Curl", "Kerl", "hash_with", "iota", "normalize"]


def hash_with(sponge: Curl | Kerl, trytes: str) -> str:
    """Return the hash of trytes by one of PyOTA's sponges."""
    sponge.absorb(iota.TryteString(trytes).as_trits())
    trits: list[int] = []
    sponge.squeeze(trits)
    return str(iota.TryteString.from_trits(trits))
