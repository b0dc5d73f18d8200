"""BCS, the binary form of everything on a Move chain (Binary Canonical Serialization).

Whole numbers are little-endian; a length is ULEB128, of at most 32 bits; an enum is the
ULEB128 of its variant, then the variant's fields; a struct is its fields and nothing else.
A value has one form only, and a reader here takes no other.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from ...transparency.errors import MalformedError

Item = TypeVar("Item")

MOST_LENGTH = 2**31 - 1
"""Of a sequence (BCS specification, "Variable length sequences")."""


class Writer:
    """Bytes that are being written."""

    def __init__(self) -> None:
        """Begin with none."""
        self._bytes = bytearray()

    def finish(self) -> bytes:
        """Return what was written."""
        return bytes(self._bytes)

    def number(self, value: int, size: int) -> None:
        """Write a whole number in so many bytes; raises OverflowError."""
        self._bytes += value.to_bytes(size, "little")

    def length(self, value: int) -> None:
        """Write a length, or the number of a variant."""
        while value > 0x7F:
            self._bytes.append(value & 0x7F | 0x80)
            value >>= 7
        self._bytes.append(value)

    def fixed(self, value: bytes) -> None:
        """Write bytes whose number is known."""
        self._bytes += value

    def blob(self, value: bytes) -> None:
        """Write bytes with their number before them."""
        self.length(len(value))
        self._bytes += value

    def text(self, value: str) -> None:
        """Write a text, in UTF-8."""
        self.blob(value.encode())

    def truth(self, value: bool) -> None:
        """Write yes or no."""
        self._bytes.append(value)

    def sequence(
        self, items: Iterable[Item], write: "Callable[[Writer, Item], None]"
    ) -> None:
        """Write items with their number before them."""
        items = list(items)
        self.length(len(items))
        for item in items:
            write(self, item)

    def option(
        self, value: Item | None, write: "Callable[[Writer, Item], None]"
    ) -> None:
        """Write a value, or that there is none."""
        self.sequence([] if value is None else [value], write)


class Reader:
    """Bytes that are being read. Every method raises MalformedError."""

    def __init__(self, data: bytes) -> None:
        """Begin at the first byte."""
        self._data = data
        self._at = 0

    def finish(self) -> None:
        """Refuse what is left over."""
        if self._at != len(self._data):
            raise MalformedError(f"{len(self._data) - self._at} bytes too many")

    def number(self, size: int) -> int:
        """Return a whole number of so many bytes."""
        return int.from_bytes(self.fixed(size), "little")

    def length(self) -> int:
        """Return a length, or the number of a variant."""
        value = shift = 0
        while (byte := self.number(1)) > 0x7F:
            value |= (byte & 0x7F) << shift
            shift += 7
            if shift > 28:
                raise MalformedError("A length of more than 32 bits")
        if not byte and shift:
            raise MalformedError("A length that is not in its shortest form")
        value |= byte << shift
        if value > MOST_LENGTH:
            raise MalformedError("A length of more than 31 bits")
        return value

    def fixed(self, size: int) -> bytes:
        """Return so many bytes."""
        end = self._at + size
        if end > len(self._data):
            raise MalformedError("It ends too early")
        found = self._data[self._at : end]
        self._at = end
        return found

    def blob(self) -> bytes:
        """Return bytes whose number stands before them."""
        return self.fixed(self.length())

    def text(self) -> str:
        """Return a text."""
        try:
            return self.blob().decode()
        except UnicodeDecodeError as error:
            raise MalformedError("A text that is not UTF-8") from error

    def truth(self) -> bool:
        """Return yes or no."""
        value = self.number(1)
        if value > 1:
            raise MalformedError("Neither yes nor no")
        return bool(value)

    def sequence(self, read: "Callable[[Reader], Item]") -> tuple[Item, ...]:
        """Return items whose number stands before them; each has a byte at least."""
        count = self.length()
        if count > len(self._data) - self._at:
            raise MalformedError("It ends too early")
        return tuple(read(self) for _ in range(count))

    def option(self, read: "Callable[[Reader], Item]") -> Item | None:
        """Return a value, or None where there is none."""
        return read(self) if self.truth() else None


def blob(value: bytes) -> bytes:
    """Return the form of a vector of bytes."""
    writer = Writer()
    writer.blob(value)
    return writer.finish()


def text(value: str) -> bytes:
    """Return the form of a text."""
    return blob(value.encode())


def option(value: bytes | None) -> bytes:
    """Return the form of a value, given in its own form, or of none."""
    return b"\0" if value is None else b"\1" + value
