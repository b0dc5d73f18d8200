"""Checkpoints are those of C2SP tlog-checkpoint."""

import pytest

from custom_components.sensorchain.transparency.checkpoint import (
    Checkpoint,
    SignedCheckpoint,
)
from custom_components.sensorchain.transparency.errors import (
    MalformedError,
    SignatureError,
)
from custom_components.sensorchain.transparency.merkle import EMPTY_ROOT
from custom_components.sensorchain.transparency.note import SigningKey, sign_note

from .common import KEY

CHECKPOINT = Checkpoint("log.example/home", 20852163, bytes(range(32)))
BODY = "log.example/home\n20852163\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
NOTE = (
    "log.example/home\n"
    "20852163\n"
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    "\n"
    "— log.example/home "
    "V/w+nyEszXFU625PTOOE3GMZuAIq6PRNZV89CRFaj7UtAhoy/4TKnTU7x5qA4hRKJndIq1"
    "Mx/L/jssoF2+OcwIBRDgY=\n"
)


def test_bytes_of_a_checkpoint() -> None:
    """A log signs one note for one state."""
    assert CHECKPOINT.body() == BODY
    assert Checkpoint.parse(BODY) == CHECKPOINT
    signed = SignedCheckpoint.sign(CHECKPOINT, KEY)
    assert signed.note == NOTE
    assert SignedCheckpoint.open(NOTE, KEY.verifier) == signed


def test_an_empty_log_has_a_checkpoint() -> None:
    """Its size is 0, and its root that of nothing."""
    empty = Checkpoint("log.example/home", 0, EMPTY_ROOT)
    assert Checkpoint.parse(empty.body()) == empty
    with pytest.raises(MalformedError):
        Checkpoint("log.example/home", 0, bytes(32))


NO_CHECKPOINTS = {
    "nothing": "",
    "origin alone": "log.example/home\n",
    "no origin": BODY.replace("log.example/home", ""),
    "no last newline": BODY[:-1],
    "extension line": BODY + "more\n",
    "empty line": BODY + "\n",
    "leading zero": BODY.replace("2085", "02085"),
    "plus": BODY.replace("2085", "+2085"),
    "negative": BODY.replace("2085", "-2085"),
    "other digits": BODY.replace("2085", "２085"),
    "underscore": BODY.replace("2085", "2_085"),
    "space": BODY.replace("2085", " 2085"),
    "too large": BODY.replace("20852163", "9223372036854775808"),
    "enormous": BODY.replace("20852163", "9" * 5000),
    "short root": BODY.replace("AAEC", ""),
    "no padding": BODY.replace("=", ""),
    "spare bits": BODY.replace("8=", "9="),
}


@pytest.mark.parametrize("case", NO_CHECKPOINTS)
def test_refuses_what_is_no_checkpoint(case: str) -> None:
    """Only the canonical form is parsed, even if it is signed."""
    assert NO_CHECKPOINTS[case] != BODY
    with pytest.raises(MalformedError):
        Checkpoint.parse(NO_CHECKPOINTS[case])


def test_refuses_signed_text_that_is_no_checkpoint() -> None:
    """A signature does not make a checkpoint of a text."""
    with pytest.raises(MalformedError):
        SignedCheckpoint.open(sign_note("hello\n", KEY), KEY.verifier)


def test_a_log_speaks_for_itself_alone() -> None:
    """Its key neither signs nor opens the checkpoint of another origin."""
    other = Checkpoint("log.example/other", 1, bytes(32))
    with pytest.raises(MalformedError):
        SignedCheckpoint.sign(other, KEY)
    with pytest.raises(MalformedError):
        SignedCheckpoint.open(sign_note(other.body(), KEY), KEY.verifier)


@pytest.mark.parametrize("changed", ["20852164", "20852162", "0"])
def test_refuses_another_size(changed: str) -> None:
    """What is signed cannot be changed."""
    with pytest.raises(SignatureError):
        SignedCheckpoint.open(NOTE.replace("20852163", changed), KEY.verifier)


def test_refuses_another_key() -> None:
    """The same name is not enough."""
    impostor = SigningKey.from_seed(KEY.name, bytes(32))
    note = SignedCheckpoint.sign(CHECKPOINT, impostor).note
    with pytest.raises(SignatureError):
        SignedCheckpoint.open(note, KEY.verifier)
