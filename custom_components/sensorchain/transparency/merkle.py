"""The Merkle tree of RFC 6962 section 2 (RFC 9162 section 2.1): roots and proofs.

Making a root or a proof asks a reader for the hashes of complete subtrees and knows
nothing of where they are kept; checking a proof needs nothing but the proof.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from hashlib import sha256
from typing import TypeAlias

from .errors import ProofError

HASH_SIZE = 32
"""Bytes of a hash: SHA-256."""

EMPTY_ROOT = sha256().digest()
"""The root of a log without leaves: the hash of nothing (RFC 6962 section 2.1)."""

HashReader: TypeAlias = Callable[[int, int], bytes]
"""(level, index) -> hash of the index-th complete subtree of 2**level leaves."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256(00 ‖ data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees: SHA-256(01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


def parent_hashes(hashes: bytes) -> bytes:
    """Return the node hashes of pairs, all side by side; one left over has none."""
    pairs = range(0, len(hashes) - HASH_SIZE, 2 * HASH_SIZE)
    return b"".join(
        [sha256(b"\x01" + hashes[at : at + 2 * HASH_SIZE]).digest() for at in pairs]
    )


def root(size: int, read: HashReader) -> bytes:
    """Return the root of the first leaves of a log."""
    return _range_hash(0, size, read) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: HashReader) -> list[bytes]:
    """Return the proof that a leaf is one of the first `size`, from the leaf upwards.

    Raises IndexError when it is not.
    """
    if not 0 <= index < size:
        raise IndexError(f"No leaf {index} among the first {size}")
    start, stop = 0, size
    siblings = []
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            siblings.append((middle, stop))
            stop = middle
        else:
            siblings.append((start, middle))
            start = middle
    return [_range_hash(*sibling, read) for sibling in reversed(siblings)]


def consistency_proof(old: int, new: int, read: HashReader) -> list[bytes]:
    """Return the proof that the first `old` leaves still begin the first `new` ones.

    It is empty where there is nothing to prove: for an empty old log, and for two of
    one size. Raises IndexError when the old log is the larger.
    """
    if not 0 <= old <= new:
        raise IndexError(f"A log of {new} leaves never had {old}")
    if not old:
        return []
    start, stop = 0, new
    siblings = []
    while stop != old:
        middle = start + _split(stop - start)
        if old <= middle:
            siblings.append((middle, stop))
            stop = middle
        else:
            siblings.append((start, middle))
            start = middle
    if start:
        siblings.append((start, stop))
    return [_range_hash(*sibling, read) for sibling in reversed(siblings)]


def verify_inclusion(
    index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that a leaf is in a log (RFC 9162 section 2.1.3.2); else ProofError."""
    if not 0 <= index < size:
        raise ProofError(f"No leaf {index} in a log of {size}")
    _check_hashes(leaf_hash, root, *proof)
    node, last, computed = index, size - 1, leaf_hash
    for sibling in proof:
        if not last:
            raise ProofError("The proof is too long")
        if node & 1 or node == last:
            computed = node_hash(sibling, computed)
            node, last = _up_from_right(node, last)
        else:
            computed = node_hash(computed, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError("The proof is too short")
    if computed != root:
        raise ProofError("The proof leads to another root")


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that one log begins another (RFC 9162 section 2.1.4.2); else ProofError."""
    if not 0 <= old <= new:
        raise ProofError(f"A log of {new} leaves never had {old}")
    _check_hashes(old_root, new_root, *proof)
    if old in (0, new):
        _verify_trivial(old, old_root, new_root if old else EMPTY_ROOT, proof)
        return
    # An old log that is one complete subtree is known already: its root starts the path.
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        raise ProofError("The proof is too short")
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old_computed = new_computed = path[0]
    for sibling in path[1:]:
        if not last:
            raise ProofError("The proof is too long")
        if node & 1 or node == last:
            old_computed = node_hash(sibling, old_computed)
            new_computed = node_hash(sibling, new_computed)
            node, last = _up_from_right(node, last)
        else:
            new_computed = node_hash(new_computed, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError("The proof is too short")
    if old_computed != old_root:
        raise ProofError("The proof leads to another old root")
    if new_computed != new_root:
        raise ProofError("The proof leads to another new root")


def _verify_trivial(
    old: int, old_root: bytes, expected: bytes, proof: Sequence[bytes]
) -> None:
    """Check the roots where the proof must be empty."""
    if proof:
        raise ProofError("The proof is too long")
    if old_root != expected:
        raise ProofError(f"Two roots for one log of {old} leaves")


def _up_from_right(node: int, last: int) -> tuple[int, int]:
    """Climb past the levels at which a right-most node has no sibling."""
    while not node & 1 and node:
        node, last = node >> 1, last >> 1
    return node, last


def _check_hashes(*hashes: bytes) -> None:
    """Refuse what is not as long as a hash."""
    if any(len(value) != HASH_SIZE for value in hashes):
        raise ProofError(f"A hash is not {HASH_SIZE} bytes long")


def _split(size: int) -> int:
    """Return the leaves of the left subtree: the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _range_hash(start: int, stop: int, read: HashReader) -> bytes:
    """Return the hash of the subtree of the leaves [start, stop)."""
    hashes = [read(level, index) for level, index in _complete(start, stop)]
    return reduce(lambda right, left: node_hash(left, right), reversed(hashes))


def _complete(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield (level, index) of the complete subtrees that make up a subtree."""
    while start < stop:
        level = (stop - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level
