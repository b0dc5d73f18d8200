"""Bundles for tests: made quickly, with little or no proof of work."""

from functools import partial
from itertools import count
import time

from custom_components.sensorchain.ledgers.tangle.bundle import Bundle, attach, make
from custom_components.sensorchain.ledgers.tangle.proof_of_work import search
from custom_components.sensorchain.ledgers.tangle.transaction import NULL_NONCE
from custom_components.sensorchain.ledgers.tangle.trytes import text_to_trytes

MAGNITUDE = 2
ADDRESS = "SENSORCHAIN" + "9" * 70
TAG = "TESTING".ljust(27, "9")

_numbers = count()


def prepared(length: int = 1, text: str = "") -> Bundle:
    """Return a bundle of so many transactions, different from all others, not yet attached."""
    message = text_to_trytes(text or f"{next(_numbers)}" + "." * 1094 * (length - 1))
    return make(ADDRESS, TAG, message, int(time.time()))


def attached(
    trunk: str,
    branch: str,
    length: int = 1,
    *,
    text: str = "",
    magnitude: int = MAGNITUDE,
    attachment_timestamp: int | None = None,
) -> Bundle:
    """Return a bundle attached to two transactions; magnitude 0 leaves the proof of work out."""
    now = int(time.time() * 1000)
    moment = now if attachment_timestamp is None else attachment_timestamp
    work = (
        partial(search, minimum_weight_magnitude=magnitude)
        if magnitude
        else lambda _: NULL_NONCE
    )
    return attach(prepared(length, text), trunk, branch, moment, work)


def trytes_of(bundle: Bundle) -> list[str]:
    """Return what is sent of a bundle."""
    return [transaction.to_trytes() for transaction in bundle]
