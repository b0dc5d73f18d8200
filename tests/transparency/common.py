"""What the tests of the log share: readings, a key, and RFC 6962 written down naively."""

from base64 import b64decode
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from custom_components.sensorchain.transparency.note import SigningKey
from custom_components.sensorchain.transparency.reading import Reading

KEY = SigningKey.from_seed("log.example/home", bytes(range(32)))
START = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)


def reading(
    number: int = 0, entity_id: str = "sensor.cold_room_temperature"
) -> Reading:
    """Return the reading of an entity some seconds after the start."""
    return Reading(
        entity_id=entity_id,
        state=f"{number / 10}",
        unit="°C",
        last_updated=START + timedelta(seconds=number),
    )


def batch(count: int, first: int = 0, entities: int = 7) -> list[tuple[Reading, bool]]:
    """Return readings of several entities in turn, every tenth of them public."""
    return [
        (reading(number, f"sensor.room_{number % entities}"), number % 10 == 0)
        for number in range(first, first + count)
    ]


def naive_root(leaves: list[bytes]) -> bytes:
    """Return MTH(D[n]) of RFC 6962 section 2.1."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = _k(len(leaves))
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """Return PATH(m, D[n]) of RFC 6962 section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = _k(len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_proof(m: int, leaves: list[bytes], complete: bool = True) -> list[bytes]:
    """Return PROOF(m, D[n]), that is SUBPROOF, of RFC 6962 section 2.1.2."""
    if m == len(leaves):
        return [] if complete else [naive_root(leaves)]
    k = _k(len(leaves))
    if m <= k:
        return [*naive_proof(m, leaves[:k], complete), naive_root(leaves[k:])]
    return [*naive_proof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def hashes(*texts: str) -> list[bytes]:
    """Return hashes that are written in base64."""
    return [b64decode(text) for text in texts]


def _k(n: int) -> int:
    """Return the largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k
