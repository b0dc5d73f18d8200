"""The key of an account: it signs with Home Assistant's own `cryptography`.

The library signs, in constant time, with a nonce derived from the key and the digest
(RFC 6979): the same digest has the same signature every time. What Ethereum adds is done
here: the lower of the two s, and the bit that lets anybody find the public key.
"""

from dataclasses import dataclass, field
import re
from secrets import randbelow
from typing import TYPE_CHECKING

from ..ledger import SettingsError
from .secp256k1 import ORDER, Signature, address_of, recover, written

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

SETTING = "private_key"

_WRITTEN = re.compile(r"(0x)?([0-9a-fA-F]{64})")


@dataclass(frozen=True, slots=True)
class Key:
    """A secret number, 1 or more and under the curve's order, and what follows from it."""

    secret: int = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what is not a key, without telling it."""
        if not 0 < self.secret < ORDER:
            raise SettingsError(SETTING, "Not the private key of an account")

    @classmethod
    def generate(cls) -> "Key":
        """Return a new random key."""
        return cls(1 + randbelow(ORDER - 1))

    @classmethod
    def parse(cls, text: str) -> "Key":
        """Return the key of 64 hexadecimal digits, with 0x before them or without.

        Raises SettingsError, which does not tell the key.
        """
        found = _WRITTEN.fullmatch(text.strip())
        if not found:
            raise SettingsError(
                SETTING, "A private key is 64 hexadecimal digits, with or without 0x"
            )
        return cls(int(found[2], 16))

    def reveal(self) -> str:
        """Return the key as it is stored: 64 hexadecimal digits."""
        return f"{self.secret:064x}"

    @property
    def public_key(self) -> bytes:
        """The public half, 64 bytes."""
        numbers = self._private.public_key().public_numbers()
        return numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")

    @property
    def address(self) -> bytes:
        """The account's address, 20 bytes."""
        return address_of(self.public_key)

    @property
    def account(self) -> str:
        """The account's address as people see it."""
        return written(self.address)

    def sign(self, digest: bytes) -> Signature:
        """Return the signature of a digest of 32 bytes: the same one every time."""
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.asymmetric.utils import (
            Prehashed,
            decode_dss_signature,
        )
        from cryptography.hazmat.primitives.hashes import SHA256

        # Any hash of 32 bytes may stand for SHA-256 here; the nonce is derived with that.
        method = ECDSA(Prehashed(SHA256()), deterministic_signing=True)
        r, s = decode_dss_signature(self._private.sign(digest, method))
        signature = Signature(r, min(s, ORDER - s), 0)
        if recover(digest, signature) != self.public_key:
            signature = Signature(signature.r, signature.s, 1)
        return signature

    @property
    def _private(self) -> "EllipticCurvePrivateKey":
        """Return the key as the library wants it; raise ImportError where it is not."""
        from cryptography.hazmat.primitives.asymmetric.ec import (
            SECP256K1,
            derive_private_key,
        )

        return derive_private_key(self.secret, SECP256K1())
