"""Kerl: Keccak-384 on trytes, the hash of bundles and addresses.

Each block of 243 trits, its last trit set to 0, is an integer in balanced ternary; its 48
bytes in two's complement, most significant first, go into Keccak-384 (with Keccak's own
padding, not SHA-3's). The digest, read as such an integer and written in 243 trits, the last
again set to 0, is the hash (IOTA, "Kerl specification").
"""

from ..keccak import keccak_384
from .trytes import MalformedTrytesError, integer_to_trytes, trytes_to_integer

_BLOCK_TRYTES = 81
_BLOCK_BYTES = 48
_MODULUS = 3**242
_HALF = _MODULUS // 2


def _without_last_trit(value: int) -> int:
    """Return an integer of 243 trits with its most significant one set to 0."""
    return (value + _HALF) % _MODULUS - _HALF


def _block_bytes(block: str) -> bytes:
    """Return the 48 bytes that stand for a block."""
    value = _without_last_trit(trytes_to_integer(block))
    return value.to_bytes(_BLOCK_BYTES, "big", signed=True)


def kerl_hash(trytes: str) -> str:
    """Return the Kerl hash, 81 trytes, of one or more blocks of 81 trytes.

    Raises MalformedTrytesError.
    """
    if not trytes or len(trytes) % _BLOCK_TRYTES:
        raise MalformedTrytesError("Kerl hashes blocks of 81 trytes")
    blocks = (
        trytes[start : start + _BLOCK_TRYTES]
        for start in range(0, len(trytes), _BLOCK_TRYTES)
    )
    digest = keccak_384(b"".join(map(_block_bytes, blocks)))
    value = _without_last_trit(int.from_bytes(digest, "big", signed=True))
    return integer_to_trytes(value, _BLOCK_TRYTES)
