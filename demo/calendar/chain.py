"""A chain of headers as Bitcoin's, with hardly any work, and the way from a commitment to a merkle root in it."""

from collections.abc import Sequence
from hashlib import sha256
from itertools import count
from secrets import token_bytes
import time

from custom_components.sensorchain.ledgers.opentimestamps.bitcoin import (
    Header,
    MalformedHeaderError,
    network,
)
from custom_components.sensorchain.ledgers.opentimestamps.timestamp import (
    SHA256,
    InBlock,
    Operation,
    Timestamp,
    append,
    prepend,
)

from .store import Store

_BITS = 0x207FFFFF
"""Every second hash will do, as on Bitcoin's own regtest chains."""

_GENESIS_TIME = 1_767_225_600
_GENESIS_ROOT = sha256(
    b"The demo of SensorChain. Nothing here proves anything."
).digest()

# A transaction with one input, which spends nothing, and one output: OP_RETURN with 32 bytes.
_BEFORE = (
    bytes.fromhex("0200000001")
    + bytes(32)
    + bytes.fromhex("ffffffff00ffffffff010000000000000000226a20")
)
_AFTER = bytes(4)


class Chain:
    """Blocks, of which only the headers are kept."""

    def __init__(self, store: Store) -> None:
        """Go on with the blocks in a store; begin with the first one, which is always the same."""
        self._store = store
        self._headers = [Header(each) for each in store.headers()]
        if not self._headers:
            self._add(_mined(bytes(32), _GENESIS_ROOT, _GENESIS_TIME))

    @property
    def genesis(self) -> str:
        """The hash of the first block, by which the chain is told from others."""
        return self._headers[0].hash

    @property
    def tip(self) -> int:
        """The height of the last block."""
        return len(self._headers) - 1

    def header_at(self, height: int) -> Header | None:
        """Return the header of the block at a height."""
        return self._headers[height] if 0 <= height <= self.tip else None

    def height_of(self, block: str) -> int | None:
        """Return the height of the block with a hash."""
        hashes = [header.hash for header in self._headers]
        return hashes.index(block) if block in hashes else None

    def mine(self, commitments: Sequence[bytes] = ()) -> list[Timestamp]:
        """Make a block with a transaction for each commitment of 32 bytes; return their timestamps.

        The first transaction is the miner's own, another one in each block.
        """
        height = self.tip + 1
        transactions = [
            _BEFORE + each + _AFTER for each in (token_bytes(32), *commitments)
        ]
        ids = [_twice(each) for each in transactions]
        root, paths = merkle_tree(ids)
        before = self._headers[-1]
        now = max(int(time.time()), int(before.time.timestamp()))
        self._add(_mined(bytes.fromhex(before.hash)[::-1], root, now))
        into = (prepend(_BEFORE), append(_AFTER), SHA256, SHA256)
        return [
            Timestamp.path(commitment, (*into, *path), InBlock(height))
            for commitment, path in zip(commitments, paths[1:], strict=True)
        ]

    def cut(self, depth: int) -> None:
        """Forget the last blocks, though never the first; what they held waits again."""
        height = max(1, self.tip + 1 - depth)
        del self._headers[height:]
        self._store.cut(height)

    def _add(self, header: Header) -> None:
        """Put a block on top."""
        self._store.add_header(len(self._headers), header.data)
        self._headers.append(header)


def merkle_tree(ids: Sequence[bytes]) -> tuple[bytes, list[list[Operation]]]:
    """Return the merkle root of transactions, and the way to it from each.

    A last one that has no other beside it is paired with itself, as Bitcoin does it.
    """
    paths: list[list[Operation]] = [[] for _ in ids]
    row, width = list(ids), 1
    while len(row) > 1:
        row += row[-1:] * (len(row) % 2)
        for place, path in enumerate(paths):
            at = place // width
            join = prepend(row[at - 1]) if at % 2 else append(row[at + 1])
            path += [join, SHA256, SHA256]
        row = [
            _twice(left + right)
            for left, right in zip(row[::2], row[1::2], strict=True)
        ]
        width *= 2
    return row[0], paths


def _mined(before: bytes, root: bytes, seconds: int) -> Header:
    """Return a header with its proof of work."""
    head = (2).to_bytes(4, "little") + before + root
    tail = seconds.to_bytes(4, "little") + _BITS.to_bytes(4, "little")
    chain = network("")
    for nonce in count():
        header = Header(head + tail + nonce.to_bytes(4, "little"))
        try:
            header.check_work(chain)
        except MalformedHeaderError:
            continue
        return header
    raise AssertionError


def _twice(data: bytes) -> bytes:
    """Return SHA-256 of SHA-256, Bitcoin's hash of everything."""
    return sha256(sha256(data).digest()).digest()
