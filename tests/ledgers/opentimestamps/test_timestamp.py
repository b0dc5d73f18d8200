"""The proof format, held against the library of OpenTimestamps' own people."""

from hashlib import sha256
from typing import Any

from hypothesis import given, settings, strategies as st
from opentimestamps.core.notary import (
    BitcoinBlockHeaderAttestation,
    PendingAttestation,
    UnknownAttestation,
)
from opentimestamps.core.op import OpAppend, OpPrepend, OpSHA256
from opentimestamps.core.serialize import (
    BytesDeserializationContext,
    BytesSerializationContext,
    DeserializationError,
)
from opentimestamps.core.timestamp import DetachedTimestampFile, Timestamp as Reference
import pytest

from custom_components.sensorchain.ledgers.http import UrllibTransport
from custom_components.sensorchain.ledgers.opentimestamps.calendar import (
    PUBLIC_CALENDARS,
    Calendars,
)
from custom_components.sensorchain.ledgers.opentimestamps.timestamp import (
    FILE_MAGIC,
    SHA256,
    InBlock,
    MalformedTimestampError,
    Pending,
    Timestamp,
    append,
    from_file,
    parse_timestamp,
    prepend,
    to_file,
)

MESSAGE = sha256(b"a note").digest()
URI = "https://alice.btc.calendar.opentimestamps.org"

attestations = st.one_of(
    st.builds(InBlock, st.integers(0, 2**31 - 1)),
    st.builds(Pending, st.text("abcXYZ019-._/:", max_size=30)),
)
operations = st.one_of(
    st.just(SHA256),
    st.builds(append, st.binary(min_size=1, max_size=40)),
    st.builds(prepend, st.binary(min_size=1, max_size=40)),
)
paths = st.lists(
    st.tuples(st.lists(operations, max_size=5), attestations), min_size=1, max_size=6
)


def tree(ways: list[Any], message: bytes = MESSAGE) -> Timestamp:
    """Return the timestamp of several ways to attestations."""
    timestamp = Timestamp(message)
    for steps, end in ways:
        timestamp = timestamp.merged(Timestamp.path(message, steps, end))
    return timestamp


def reference(ways: list[Any]) -> Reference:
    """Return the same as the library makes it."""
    kinds = {SHA256.tag: OpSHA256, 0xF0: OpAppend, 0xF1: OpPrepend}
    timestamp = Reference(MESSAGE)
    for steps, end in ways:
        node = timestamp
        for step in steps:
            node = node.ops.add(kinds[step.tag](*filter(None, [step.argument])))
        node.attestations.add(
            BitcoinBlockHeaderAttestation(end.height)
            if isinstance(end, InBlock)
            else PendingAttestation(end.uri)
        )
    return timestamp


def written(timestamp: Reference) -> bytes:
    """Return the file that the library writes."""
    context = BytesSerializationContext()
    DetachedTimestampFile(OpSHA256(), timestamp).serialize(context)
    return bytes(context.getbytes())


def read(data: bytes) -> Reference:
    """Return what the library reads in a file."""
    context = BytesDeserializationContext(data)
    return DetachedTimestampFile.deserialize(context).timestamp


@given(paths)
def test_same_bytes_as_the_library(ways: list[Any]) -> None:
    """Both write the same bytes, and read what the other has written."""
    ours, theirs = tree(ways), reference(ways)
    data = to_file(ours)
    assert data == written(theirs)
    assert from_file(data) == ours
    assert read(data) == theirs


@given(paths, paths)
def test_merging_as_the_library_does(some: list[Any], others: list[Any]) -> None:
    """What two timestamps of one message say becomes one, whichever comes first."""
    merged = tree(some).merged(tree(others))
    theirs = reference(some)
    theirs.merge(reference(others))
    assert to_file(merged) == written(theirs)
    assert merged == tree(others).merged(tree(some))


@given(paths, st.data())
@settings(max_examples=300)
def test_what_is_taken_the_library_takes_too(ways: list[Any], data: Any) -> None:
    """Of files that were changed, none is taken that the library refuses, or reads otherwise."""
    good = bytearray(to_file(tree(ways)))
    place = data.draw(st.integers(len(FILE_MAGIC), len(good) - 1))
    length = data.draw(st.integers(0, 3))
    good[place : place + length] = data.draw(st.binary(max_size=3))
    try:
        taken = from_file(bytes(good))
    except MalformedTimestampError:
        return
    assert written(read(bytes(good))) == bytes(good) == to_file(taken)


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    """Whatever a server answers is a timestamp, or is refused; the library agrees."""
    try:
        timestamp = parse_timestamp(data, MESSAGE)
    except MalformedTimestampError:
        return
    context = BytesDeserializationContext(data)
    found = Reference.deserialize(context, MESSAGE).all_attestations()
    known = {
        (message, InBlock(each.height))
        if isinstance(each, BitcoinBlockHeaderAttestation)
        else (message, Pending(each.uri))
        for message, each in found
        if isinstance(each, (BitcoinBlockHeaderAttestation, PendingAttestation))
    }
    assert set(timestamp.attested()) == known


