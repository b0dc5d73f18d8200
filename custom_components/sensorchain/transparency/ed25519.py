"""Ed25519 signatures (RFC 8032 section 5.1), checked in plain Python.

For a program that has no `cryptography`: some milliseconds a signature. Nothing here is
secret, so nothing needs to take the same time for every value; signing is not done here.

The points of the curve -x² + y² = 1 + d·x²·y² modulo p are added in extended coordinates
(X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z (section 5.1.4).

What is refused is what OpenSSL refuses: the equation is checked without the cofactor, the
point R of the signature must be encoded in its one form, and its number S must be below L.
One thing only is refused here that OpenSSL takes: a public key whose encoding is not
canonical (y not below p, or x = 0 with the sign of a negative), which section 5.1.3 says is
none. No key that was made by a generator has such a form.
"""

from __future__ import annotations

from hashlib import sha512
from typing import TypeAlias

_Point: TypeAlias = tuple[int, int, int, int]

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
"""The order of the base point."""

_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_NEUTRAL: _Point = (0, 1, 1, 0)
_POINT_SIZE = 32
_SIGNATURE_SIZE = 64
_SIGN = 2**255


def is_signature(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature (64 bytes) of a message is that of a public key (32 bytes).

    (RFC 8032 section 5.1.7: [S]B = R + [k]A, looked at as R = [S]B - [k]A.)
    """
    key = _decoded(public_key)
    if key is None or len(signature) != _SIGNATURE_SIZE:
        return False
    commitment, scalar = signature[:_POINT_SIZE], signature[_POINT_SIZE:]
    s = int.from_bytes(scalar, "little")
    if s >= _L:
        return False
    challenge = sha512(commitment + public_key + message).digest()
    k = int.from_bytes(challenge, "little") % _L
    return _encoded(_sum_of_multiples(s, _BASE, k, _negative(key))) == commitment


def _added(one: _Point, other: _Point) -> _Point:
    """Return the sum of any two points, which may be the same (section 5.1.4)."""
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a = (y1 - x1) * (y2 - x2) % _P
    b = (y1 + x1) * (y2 + x2) % _P
    c = 2 * t1 * t2 * _D % _P
    d = 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _negative(point: _Point) -> _Point:
    """Return the point that adds up with this one to the neutral one."""
    x, y, z, t = point
    return -x % _P, y, z, -t % _P


def _sum_of_multiples(m: int, one: _Point, n: int, other: _Point) -> _Point:
    """Return [m]one + [n]other, both at once, from the highest bit to the lowest."""
    table = (_NEUTRAL, one, other, _added(one, other))
    total = _NEUTRAL
    for place in reversed(range(max(m, n).bit_length())):
        total = _added(total, total)
        choice = (m >> place & 1) + 2 * (n >> place & 1)
        if choice:
            total = _added(total, table[choice])
    return total


def _encoded(point: _Point) -> bytes:
    """Return the 32 bytes of a point: y, and the lowest bit of x (section 5.1.2)."""
    x, y, z, _ = point
    inverse = pow(z, -1, _P)
    parity = x * inverse % _P & 1
    return (y * inverse % _P | parity * _SIGN).to_bytes(_POINT_SIZE, "little")


def _decoded(data: bytes) -> _Point | None:
    """Return the point of its 32 bytes, or None if they stand for none (section 5.1.3)."""
    if len(data) != _POINT_SIZE:
        return None
    parity, y = divmod(int.from_bytes(data, "little"), _SIGN)
    x = _x_of(y) if y < _P else None
    if x is None or (parity and not x):
        return None
    if x & 1 != parity:
        x = _P - x
    return x, y, 1, x * y % _P


def _x_of(y: int) -> int | None:
    """Return one of the two x of an y: a root of (y² - 1) / (d·y² + 1), if there is one."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    root = pow(square, (_P + 3) // 8, _P)
    for candidate in (root, root * _ROOT_OF_MINUS_ONE % _P):
        if candidate * candidate % _P == square:
            return candidate
    return None


# The point whose multiples the public keys are (RFC 8032 section 5.1): y = 4/5, x even.
_BASE_X = 0x216936D3CD6E53FEC0A4E231FDD6DC5C692CC7609525A7B2C9562D608F25D51A
_BASE_Y = 4 * pow(5, -1, _P) % _P
_BASE: _Point = _BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _P
