"""Who signed: the public key of an ECDSA signature over secp256k1, and its address.

In plain Python, for public numbers alone: it takes 20 ms, and how long exactly would tell
of a secret. Secrets are left to a library (see key).
"""

from dataclasses import dataclass
from typing import TypeAlias

from ..keccak import keccak_256

# SEC 2 section 2.4.1: y² = x³ + 7 modulo P, and a point that all others are multiples of.
P = 2**256 - 2**32 - 977
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)

Point: TypeAlias = "tuple[int, int] | None"
"""A point of the curve; None is the one at infinity."""

ADDRESS_SIZE = 20
"""Bytes of an address."""


class NoSignatureError(ValueError):
    """Numbers that are no signature of anybody."""


@dataclass(frozen=True, slots=True)
class Signature:
    """An ECDSA signature; `parity` tells, of two points with the same x, whose y is odd.

    `s` is the lower of two that hold (EIP-2).
    """

    r: int
    s: int
    parity: int

    def __post_init__(self) -> None:
        """Refuse what is never a signature."""
        if not (
            0 < self.r < ORDER and 0 < self.s <= ORDER // 2 and self.parity in (0, 1)
        ):
            raise NoSignatureError("Not a signature")


def recover(digest: bytes, signature: Signature) -> bytes:
    """Return the public key, 64 bytes, that signed a digest of 32 bytes.

    (SEC 1 section 4.1.6.) Raises NoSignatureError where there is none.
    """
    point = _lifted(signature.r, signature.parity)
    inverse = pow(signature.r, -1, ORDER)
    number = int.from_bytes(digest, "big")
    key = _sum(
        _product(signature.s * inverse % ORDER, point),
        _product(-number * inverse % ORDER, G),
    )
    if key is None:
        raise NoSignatureError("A signature of nobody")
    return key[0].to_bytes(32, "big") + key[1].to_bytes(32, "big")


def address_of(public_key: bytes) -> bytes:
    """Return the address, 20 bytes, of a public key of 64 bytes."""
    return keccak_256(public_key)[-ADDRESS_SIZE:]


def written(address: bytes) -> str:
    """Return an address as people see it, with a checksum in its capitals (EIP-55)."""
    digits = address.hex()
    checks = keccak_256(digits.encode()).hex()
    return "0x" + "".join(
        digit.upper() if check >= "8" else digit
        for digit, check in zip(digits, checks, strict=False)
    )


def _lifted(x: int, parity: int) -> Point:
    """Return the point with this x and a y of this parity."""
    square = (pow(x, 3, P) + 7) % P
    y = pow(square, (P + 1) // 4, P)
    if x >= P or y * y % P != square:
        raise NoSignatureError("A signature of no point")
    return x, y if y % 2 == parity else P - y


def _sum(one: Point, other: Point) -> Point:
    """Return the sum of two points."""
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    if x1 == x2:
        slope = 3 * x1 * x1 * pow(2 * y1, -1, P)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, P)
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def _product(number: int, point: Point) -> Point:
    """Return a multiple of a point."""
    product: Point = None
    while number:
        if number & 1:
            product = _sum(product, point)
        point = _sum(point, point)
        number >>= 1
    return product