def test_a_file_in_bytes() -> None:
    """A file looks as the format says."""
    ways = [([append(b"\x01\x02"), SHA256], Pending(URI)), ([SHA256], InBlock(903412))]
    assert to_file(tree(ways)).hex(" ") == (
        # "\0OpenTimestamps\0\0Proof\0" and eight bytes; version 1; SHA-256 of the note
        "00 4f 70 65 6e 54 69 6d 65 73 74 61 6d 70 73 00 00 50 72 6f 6f 66 00"
        " bf 89 e2 e8 84 e8 92 94 01 08 "
        + MESSAGE.hex(" ")
        # a branch: SHA-256, in block 903412 (LEB128, three bytes)
        + " ff 08 00 05 88 96 0d 73 d7 19 01 03 f4 91 37"
        # the last branch: append two bytes, SHA-256, pending at a URI of 45 bytes
        + " f0 02 01 02 08 00 83 df e3 0d 2e f9 0c 8e 2e 2d "
        + URI.encode().hex(" ")
    )


def test_from_the_public_calendars() -> None:
    """What three public calendars answered in 2018 is read, though it is not sorted.

    (github.com/opentimestamps/opentimestamps-server/issues/28)
    """
    digest = "ccccd32f1a9b2d99c9e5cde3c801b986ca366b9a5e5c4182b31750cd9bc85fe8"
    data = bytes.fromhex(
        "f010de7d0200c0313adfc77fbc9cfa63d51f08fff010a3680171972a12b66cb706edc1c564fd08f1045a62"
        "878df008e68379af2a7edd2a0083dfe30d2ef90c8e2e2d68747470733a2f2f616c6963652e6274632e6361"
        "6c656e6461722e6f70656e74696d657374616d70732e6f7267fff0107061231bf23061d0f620e5c115f22e"
        "ea08f1045a62878bf008e37428bc5d3223ab0083dfe30d2ef90c8e2c2b68747470733a2f2f626f622e6274"
        "632e63616c656e6461722e6f70656e74696d657374616d70732e6f7267f01037073c02085440048b01420a"
        "1a572d6c08f1045a62878cf00812ccb875aaac51500083dfe30d2ef90c8e292868747470733a2f2f66696e"
        "6e65792e63616c656e6461722e657465726e69747977616c6c2e636f6d"
    )
    timestamp = parse_timestamp(data, bytes.fromhex(digest))
    assert {(len(message), end) for message, end in timestamp.attested()} == {
        (44, Pending("https://alice.btc.calendar.opentimestamps.org")),
        (44, Pending("https://bob.btc.calendar.opentimestamps.org")),
        (44, Pending("https://finney.calendar.eternitywall.com")),
    }
    calendars = Calendars(UrllibTransport(), PUBLIC_CALENDARS)
    for _, end in timestamp.attested():
        assert isinstance(end, Pending)
        calendar = calendars.at(end.uri)
        assert calendar
        assert calendar.name == end.uri


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"\x00",
        b"\x08",
        b"\x02\x00" + Pending.tag + b"\x01\x00",  # SHA-1
        b"\xf0\x00\x00" + Pending.tag + b"\x01\x00",  # an empty argument
        b"\xf0\x81\x20" + bytes(4097),  # one of 4097 bytes
        b"\x00" + Pending.tag + b"\x02\x01?",  # a URI with a query
        b"\x00" + Pending.tag + b"\xea\x07\xe8\x07" + b"a" * 1000 + b"\x00",
        b"\x00" + Pending.tag + b"\x01\x00\x00",  # something behind it
        b"\x00" + InBlock.tag + b"\x02\x80\x00",  # a number not in its shortest form
        b"\x00" + InBlock.tag + b"\x05\x80\x80\x80\x80\x08",  # 2**31
        b"\x00" + InBlock.tag + b"\x06\x80\x80\x80\x80\x80\x01",  # six bytes
        b"\x00" + InBlock.tag + b"\x02\x01\x01",  # two numbers
        b"\x00" + bytes(8) + b"\x81\x40" + bytes(8193),  # an attestation of 8193 bytes
        b"\x08" * 256 + b"\x00" + InBlock.tag + b"\x01\x01",  # 256 operations
        b"\xf0\x80\x20" + bytes(4096) + b"\x00" + InBlock.tag + b"\x01\x01",
    ],
)
def test_refused(data: bytes) -> None:
    """What is cut off, too long, too deep, not canonical, or not known as an operation."""
    with pytest.raises(MalformedTimestampError):
        parse_timestamp(data, MESSAGE)
    with pytest.raises(MalformedTimestampError):
        from_file(FILE_MAGIC + b"\x01\x08" + MESSAGE + data)


