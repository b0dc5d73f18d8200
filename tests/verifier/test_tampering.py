"""Whatever is changed in a bundle, the verifier never says that it is genuine."""

from collections.abc import Iterator
from io import BytesIO

from hypothesis import example, given, settings, strategies as st
import pytest

from custom_components.sensorchain.transparency.bundle import BundleReader
from custom_components.sensorchain.transparency.errors import (
    MalformedError,
    ProofError,
    SignatureError,
)
from custom_components.sensorchain.transparency.findings import check_bundle

from .vectors import FOLDER, KEY, resigned

SMALLEST = (FOLDER / "bundles" / "smallest.json").read_bytes()
SMALL = (FOLDER / "bundles" / "small.json").read_bytes()
LINES = SMALL.splitlines(keepends=True)
OTHERS = (FOLDER / "bundles" / "later.json").read_bytes().splitlines(keepends=True)


def is_genuine(data: bytes) -> bool:
    """Tell whether a bundle stands the offline checks; anything but a refusal is an error."""
    try:
        return check_bundle(BytesIO(data)).key == KEY.verifier
    except MalformedError, ProofError, SignatureError:
        return False


def every_change(data: bytes) -> Iterator[bytes]:
    """Yield a bundle with each bit flipped, each byte deleted, and bytes inserted everywhere."""
    for at in range(len(data)):
        for bit in range(8):
            yield data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
        yield data[:at] + data[at + 1 :]
    for at in range(len(data) + 1):
        for byte in (b" ", b"\n", b"0", b'"', b",", data[at - 1 : at] or b"{"):
            yield data[:at] + byte + data[at:]


def test_the_unchanged_bundles_are_genuine() -> None:
    """Else the tests below would show nothing."""
    assert is_genuine(SMALLEST)
    assert is_genuine(SMALL)


def test_every_byte_of_the_smallest_bundle() -> None:
    """No bit can be flipped, no byte deleted or inserted."""
    accepted = [data for data in every_change(SMALLEST) if is_genuine(data)]
    assert accepted == []


@settings(max_examples=500, deadline=None)
@given(st.integers(0, len(SMALL) - 1), st.integers(1, 255))
def test_any_byte(at: int, change: int) -> None:
    """No byte can be changed."""
    assert not is_genuine(SMALL[:at] + bytes([SMALL[at] ^ change]) + SMALL[at + 1 :])


@settings(max_examples=500, deadline=None)
@given(st.integers(0, len(SMALL)), st.integers(0, 200), st.binary(max_size=50))
@example(0, 0, b"\xef\xbb\xbf")
@example(len(SMALL), 0, b"\n")
def test_any_splice(at: int, length: int, inserted: bytes) -> None:
    """No piece can be replaced by another."""
    tampered = SMALL[:at] + inserted + SMALL[at + length :]
    assert tampered == SMALL or not is_genuine(tampered)


@settings(max_examples=500, deadline=None)
@given(st.permutations(range(len(LINES))), st.integers(1, len(LINES)))
def test_any_order_and_choice_of_lines(order: list[int], count: int) -> None:
    """The lines cannot be put in another order, nor can any be left out."""
    tampered = b"".join(LINES[number] for number in order[:count])
    assert tampered == SMALL or not is_genuine(tampered)


@settings(max_examples=500, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(LINES) - 1), st.sampled_from(LINES + OTHERS)),
        min_size=1,
        max_size=4,
    )
)
def test_lines_of_two_genuine_bundles(changes: list[tuple[int, bytes]]) -> None:
    """What is put together from genuine parts is not genuine."""
    lines = list(LINES)
    for at, line in changes:
        lines[at] = line
    tampered = b"".join(lines)
    assert tampered == SMALL or not is_genuine(tampered)


def readings_in(data: bytes) -> set[bytes]:
    """Return the readings of a genuine bundle, without their proofs."""
    return {
        b"%d %b" % (each.index, each.leaf.to_bytes())
        for each in _reader(data).readings()
    }


@pytest.mark.parametrize("change", [b" ", b"0", b"1", b"A", b"/"])
def test_signed_again_no_reading_can_change(change: bytes) -> None:
    """The log's own key cannot make a reading, a proof or a checkpoint another one.

    It can change what only its signature vouches for: caption, settings, receipts.
    """
    start = SMALL.index(b'"readings":[')
    stop = SMALL.index(b'"signature"')
    genuine = readings_in(SMALL)
    for at in range(start, stop, 3):
        tampered = resigned(SMALL[:at] + change + SMALL[at + 1 :])
        if tampered != SMALL:
            assert not is_genuine(tampered) or readings_in(tampered) <= genuine


def _reader(data: bytes) -> BundleReader:
    """Return the reader of a bundle."""
    return BundleReader(BytesIO(data))
