"""Canonical JSON is what RFC 8785 says."""

from hypothesis import given, strategies as st
import pytest
import rfc8785

from custom_components.sensorchain.transparency.errors import MalformedError
from custom_components.sensorchain.transparency.jcs import (
    MAX_INTEGER,
    JsonValue,
    canonical_json,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)


@given(VALUES)
def test_equals_the_rfc8785_package(value: JsonValue) -> None:
    """An independent implementation makes the same bytes."""
    assert canonical_json(value) == rfc8785.dumps(value)


def test_sorts_and_escapes_as_the_rfc_does() -> None:
    """The keys of RFC 8785 section 3.2.3 come in the order of their UTF-16 units."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\u00f6"]
    assert canonical_json(dict.fromkeys(keys, 0)).decode() == (
        '{"\\r":0,"1":0,"\x80":0,"\u00f6":0,"\u20ac":0,"\U0001f600":0,"\ufb33":0}'
    )
    assert (
        canonical_json('€$\x0f\nA\'B"\\\\"/')
        == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()
    )


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**53, -(2**53), "\ud800", b""])
def test_refuses_what_has_no_canonical_form(value: JsonValue) -> None:
    """No reader could tell what was meant."""
    with pytest.raises(MalformedError):
        canonical_json([value])