def test_as_deep_as_the_library_goes() -> None:
    """255 operations one after the other are read, by both."""
    data = b"\x08" * 255 + b"\x00" + InBlock.tag + b"\x01\x01"
    timestamp = parse_timestamp(data, MESSAGE)
    assert timestamp.to_bytes() == data
    assert timestamp.depth == 255
    assert [each for _, each in timestamp.attested()] == [InBlock(1)]
    Reference.deserialize(BytesDeserializationContext(data), MESSAGE)
    with pytest.raises(DeserializationError):
        Reference.deserialize(BytesDeserializationContext(b"\x08" + data), MESSAGE)


def test_attestations_of_other_kinds_are_left_out() -> None:
    """A calendar may attest in ways that are not known yet; in a file of ours there is none."""
    theirs = reference([([SHA256], InBlock(7))])
    litecoin = UnknownAttestation(bytes.fromhex("06869a0d73d71b45"), b"\x05")
    theirs.ops.add(OpAppend(b"x")).attestations.add(litecoin)
    context = BytesSerializationContext()
    theirs.serialize(context)
    timestamp = parse_timestamp(context.getbytes(), MESSAGE)
    assert timestamp == tree([([SHA256], InBlock(7))])
    with pytest.raises(MalformedTimestampError, match="canonical"):
        from_file(written(theirs))


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\x01" + data[1:],
        lambda data: data.replace(b"\x94\x01\x08", b"\x94\x02\x08"),
        lambda data: data.replace(b"\x94\x01\x08", b"\x94\x01\x02"),
        lambda data: data[:60],
        lambda data: data + b"\x00",
    ],
)
def test_other_files(change: Any) -> None:
    """A file of something else, of another version or hash, or cut off."""
    with pytest.raises(MalformedTimestampError):
        from_file(change(to_file(tree([([], InBlock(1))]))))


def test_order_in_a_file() -> None:
    """What is not sorted as in the library's files is not taken from one."""
    block, pending = (b"\x00" + InBlock.tag + b"\x01\x01", b"\x00" + Pending.tag)
    pending += b"\x02\x01a"
    head = FILE_MAGIC + b"\x01\x08" + MESSAGE
    from_file(head + b"\xff" + block + pending)
    with pytest.raises(MalformedTimestampError, match="canonical"):
        from_file(head + b"\xff" + pending + block)
    assert parse_timestamp(b"\xff" + pending + block, MESSAGE).attestations == {
        InBlock(1),
        Pending("a"),
    }


def test_what_is_refuted_goes() -> None:
    """An attestation is taken out with the way that led to it alone."""
    good, bad = InBlock(5), InBlock(9)
    timestamp = tree([([SHA256], good), ([SHA256, SHA256], bad), ([], Pending("a"))])
    (message,) = [each for each, end in timestamp.attested() if end == bad]
    assert timestamp.without([(message, bad)]) == tree(
        [([SHA256], good), ([], Pending("a"))]
    )
    assert timestamp.without([(MESSAGE, bad)]) == timestamp
    assert timestamp.without(timestamp.attested()) is None


def test_of_different_messages() -> None:
    """Timestamps of two messages are not merged."""
    with pytest.raises(ValueError, match="different"):
        Timestamp(b"a").merged(Timestamp(b"b"))
    with pytest.raises(ValueError, match="nothing"):
        Timestamp(b"a").to_bytes()


@pytest.mark.parametrize(
    ("uri", "is_asked"),
    [
        ("https://own.example/ots", True),
        ("https://own.example/ots/", True),
        ("https://own.example", False),
        ("http://own.example/ots", False),
        ("https://btc.calendar.catallaxy.com", True),
        ("http://btc.calendar.catallaxy.com", False),
        ("https://alice.btc.calendar.opentimestamps.org/admin", False),
        ("https://alice.btc.calendar.opentimestamps.org:8080", False),
        ("https://alice.btc.calendar.opentimestamps.org.example", False),
        ("https://calendar.opentimestamps.org", False),
        ("http://192.168.1.1", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_calendars_that_are_asked(uri: str, is_asked: bool) -> None:
    """Asked is who was chosen, and who is known to the public; nobody else that is named."""
    calendars = Calendars(UrllibTransport(), ["https://me:secret@own.example/ots"])
    assert bool(calendars.at(uri)) == is_asked
