"""Signed notes (C2SP signed-note v1.0.0) with Ed25519 keys.

A signed note looks like this: a text, an empty line, and a line for each signature:

    This is an example message.

    — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

and the verifier key that it was made for:

    example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import TYPE_CHECKING

from . import ed25519
from .errors import MalformedError, SignatureError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:  # pragma: no cover - the stand-alone verifier's Python
    _HAS_LIBRARY = False
else:
    _HAS_LIBRARY = True

KEY_SIZE = 32
"""Bytes of an Ed25519 public key and of the seed of a private one (RFC 8032 section 5.1)."""

MAX_NOTE = 65536
"""Characters of a signed note: room for the 16 signatures that must be accepted."""

_ED25519 = b"\x01"
_KEY_ID_SIZE = 4


def _is_signature(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature is that of a public key.

    With the library where it is, and in plain Python where it is not.
    """
    if not _HAS_LIBRARY:
        return ed25519.is_signature(public_key, message, signature)
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a key: all that is needed to check what it signed.

    Its text form, str(), is the C2SP vkey: name+key id+base64(01 ‖ public key).
    """

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        """Refuse a name that cannot stand in a note."""
        _check_name(self.name)
        if len(self.public_key) != KEY_SIZE:
            raise MalformedError(f"A public key of {len(self.public_key)} bytes")

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Return the key of a C2SP vkey; raise MalformedError if it is not one."""
        name, _, encoded = _split_vkey(text)
        material = decode_base64(encoded)
        if material[:1] != _ED25519:
            raise MalformedError("Not an Ed25519 verifier key")
        key = cls(name, material[1:])
        if str(key) != text:
            raise MalformedError("The key id is not that of the verifier key")
        return key

    def __str__(self) -> str:
        """Return the C2SP vkey."""
        encoded = encode_base64(_ED25519 + self.public_key)
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that tell this key from others of its name."""
        material = self.name.encode() + b"\n" + _ED25519 + self.public_key
        return sha256(material).digest()[:_KEY_ID_SIZE]

    def verify(self, message: bytes, signature: bytes) -> None:
        """Check an Ed25519 signature; raise SignatureError if it is not this key's."""
        if not _is_signature(self.public_key, message, signature):
            raise SignatureError(f"Not signed by {self.name}")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private half of a key, kept as its 32-byte seed (RFC 8032 section 5.1.5)."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what is not a key."""
        _check_name(self.name)
        if len(self.seed) != KEY_SIZE:
            raise MalformedError("A seed has 32 bytes")

    @classmethod
    def generate(cls, name: str) -> SigningKey:
        """Return a new random key."""
        return cls(name, token_bytes(KEY_SIZE))

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> SigningKey:
        """Return the key of a seed; raise MalformedError unless it has 32 bytes."""
        return cls(name, seed)

    @property
    def verifier(self) -> VerifierKey:
        """Return the public half."""
        return VerifierKey(self.name, self._private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature of a message: the same one every time."""
        return self._private.sign(message)

    @property
    def _private(self) -> Ed25519PrivateKey:
        """Return the key as the library wants it; raise ImportError where it is not."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed)


def sign_note(text: str, key: SigningKey) -> str:
    """Return the signed note of a text, which must end with a newline."""
    _check_text(text)
    signature = encode_base64(key.verifier.key_id + key.sign(text.encode()))
    return f"{text}\n— {key.name} {signature}\n"


def open_note(note: str, key: VerifierKey) -> str:
    """Return the text of a signed note, once the signature of `key` is verified.

    Signatures of other keys are ignored, as the specification demands. Raises
    MalformedError for what is not a signed note and SignatureError for one that the
    key did not sign.
    """
    text, signatures = _split_note(note)
    ours = [value for name, value in signatures if _is_of(key, name, value)]
    if not ours:
        raise SignatureError(f"Not signed by {key.name}")
    if len(ours) > 1:
        raise MalformedError(f"Signed more than once by {key.name}")
    key.verify(text.encode(), ours[0][_KEY_ID_SIZE:])
    return text


def encode_base64(data: bytes) -> str:
    """Return standard base64 (RFC 4648 section 4)."""
    return b64encode(data).decode()


def decode_base64(text: str) -> bytes:
    """Return the bytes of standard base64; raise MalformedError for any other spelling."""
    try:
        data = b64decode(text, validate=True)
    except ValueError as error:
        raise MalformedError(f"Not base64: {text!r:.40}") from error
    if encode_base64(data) != text:
        raise MalformedError(f"Not canonical base64: {text!r:.40}")
    return data


def _split_vkey(text: str) -> tuple[str, str, str]:
    """Return the three parts of a vkey; only the last may contain a plus."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise MalformedError(f"Not a verifier key: {text!r:.40}")
    return parts[0], parts[1], parts[2]


def _split_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return the text of a note and its signatures, as (key name, key id ‖ signature)."""
    if len(note) > MAX_NOTE:
        raise MalformedError(f"A note of {len(note)} characters")
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise MalformedError("Not a signed note")
    text += "\n"
    _check_text(text)
    return text, [_signature(line) for line in lines[:-1].split("\n")]


def _signature(line: str) -> tuple[str, bytes]:
    """Return the key name and the key id ‖ signature of a signature line."""
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != "—":
        raise MalformedError(f"Not a signature line: {line!r:.40}")
    _check_name(name)
    value = decode_base64(encoded)
    if len(value) <= _KEY_ID_SIZE:
        raise MalformedError(f"A signature of {name} that is too short")
    return name, value


def _is_of(key: VerifierKey, name: str, value: bytes) -> bool:
    """Tell whether a signature claims to be of this key."""
    return name == key.name and value[:_KEY_ID_SIZE] == key.key_id


def _check_text(text: str) -> None:
    """Refuse a text that cannot be signed as a note."""
    if not text.endswith("\n"):
        raise MalformedError("The text of a note ends with a newline")
    _check_characters(text.replace("\n", ""))


def _check_name(name: str) -> None:
    """Refuse a key name that is empty or has a space or plus in it."""
    _check_characters(name)
    if not name or "+" in name or any(character.isspace() for character in name):
        raise MalformedError(f"Not a key name: {name!r:.40}")


def _check_characters(text: str) -> None:
    """Refuse control characters and halves of surrogate pairs."""
    if any(character < " " for character in text):
        raise MalformedError("A control character in a note")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise MalformedError(f"Not Unicode text: {error}") from error
