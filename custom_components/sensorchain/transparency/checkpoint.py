"""Checkpoints of a log (C2SP tlog-checkpoint v1.0.0), signed by its key."""

from __future__ import annotations

from dataclasses import dataclass
import re

from .errors import MalformedError
from .merkle import EMPTY_ROOT, HASH_SIZE
from .note import (
    SigningKey,
    VerifierKey,
    decode_base64,
    encode_base64,
    open_note,
    sign_note,
)

MAX_SIZE = 2**63 - 1
"""The most leaves a log can have: what every C2SP implementation can count."""

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: its origin, its size in leaves and its root (32 bytes).

    Its body, the text that is signed, has three lines:

        example.com/behind-the-sofa
        20852163
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        """Refuse what is not the state of any log."""
        if not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_SIZE:
            raise MalformedError("Not the size and root of a log")
        if not self.size and self.root != EMPTY_ROOT:
            raise MalformedError("An empty log with the root of another")

    def body(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n"

    @classmethod
    def parse(cls, body: str) -> Checkpoint:
        """Return the checkpoint of a body; raise MalformedError if it is not one.

        Extension lines, which the specification discourages and no log of ours writes,
        are refused.
        """
        lines = body.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0]:
            raise MalformedError("A checkpoint has three lines")
        origin, size, root, _ = lines
        return cls(origin, parse_decimal(size), decode_base64(root))


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint and the signed note that carries it.

    The note looks like this:

        example.com/behind-the-sofa
        20852163
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

        — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
    """

    checkpoint: Checkpoint
    note: str

    @classmethod
    def sign(cls, checkpoint: Checkpoint, key: SigningKey) -> SignedCheckpoint:
        """Return a checkpoint signed by its log: the same note every time."""
        _check_origin(checkpoint, key)
        return cls(checkpoint, sign_note(checkpoint.body(), key))

    @classmethod
    def open(cls, note: str, key: VerifierKey) -> SignedCheckpoint:
        """Return the checkpoint of a note that the log with this key has signed.

        Raises SignatureError if it has not, MalformedError if it is no checkpoint.
        """
        checkpoint = Checkpoint.parse(open_note(note, key))
        _check_origin(checkpoint, key)
        return cls(checkpoint, note)


def parse_decimal(text: str) -> int:
    """Return a size or index written in decimal digits without leading zeroes."""
    if not _DECIMAL.fullmatch(text):
        raise MalformedError(f"Not a number: {text!r:.40}")
    return int(text)


def _check_origin(checkpoint: Checkpoint, key: SigningKey | VerifierKey) -> None:
    """Refuse the checkpoint of another log: the origin is the name of the key."""
    if checkpoint.origin != key.name:
        raise MalformedError(f"A checkpoint of {checkpoint.origin}, not of {key.name}")
