"""Signatures checked in plain Python are those that the library takes, and no others."""

from collections.abc import Iterator
from hashlib import sha512

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from hypothesis import given, settings, strategies as st
import pytest

from custom_components.sensorchain.transparency import ed25519, note
from custom_components.sensorchain.transparency.ed25519 import is_signature
from custom_components.sensorchain.transparency.errors import SignatureError

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493

# RFC 8032 section 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33b"
            "acc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e1599"
            "6e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f2"
            "90ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        sha512(b"abc").hexdigest(),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3"
            "ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        ),
    ),
]


def library_takes(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell what the library says of a signature."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature, ValueError:
        return False
    return True


def agreed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature is taken, once both agree."""
    ours = is_signature(public_key, message, signature)
    assert ours is library_takes(public_key, message, signature)
    return ours


def torsion() -> Iterator[bytes]:
    """Yield the eight points of small order, encoded in their one form.

    Four have y = 1, -1 and 0 (twice). Doubled, the others give y = 0: x² = -y² for them.
    """
    root = pow(2, (P - 1) // 4, P)
    d = -121665 * pow(121666, -1, P) % P
    yield (1).to_bytes(32, "little")
    yield (P - 1).to_bytes(32, "little")
    yield (0).to_bytes(32, "little")
    yield (2**255).to_bytes(32, "little")
    # So d·y⁴ + 2·y² - 1 = 0 and y² = (-1 ± √(1 + d)) / d.
    half = pow(1 + d, (P + 3) // 8, P)
    if half * half % P != (1 + d) % P:
        half = half * root % P
    for sign in (half, -half):
        square = (-1 + sign) * pow(d, -1, P) % P
        y = pow(square, (P + 3) // 8, P)
        for candidate in (y, y * root % P):
            if candidate * candidate % P == square:
                for value in (candidate, P - candidate):
                    yield value.to_bytes(32, "little")
                    yield (value + 2**255).to_bytes(32, "little")
                break


SMALL = list(dict.fromkeys(torsion()))


@pytest.mark.parametrize(("public_key", "message", "signature"), VECTORS)
def test_vectors_of_the_rfc(public_key: str, message: str, signature: str) -> None:
    """What the RFC signed is taken, and no part of it can be exchanged."""
    key, text, signed = map(bytes.fromhex, (public_key, message, signature))
    assert agreed(key, text, signed)
    assert not agreed(key, text + b"x", signed)
    assert not agreed(bytes.fromhex(VECTORS[0][0])[::-1], text, signed)
    assert not agreed(key, text, signed[::-1])


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
@settings(deadline=None)
def test_what_the_library_signs_is_taken(seed: bytes, message: bytes) -> None:
    """Any key, any message."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public_key = key.public_key().public_bytes_raw()
    assert agreed(public_key, message, key.sign(message))


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=50), st.data())
@settings(deadline=None)
def test_no_bit_can_be_changed(
    seed: bytes, message: bytes, data: st.DataObject
) -> None:
    """Neither in the key nor in the message nor in the signature."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    whole = key.public_key().public_bytes_raw() + key.sign(message) + message
    place = data.draw(st.integers(0, 8 * len(whole) - 1))
    changed = bytearray(whole)
    changed[place // 8] ^= 1 << place % 8
    assert not agreed(bytes(changed[:32]), bytes(changed[96:]), bytes(changed[32:96]))


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=64, max_size=64))
@settings(deadline=None)
def test_random_bytes_are_no_signature(public_key: bytes, signature: bytes) -> None:
    """Half of them are not even points."""
    assert not agreed(public_key, b"", signature)


@pytest.mark.parametrize("times", [1, 2, 15])
def test_another_form_of_the_number_is_refused(times: int) -> None:
    """S + L signs the same equation, and would make a second signature of one."""
    key, _, signed = (bytes.fromhex(part) for part in VECTORS[0])
    number = int.from_bytes(signed[32:], "little") + times * L
    assert not agreed(key, b"", signed[:32] + number.to_bytes(32, "little"))


@pytest.mark.parametrize("size", [0, 31, 63, 65, 96])
def test_other_lengths_are_refused(size: int) -> None:
    """A key has 32 bytes and a signature 64."""
    key, _, signed = (bytes.fromhex(part) for part in VECTORS[0])
    assert not agreed(key, b"", (signed + signed)[:size])
    assert not agreed((key + signed)[:size], b"", signed)


def test_there_are_eight_points_of_small_order() -> None:
    """Their encodings are what the next test is about."""
    assert len(SMALL) == 8


@pytest.mark.parametrize("key", SMALL, ids=bytes.hex)
@pytest.mark.parametrize("commitment", SMALL, ids=bytes.hex)
def test_keys_of_small_order(key: bytes, commitment: bytes) -> None:
    """With S = 0 such a key signs some messages: the same ones for both."""
    signature = commitment + bytes(32)
    for number in range(12):
        agreed(key, bytes([number]), signature)


def multiple(scalar: int, point: bytes) -> bytes:
    """Return a multiple of a point."""
    one = ed25519._decoded(point)
    assert one
    return ed25519._encoded(ed25519._sum_of_multiples(scalar, one, 0, ed25519._NEUTRAL))


def added(one: bytes, other: bytes) -> bytes:
    """Return the sum of two points."""
    points = ed25519._decoded(one), ed25519._decoded(other)
    assert points[0] and points[1]
    return ed25519._encoded(ed25519._added(points[0], points[1]))


@pytest.mark.parametrize("small", SMALL, ids=bytes.hex)
def test_keys_with_a_part_of_small_order(small: bytes) -> None:
    """The equation is checked without the cofactor: some messages are signed, some not."""
    base = (4 * pow(5, -1, P) % P).to_bytes(32, "little")
    key, commitment = added(multiple(1234, base), small), multiple(5678, base)
    taken = set()
    for number in range(64):
        message = bytes([number])
        challenge = int.from_bytes(
            sha512(commitment + key + message).digest(), "little"
        )
        s = (5678 + challenge % L * 1234) % L
        taken.add(agreed(key, message, commitment + s.to_bytes(32, "little")))
    assert taken == ({True} if small == SMALL[0] else {True, False})


def other_forms() -> Iterator[bytes]:
    """Yield encodings of points that are not the one form: y from p, and x = -0."""
    for y in range(P, 2**255):
        yield y.to_bytes(32, "little")
        yield (y + 2**255).to_bytes(32, "little")
    yield (1 + 2**255).to_bytes(32, "little")
    yield (P - 1 + 2**255).to_bytes(32, "little")


def test_keys_in_another_form_are_refused() -> None:
    """Here is the one difference: the library takes signatures of some such keys."""
    taken = 0
    for key in other_forms():
        for number in range(30):
            signature = SMALL[0] + bytes(32)
            assert not is_signature(key, bytes([number]), signature)
            taken += library_takes(key, bytes([number]), signature)
    assert taken


@pytest.mark.parametrize("message", [b"", b"message"])
def test_commitments_in_another_form_are_refused(message: bytes) -> None:
    """By both: R is compared as it is written."""
    neutral = (1).to_bytes(32, "little")
    assert agreed(neutral, message, neutral + bytes(32))
    for commitment in other_forms():
        assert not agreed(neutral, message, commitment + bytes(32))


def test_notes_are_opened_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """A note is opened all the same, and a changed one refused."""
    key = note.SigningKey.from_seed("log.example/home", bytes(range(32)))
    signed = note.sign_note("text\n", key)
    verifier = key.verifier
    monkeypatch.setattr(note, "_HAS_LIBRARY", False)
    assert note.open_note(signed, verifier) == "text\n"
    with pytest.raises(SignatureError):
        note.open_note(signed.replace("text", "test"), verifier)
