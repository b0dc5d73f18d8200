"""The key of an account: Ed25519, signing with Home Assistant's own `cryptography`."""

from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import blake2b
import re
from secrets import token_bytes

from ...transparency.note import SigningKey
from ..ledger import SettingsError
from .bech32 import decode_bech32, encode_bech32

SETTING = "private_key"

PREFIX = "iotaprivkey"
"""Of a key as wallets of IOTA write it (iota-types, crypto.rs: Bech32 of flag and secret)."""

ED25519 = b"\0"
"""The flag of this kind of key in a signature and in a written key."""

_HEXADECIMAL = re.compile(r"(0x)?([0-9a-fA-F]{64})")
_INTENT = bytes(3)
"""Transaction data, version 0, IOTA (iota-types, intent.rs)."""


@dataclass(frozen=True, slots=True)
class Key:
    """A secret of 32 bytes, and what follows from it."""

    secret: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> "Key":
        """Return a new random key."""
        return cls(token_bytes(32))

    @classmethod
    def parse(cls, text: str) -> "Key":
        """Return the key of a text as wallets write it, or of 64 hexadecimal digits.

        Raises SettingsError, which does not tell the key.
        """
        text = text.strip()
        if found := _HEXADECIMAL.fullmatch(text):
            return cls(bytes.fromhex(found[2]))
        data = decode_bech32(PREFIX, text)
        if data is None or len(data) != 33 or data[:1] != ED25519:
            raise SettingsError(
                SETTING,
                f"A private key is {PREFIX}1… of the kind Ed25519, or 64 hexadecimal digits",
            )
        return cls(data[1:])

    def reveal(self) -> str:
        """Return the key as it is stored: as wallets write it."""
        return encode_bech32(PREFIX, ED25519 + self.secret)

    @property
    def public_key(self) -> bytes:
        """The public half, 32 bytes."""
        return self._signing_key.verifier.public_key

    @property
    def address(self) -> bytes:
        """The account's address, 32 bytes: BLAKE2b-256 of the public key alone.

        Other kinds of keys have their flag before it (iota-types, base_types.rs).
        """
        return address_of(self.public_key)

    def sign(self, transaction: bytes) -> str:
        """Return the signature of a transaction's BCS, as nodes take it: in Base64."""
        digest = blake2b(_INTENT + transaction, digest_size=32).digest()
        signature = self._signing_key.sign(digest)
        return b64encode(ED25519 + signature + self.public_key).decode()

    @property
    def _signing_key(self) -> SigningKey:
        """Return what signs; no name goes into what is signed here."""
        return SigningKey.from_seed("iota", self.secret)


def address_of(public_key: bytes) -> bytes:
    """Return the address of an Ed25519 key."""
    return blake2b(public_key, digest_size=32).digest()
