"""Inclusion proofs that stand on their own (C2SP tlog-proof v1)."""

from __future__ import annotations

from dataclasses import dataclass
import re

from .checkpoint import Checkpoint, SignedCheckpoint, parse_decimal
from .errors import MalformedError
from .merkle import HASH_SIZE, leaf_hash, verify_inclusion
from .note import MAX_NOTE, VerifierKey, decode_base64, encode_base64

MAX_HASHES = 63
"""The most hashes of a proof: one a level, in the largest log that can be counted."""

_HEADER = "c2sp.org/tlog-proof@v1"
_LAYOUT = re.compile(
    rf"{re.escape(_HEADER)}\nindex (\d+)\n((?:[^\n]+\n)*)\n(.*)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """The proof that a leaf is in the log with a checkpoint.

    It has the index of the leaf, the hashes from its sibling (32 bytes each) up to the
    root's child, and the signed note of the checkpoint. Its text looks like this:

        c2sp.org/tlog-proof@v1
        index 73894
        gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
        B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=

        example.com/fancylog
        109482
        sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

        — example.com/fancylog hI2DJw…1roloI=
    """

    index: int
    hashes: tuple[bytes, ...]
    note: str

    def to_text(self) -> str:
        """Return the text, as it is kept in a file with the suffix .tlog-proof."""
        hashes = "".join(f"{encode_base64(value)}\n" for value in self.hashes)
        return f"{_HEADER}\nindex {self.index}\n{hashes}\n{self.note}"

    @classmethod
    def parse(cls, text: str) -> InclusionProof:
        """Return the proof of a text, unverified; raise MalformedError if it is none.

        The line of extra data, which no signature covers and no log of ours writes, is
        refused.
        """
        if len(text) > 2 * MAX_NOTE or not (parts := _LAYOUT.fullmatch(text)):
            raise MalformedError("Not an inclusion proof")
        index, lines, note = parts.groups()
        hashes = tuple(map(_hash, lines.split("\n")[:-1]))
        if len(hashes) > MAX_HASHES:
            raise MalformedError(f"A proof of {len(hashes)} hashes")
        return cls(parse_decimal(index), hashes, note)

    def verify(self, leaf: bytes, key: VerifierKey) -> SignedCheckpoint:
        """Check that a leaf is in the log with this key, and return the checkpoint.

        Raises MalformedError or SignatureError for the note, ProofError for the proof.
        """
        signed = SignedCheckpoint.open(self.note, key)
        self.verify_in(leaf, signed.checkpoint)
        return signed

    def verify_in(self, leaf: bytes, checkpoint: Checkpoint) -> None:
        """Check that a leaf is in the log with a checkpoint opened before.

        Spares the signature where many leaves are proved to one checkpoint. Raises
        ProofError.
        """
        verify_inclusion(
            self.index, checkpoint.size, leaf_hash(leaf), self.hashes, checkpoint.root
        )


def _hash(line: str) -> bytes:
    """Return the hash of a line."""
    value = decode_base64(line)
    if len(value) != HASH_SIZE:
        raise MalformedError(f"Not a hash: {line!r:.50}")
    return value
