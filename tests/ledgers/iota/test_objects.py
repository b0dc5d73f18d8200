"""Objects as the chain holds them, read and refused."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import given, settings, strategies as st
import iota_sdk as sdk
import pytest

from custom_components.sensorchain.ledgers.iota.bcs import Writer
from custom_components.sensorchain.ledgers.iota.objects import (
    Capability,
    Notarization,
    Record,
    TrailState,
    made_by,
)
from custom_components.sensorchain.ledgers.iota.programs import LOCKED_UNTIL, notarise
from custom_components.sensorchain.ledgers.iota.transaction import Gas, Transaction
from custom_components.sensorchain.transparency.errors import MalformedError

from .test_transaction import PACKAGES

PARSERS = (Capability.parse, TrailState.parse, Record.parse, Notarization.parse)

_ID = bytes(range(32))
_TABLE = bytes(range(32, 64))
_CREATOR = bytes(range(64, 96))
_TIME = 1_795_341_600_123


def _u64(*values: int) -> bytes:
    return b"".join(value.to_bytes(8, "little") for value in values)


def _texts(*values: str) -> bytes:
    writer = Writer()
    for value in values:
        writer.text(value)
    return writer.finish()


def _some(value: bytes) -> bytes:
    return b"\1" + value


NONE = b"\0"

CAPABILITY = b"".join(
    [
        *(_ID, _TABLE, _texts("recorder")),
        *(_some(_CREATOR), _some(_u64(1)), _some(_u64(2))),
    ]
)

ROLES = b"".join(
    [
        *(_ID, b"\2"),
        *(_texts("Admin"), b"\x02\x09\x0c", NONE),
        *(_texts("recorder"), b"\x01\x02", _some(b"\1" + _texts("tag"))),
        *(_texts("Admin"), _TABLE, _u64(1), _some(_ID), _some(_ID)),
        *(b"\1", _ID, b"\x09\x0b\x0a\x0c\x0d"),
    ]
)


def trail(name: bytes, locks: bytes = b"\2" + _u64(2**64 - 1) + b"\3\4") -> bytes:
    """Return a trail as it stands on the chain: with two tags, and seven records."""
    return b"".join(
        [
            *(_ID, _CREATOR, _u64(_TIME, 7)),
            *(_TABLE, _u64(7), _some(_u64(0)), _some(_u64(6))),
            *(b"\1", _texts("tag"), _u64(3), locks, ROLES, name),
            *(_some(_texts("note")), _u64(1)),
        ]
    )


NAMED = _some(_texts("f3a1") + _some(_texts("what it is")))


def record(data: bytes) -> bytes:
    """Return a record as its table holds it: number 3, between two, once corrected."""
    return b"".join(
        [
            *(_some(_u64(2)), _some(_u64(4)), data, _some(_texts("m")), NONE),
            *(_u64(3), _CREATOR, _u64(_TIME), b"\1", _u64(1), _some(_u64(5))),
        ]
    )


def notarization(locks: bytes, method: int = 1) -> bytes:
    """Return a notarization as it stands on the chain."""
    return b"".join(
        [
            *(_ID, _texts("hello"), NONE, _u64(_TIME), _some(_texts("d")), locks),
            *(_some(_texts("u")), _u64(_TIME, 0), bytes([method])),
        ]
    )


LOCKS = _some(b"\1\0" + LOCKED_UNTIL.to_bytes(4, "little") + b"\1")

VALID = (
    (Capability.parse, CAPABILITY),
    (TrailState.parse, trail(NAMED)),
    (Record.parse, record(b"\1\1a")),
    (Notarization.parse, notarization(LOCKS)),
)


def test_capability() -> None:
    """Of which trail, and for what."""
    assert Capability.parse(CAPABILITY) == Capability(_TABLE, "recorder")


@pytest.mark.parametrize(
    "locks",
    [
        *(b"\0\3\4", b"\1" + _u64(60) + b"\2\4"),
        b"\2" + _u64(9) + b"\0" + bytes(4) + b"\1" + _u64(9),
    ],
)
def test_trail(locks: bytes) -> None:
    """Whatever is locked: who has made it, where its records are, how many, and its name."""
    found = TrailState.parse(trail(NAMED, locks))
    assert found == TrailState(_CREATOR, _TABLE, 7, "f3a1")
    assert TrailState.parse(trail(NONE, locks)).name is None


def test_record() -> None:
    """A text, or bytes that are nobody's business."""
    time = datetime.fromtimestamp(_TIME / 1000, UTC)
    found = Record.parse(record(b"\1" + _texts("hello")))
    assert found == Record("hello", 3, _CREATOR, time)
    assert Record.parse(record(b"\0\5hello")).text is None


def test_notarization() -> None:
    """Its text, since when, and whether it may change."""
    found = Notarization.parse(notarization(LOCKS))
    assert found.text == "hello"
    assert found.changed_at == datetime.fromtimestamp(_TIME / 1000, UTC)
    assert found.is_locked
    assert not Notarization.parse(notarization(NONE, 0)).is_locked


@pytest.mark.parametrize(
    "data",
    [
        record(b"\2\5hello"),
        trail(NAMED, b"\3\3\4"),
        trail(NAMED, b"\0\5\4"),
        notarization(_some(b"\3\2\2")),
        notarization(LOCKS, 2),
        trail(NAMED).replace(b"\x09\x0b\x0a\x0c\x0d", b"\x09\x0b\x0a\x0c\x13"),
        record(b"\1\0").replace(_u64(_TIME), _u64(2**64 - 1)),
        record(b"\1\2\xff\xff"),
    ],
)
def test_what_is_not_known_is_refused(data: bytes) -> None:
    """Neither variants that there are not, nor times that cannot be, nor texts that are none."""
    for parse in PARSERS:
        with pytest.raises(MalformedError):
            parse(data)


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_noise_is_refused(data: bytes) -> None:
    """Whatever a node says is refused, or an object; nothing else happens."""
    for parse in PARSERS:
        with suppress(MalformedError):
            parse(data)


@settings(max_examples=300)
@given(st.sampled_from(VALID), st.data())
def test_damage_is_refused(
    valid: tuple[Callable[[bytes], object], bytes], data: st.DataObject
) -> None:
    """A byte changed: refused, or another object. Some missing or too many: refused."""
    parse, whole = valid
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = data.draw(st.binary(min_size=1, max_size=1))
    with suppress(MalformedError):
        parse(whole[:at] + changed + whole[at + 1 :])
    for wrong in (whole[:at], whole + changed):
        with pytest.raises(MalformedError):
            parse(wrong)


@given(st.text(max_size=100), st.integers(0, 2**64 - 1))
def test_ids_of_new_objects(message: str, count: int) -> None:
    """As IOTA's own library derives them."""
    gas = Gas(payment=(), owner=_ID, price=1, budget=1)
    transaction = Transaction(notarise(PACKAGES, message), _ID, gas)
    digest = sdk.TransactionDigest.from_base58(transaction.digest)
    official = sdk.ObjectId.derive_id(digest, count)
    assert made_by(transaction, count) == official.to_bytes()
