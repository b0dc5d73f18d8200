"""Canonical JSON (RFC 8785), for values without fractions.

A canonical object looks like this, as UTF-8, with no white space and its keys sorted:

    {"sequence":7,"state":"21.5","unit":"°C"}
"""

from json.encoder import encode_basestring
from typing import TypeAlias

from .errors import MalformedError

JsonValue: TypeAlias = (
    "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
)

MAX_INTEGER = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly (RFC 8785 appendix D)."""

quoted = encode_basestring
"""A string in quotes, with the escapes of RFC 8785 section 3.2.2.2 and no others."""


def canonical_json(value: JsonValue) -> bytes:
    """Return the canonical form of a JSON value, as UTF-8.

    Raises MalformedError for what has no canonical form here: a fraction, an integer
    beyond 2**53 - 1, half a surrogate pair.
    """
    try:
        return _canonical(value).encode()
    except UnicodeEncodeError as error:
        raise MalformedError(f"Not Unicode text: {error}") from error


def _canonical(value: JsonValue) -> str:
    """Return the canonical form as text."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return _integer(value)
        case str():
            return quoted(value)
        case list():
            return f"[{','.join(map(_canonical, value))}]"
        case dict():
            return f"{{{','.join(_members(value))}}}"
    raise MalformedError(f"Not used in canonical JSON here: {type(value).__name__}")


def _integer(value: int) -> str:
    """Return a whole number in digits."""
    if abs(value) > MAX_INTEGER:
        raise MalformedError(f"Too large for JSON: {value:#x}")
    return str(value)


def _members(value: dict[str, JsonValue]) -> list[str]:
    """Return the members of an object, sorted by UTF-16 code units (section 3.2.3)."""
    keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
    return [f"{quoted(key)}:{_canonical(value[key])}" for key in keys]
