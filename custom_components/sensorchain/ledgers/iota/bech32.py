"""Bech32, in which wallets write keys (BIP-173): a prefix, 1, data, and six check characters."""

from collections.abc import Iterable

_CHARACTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK = 6


def encode_bech32(prefix: str, data: bytes) -> str:
    """Return bytes in Bech32."""
    groups = _regrouped(data, 8, 5)
    remainder = _remainder([*_spread(prefix), *groups, *[0] * _CHECK]) ^ 1
    check = [remainder >> 5 * (_CHECK - 1 - place) & 31 for place in range(_CHECK)]
    return prefix + "1" + "".join(_CHARACTERS[group] for group in [*groups, *check])


def decode_bech32(prefix: str, text: str) -> bytes | None:
    """Return the bytes behind a prefix; None for what is not, letter by letter, their form."""
    found, _, written = text.rpartition("1")
    if found != prefix or set(written) - set(_CHARACTERS):
        return None
    groups = [_CHARACTERS.index(character) for character in written[:-_CHECK]]
    data = bytes(_regrouped(groups, 5, 8)[: len(groups) * 5 // 8])
    return data if encode_bech32(prefix, data) == text else None


def _spread(prefix: str) -> list[int]:
    """Return the prefix as it goes into the check."""
    codes = prefix.encode()
    return [*(code >> 5 for code in codes), 0, *(code & 31 for code in codes)]


def _remainder(groups: Iterable[int]) -> int:
    """Return the remainder of the polynomial whose coefficients are groups of five bits."""
    value = 1
    for group in groups:
        top = value >> 25
        value = (value & 0x1FFFFFF) << 5 ^ group
        for place, generator in enumerate(_GENERATOR):
            value ^= generator if top >> place & 1 else 0
    return value


def _regrouped(groups: Iterable[int], size: int, wanted: int) -> list[int]:
    """Return bits in groups of another size, the last one filled with zeros."""
    bits = "".join(f"{group:0{size}b}" for group in groups)
    return [
        int(bits[at : at + wanted].ljust(wanted, "0"), 2)
        for at in range(0, len(bits), wanted)
    ]
