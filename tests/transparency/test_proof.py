"""Inclusion proofs in text are those of C2SP tlog-proof."""

from contextlib import suppress

from hypothesis import given, strategies as st
import pytest

from custom_components.sensorchain.transparency.checkpoint import (
    Checkpoint,
    SignedCheckpoint,
)
from custom_components.sensorchain.transparency.errors import (
    MalformedError,
    ProofError,
    SignatureError,
)
from custom_components.sensorchain.transparency.proof import InclusionProof

from .common import KEY, naive_path, naive_root

LEAVES = [b"zero", b"one", b"two", b"three", b"four"]
CHECKPOINT = Checkpoint(KEY.name, 5, naive_root(LEAVES))
PROOF = InclusionProof(
    index=2,
    hashes=tuple(naive_path(2, LEAVES)),
    note=SignedCheckpoint.sign(CHECKPOINT, KEY).note,
)
TEXT = """\
c2sp.org/tlog-proof@v1
index 2
Zx8UbF5HHooag6PCFM5LqQe486WIjRTMjNPOdbsS75Q=
iiq+yu+Pz0GJ9OZMFdfUJhwUJRvf4oYcY90ek68bmUs=
9xWrP6pdBx5uKsS7mU1b9zWUPcw3mdoNCF55gM+5M2o=

log.example/home
5
ii7ViYyVMrUss8/JH3IOusEasWyEafEphOEB4JSXozA=

— log.example/home V/w+n0yccVrd8iC4GdGfA9MuCk9Llid7R4jua1F8w5Df2e6xYXr+BhCEIJmH8FueT8NoHpFkbHQLFbVB4XlZOI4UMwY=
"""


def test_bytes_of_a_proof() -> None:
    """The text of a proof is this."""
    assert PROOF.to_text() == TEXT
    assert InclusionProof.parse(TEXT) == PROOF


def test_a_proof_proves_its_leaf() -> None:
    """It does so to whoever has the verifier key, and returns what was proved to."""
    signed = InclusionProof.parse(TEXT).verify(b"two", KEY.verifier)
    assert signed.checkpoint == CHECKPOINT
    PROOF.verify_in(b"two", CHECKPOINT)


@pytest.mark.parametrize("leaf", [b"", b"one", b"three", b"two "])
def test_a_proof_proves_no_other_leaf(leaf: bytes) -> None:
    """Another leaf is refused."""
    with pytest.raises(ProofError):
        PROOF.verify(leaf, KEY.verifier)


def test_the_only_leaf_needs_no_hashes() -> None:
    """A log of one leaf has the hash of that as its root."""
    checkpoint = Checkpoint(KEY.name, 1, naive_root([b"zero"]))
    note = SignedCheckpoint.sign(checkpoint, KEY).note
    proof = InclusionProof(0, (), note)
    assert proof.to_text() == f"c2sp.org/tlog-proof@v1\nindex 0\n\n{note}"
    assert InclusionProof.parse(proof.to_text()) == proof
    proof.verify(b"zero", KEY.verifier)


@given(st.data())
def test_a_changed_character_proves_nothing(data: st.DataObject) -> None:
    """No character of a proof can be changed."""
    at = data.draw(st.integers(0, len(TEXT) - 1))
    other = data.draw(st.characters().filter(lambda character: character != TEXT[at]))
    with pytest.raises((MalformedError, SignatureError, ProofError)):
        InclusionProof.parse(TEXT[:at] + other + TEXT[at + 1 :]).verify(
            b"two", KEY.verifier
        )


@pytest.mark.parametrize("end", ["\r", "\x0b", "\x1e", "\x85", "\u2028"])
def test_only_a_newline_ends_a_line(end: str) -> None:
    """What only looks like the end of a line to some is refused."""
    first, rest = TEXT.split("=\n", 1)
    with pytest.raises(MalformedError):
        InclusionProof.parse(f"{first}={end}{rest}")


@given(st.text())
def test_garbage_is_no_proof(text: str) -> None:
    """Whatever arrives, the one error says that it is no proof."""
    with pytest.raises(MalformedError):
        InclusionProof.parse(text)


@given(st.integers(0, len(TEXT)))
def test_a_proof_cut_short_proves_nothing(length: int) -> None:
    """Only the whole text holds."""
    with suppress(MalformedError, SignatureError, ProofError):
        InclusionProof.parse(TEXT[:length]).verify(b"two", KEY.verifier)
        assert length == len(TEXT)


HEADER, _, REST = TEXT.partition("\n")

NO_PROOFS = {
    "another version": TEXT.replace("@v1", "@v2"),
    "no header": REST,
    "extra data": f"{HEADER}\nextra AAAA\n{REST}",
    "no index": TEXT.replace("index 2\n", ""),
    "leading zero": TEXT.replace("index 2", "index 02"),
    "negative index": TEXT.replace("index 2", "index -2"),
    "other digits": TEXT.replace("index 2", "index ２"),
    "short hash": TEXT.replace(TEXT.split("\n")[2], "AAAA"),
    "other line ends": TEXT.replace("\n", "\r\n"),
    "space before": " " + TEXT,
    "many hashes": TEXT.replace("index 2\n", "index 2\n" + f"{'A' * 43}=\n" * 61),
}


@pytest.mark.parametrize("case", NO_PROOFS)
def test_refuses_what_is_no_proof(case: str) -> None:
    """Only the canonical form is parsed."""
    assert NO_PROOFS[case] != TEXT
    with pytest.raises(MalformedError):
        InclusionProof.parse(NO_PROOFS[case])
