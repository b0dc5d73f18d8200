r"""Proof bundles: readings with all that proves them, in one JSON file signed by the log.

A bundle looks like this (shortened), in UTF-8:

    {"format":"sensorchain-bundle/v1",
    "caption":{"created":"2026-11-22T12:00:00.000000Z","entities":{"sensor.fridge":"Fridge"},"from":null,"log":"Evidence","partial":false,"until":null},
    "verifier_key":"sensorchain/0f1e…+c44e38ef+AQOhB7…",
    "checkpoint":"sensorchain/0f1e…\n4\nN5g2…\n\n— sensorchain/0f1e… FnGg…\n",
    "anchors":[
    {"checkpoint":"…","consistency":["…"],"ledger":{"kind":"tangle","name":"…","settings":{…}},"receipt":{…}}
    ],
    "earlier":[
    ],
    "readings":[
    {"index":0,"leaf":{…},"proof":["…","…"]},
    {"index":3,"leaf":{…},"proof":["…","…"]}
    ],
    "signature":"sensorchain-bundle/v1\nmZC2…\n\n— sensorchain/0f1e… FnGg…\n"}

There is one form of it: these lines, the JSON in each of them canonical (RFC 8785), each
ended by a newline. Every reading is proved to the checkpoint of the bundle, and so is every
older checkpoint, anchored or not; the last line signs SHA-256 of all lines before it.
"""

from __future__ import annotations

from binascii import a2b_base64
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
import json
import re
from typing import BinaryIO, TypeVar

from .checkpoint import SignedCheckpoint, parse_decimal
from .errors import InvalidError, MalformedError, ProofError, SignatureError
from .jcs import MAX_INTEGER, JsonValue, canonical_json
from .log import Log, LoggedReading
from .merkle import leaf_hash, verify_consistency, verify_inclusion
from .note import MAX_NOTE, VerifierKey, decode_base64, encode_base64, open_note
from .reading import MAX_TEXT, Leaf, time_from_text, time_to_text

FORMAT = "sensorchain-bundle/v1"
"""The name of the format, in its first line and in what is signed."""

MAX_LINE = 2**20
"""Bytes of a line, its newline included: the longest leaf takes less than a tenth of it."""

MAX_CHECKPOINTS = 5_000
"""Anchors in a bundle, and as many earlier checkpoints: they are kept in memory."""

MAX_HEAD = 2**25
"""Bytes before the readings: they are kept in memory."""

MAX_DEPTH = 32
"""Objects and lists within each other: every JSON reader can go as deep."""

STEP = 256
"""Lines written in one step, so that other work can go between."""

MAX_PROOF = 128
"""Hashes in a consistency proof: no more than two a level."""

_FIRST_LINE = f'{{"format":"{FORMAT}",'.encode()
_OTHER_VERSION = re.compile(rb'\{"format":"sensorchain-bundle/v[1-9]\d{0,8}",')
_HASH = rb'"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="'
_PROOF = re.compile(rb"\[(?:" + _HASH + rb"(?:," + _HASH + rb")*)?\]\}")
"""Hashes in canonical base64: the last digit of 32 bytes has two bits of zero."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_Item = TypeVar("_Item")


class UnknownFormatError(MalformedError):
    """A bundle of another version than the one that is known here."""

    code = "unknown_format"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What a bundle says about itself, in the words of whoever exported it.

    `log` is the log's title; `entities` has the name of each entity by its id; readings
    from `start` until before `stop` were asked for, without a limit where None. A partial
    bundle leaves out readings between its first and last of an entity. Nothing of it
    is proved; it is signed.
    """

    log: str
    created: datetime
    entities: Mapping[str, str]
    start: datetime | None = None
    stop: datetime | None = None
    is_partial: bool = False

    def __post_init__(self) -> None:
        """Refuse what would not be read again."""
        for text in (self.log, *self.entities.values()):
            _text(text, MAX_TEXT)
        for time in (self.created, self.start, self.stop):
            if time is not None and time.utcoffset() != timedelta(0):
                raise MalformedError(f"Not a time in UTC: {time}")

    def to_json(self) -> dict[str, JsonValue]:
        """Return the caption as a JSON object."""
        return {
            "created": time_to_text(self.created),
            "entities": dict(self.entities),
            "from": _time_text(self.start),
            "log": self.log,
            "partial": self.is_partial,
            "until": _time_text(self.stop),
        }

    @classmethod
    def from_json(cls, value: JsonValue) -> Caption:
        """Return the caption of a JSON object; raise MalformedError if it is not one."""
        fields = _object(
            value, "created", "entities", "from", "log", "partial", "until"
        )
        entities = fields["entities"]
        if not isinstance(entities, dict):
            raise MalformedError("The entities are not an object")
        if not isinstance(fields["partial"], bool):
            raise MalformedError("Neither partial nor whole")
        return cls(
            log=_text(fields["log"]),
            created=_time(fields["created"]),
            entities={key: _text(name) for key, name in entities.items()},
            start=_optional_time(fields["from"]),
            stop=_optional_time(fields["until"]),
            is_partial=fields["partial"],
        )


@dataclass(frozen=True, slots=True)
class AnchorRecord:
    """An anchor as it goes into a bundle: what a stranger needs to find and check it.

    It has the signed note that was anchored; the kind of the ledger, as in the catalog,
    the name that its owner gave it and its settings without secrets; and the receipt. The
    last two are the ledger's own JSON, without fractions.
    """

    note: str
    kind: str
    name: str
    settings: Mapping[str, JsonValue]
    receipt: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class ProvenReading:
    """A leaf that was proved to be in the log, at its index."""

    index: int
    leaf: Leaf


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a bundle is written: items of it, of all its anchors and readings."""

    done: int
    total: int


# Writing


def write_bundle(
    file: BinaryIO,
    log: Log,
    caption: Caption,
    anchors: Sequence[AnchorRecord] = (),
    *,
    earlier: Iterable[int] = (),
    size: int | None = None,
) -> Iterator[Progress]:
    """Write the readings that a caption asks for, step by step, on the log's thread.

    Each step of the iterator is a bounded amount of work and tells how far it is; the file
    is complete when the iterator is exhausted. Memory does not grow with the readings. The
    log may grow between two steps: the bundle is of the `size` it has now, or had. `earlier`
    has the sizes at which bundles were exported before, so that this one can be compared
    with them. Raises MalformedError for what cannot stand in a bundle, SignatureError and
    ProofError for an anchor of another log, StorageError, and what the file raises.
    """
    size = log.size if size is None else size
    ranges = {each: _range(log, each, caption, size) for each in caption.entities}
    whole = _span(ranges.values())
    readings = (
        each
        for each in log.readings_of(ranges.keys(), whole.start, whole.stop)
        if each.index in ranges[each.leaf.reading.entity_id]
    )
    total = sum(_count(log, each, found) for each, found in ranges.items())
    return write_readings(
        file, log, caption, anchors, readings, total, earlier=earlier, size=size
    )


def write_readings(
    file: BinaryIO,
    log: Log,
    caption: Caption,
    anchors: Sequence[AnchorRecord],
    readings: Iterable[LoggedReading],
    total: int,
    *,
    earlier: Iterable[int] = (),
    size: int | None = None,
) -> Iterator[Progress]:
    """Write some readings of the caption's entities, in the order of the log.

    It is as write_bundle; `total` tells how many readings there will be, for the progress.
    The caption must say that it is partial when readings are left out in between.
    """
    size = log.size if size is None else size
    sizes = sorted(set(earlier))
    if max(len(anchors), len(sizes)) > MAX_CHECKPOINTS:
        raise MalformedError(f"More than {MAX_CHECKPOINTS} checkpoints in a bundle")
    total += len(anchors) + len(sizes)
    digest, done = sha256(), 0
    lines = _lines(log, size, caption, anchors, sizes, readings)
    while step := list(islice(lines, STEP)):
        data = b"".join(step)
        digest.update(data)
        file.write(data)
        done += len(step)
        yield Progress(min(done, total), total)
    file.write(_signature_line(log.sign(_signed_text(digest.digest()))))
    yield Progress(total, total)


def indexes_of(log: Log, caption: Caption, size: int) -> range:
    """Return the indexes from the first to the last reading that a caption asks for."""
    return _span(_range(log, each, caption, size) for each in caption.entities)


def _span(ranges: Iterable[range]) -> range:
    """Return the range from the first index of all to the last."""
    found = [each for each in ranges if each]
    if not found:
        return range(0)
    return range(min(r.start for r in found), max(r.stop for r in found))


def _range(log: Log, entity_id: str, caption: Caption, size: int) -> range:
    """Return the indexes from the first reading of an entity in time to the last.

    An entity's readings are in the order of time, but for a clock that was set back.
    """

    def time(index: int) -> datetime:
        latest = log.latest(entity_id, index + 1)
        return latest.leaf.reading.last_updated if latest else _LONG_AGO

    def first(limit: datetime) -> int:
        return bisect_left(range(size), limit, key=time)

    return range(
        0 if caption.start is None else first(caption.start),
        size if caption.stop is None else first(caption.stop),
    )


def _count(log: Log, entity_id: str, indexes: range) -> int:
    """Return how many readings of an entity there are: its sequence numbers tell."""
    if not indexes:
        return 0
    before, latest = (
        log.latest(entity_id, size) for size in (indexes.start, indexes.stop)
    )
    return sum(
        sign * (found.leaf.sequence + 1)
        for sign, found in ((-1, before), (1, latest))
        if found
    )


def _lines(
    log: Log,
    size: int,
    caption: Caption,
    anchors: Iterable[AnchorRecord],
    earlier: Iterable[int],
    readings: Iterable[LoggedReading],
) -> Iterator[bytes]:
    """Yield the lines of a bundle but the last."""
    length = 0
    for line in _head_lines(log, size, caption, anchors, earlier):
        length += len(line)
        if length > MAX_HEAD:
            raise MalformedError(f"More than {MAX_HEAD} bytes before the readings")
        yield line
    yield from _list("readings", (_reading_item(log, size, each) for each in readings))


def _head_lines(
    log: Log,
    size: int,
    caption: Caption,
    anchors: Iterable[AnchorRecord],
    earlier: Iterable[int],
) -> Iterator[bytes]:
    """Yield the lines before the readings."""
    yield _FIRST_LINE + b"\n"
    yield _field("caption", caption.to_json())
    yield _field("verifier_key", str(log.verifier_key))
    yield _field("checkpoint", log.checkpoint(size).note)
    by_size = sorted(anchors, key=lambda anchor: _size(anchor.note))
    yield from _list("anchors", (_anchor_item(log, size, each) for each in by_size))
    yield from _list("earlier", (_earlier_item(log, size, each) for each in earlier))


def _field(name: str, value: JsonValue) -> bytes:
    """Return the line of a field of the bundle."""
    line = b'"' + name.encode() + b'":' + _bytes(value) + b",\n"
    return _checked_length(line)


def _list(name: str, items: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the lines of a list, one for each item."""
    yield b'"' + name.encode() + b'":[\n'
    item = next(items, None)
    while item is not None:
        following = next(items, None)
        yield _checked_length(item + (b"\n" if following is None else b",\n"))
        item = following
    yield b"],\n"


def _checked_length(line: bytes) -> bytes:
    """Refuse a line that would not be read again."""
    if len(line) > MAX_LINE:
        raise MalformedError(f"A line of {len(line)} bytes in a bundle")
    return line


def _anchor_item(log: Log, size: int, anchor: AnchorRecord) -> bytes:
    """Return an anchor, with the proof that its log begins the bundle's."""
    signed = SignedCheckpoint.open(anchor.note, log.verifier_key)
    old = signed.checkpoint
    if not old.size <= size or old.root != log.root(old.size):
        raise ProofError(f"A log of {size} leaves does not continue the anchored one")
    ledger: dict[str, JsonValue] = {
        "kind": _text(anchor.kind, MAX_TEXT),
        "name": _text(anchor.name, MAX_TEXT),
        "settings": dict(anchor.settings),
    }
    return _bytes(
        {
            "checkpoint": anchor.note,
            "consistency": _hash_list(log.consistency_proof(old.size, size)),
            "ledger": ledger,
            "receipt": dict(anchor.receipt),
        }
    )


def _size(note: str) -> int:
    """Return the number of leaves in the note of a checkpoint."""
    return parse_decimal(note.split("\n", 2)[1]) if note.count("\n") > 1 else 0


def _earlier_item(log: Log, size: int, earlier: int) -> bytes:
    """Return the checkpoint of another size, with the proof that its log begins the bundle's."""
    return _bytes(
        {
            "checkpoint": log.checkpoint(earlier).note,
            "consistency": _hash_list(log.consistency_proof(earlier, size)),
        }
    )


def _reading_item(log: Log, size: int, reading: LoggedReading) -> bytes:
    """Return a reading with its inclusion proof."""
    hashes = log.inclusion_proof(reading.index, size).hashes
    proof = _bytes(_hash_list(hashes))
    return _reading_bytes(reading.index, reading.leaf.to_bytes(), proof)


def _reading_bytes(index: int, leaf: bytes, proof: bytes) -> bytes:
    """Return the canonical JSON of a reading."""
    return b'{"index":%d,"leaf":%b,"proof":%b}' % (index, leaf, proof)


def _hash_list(hashes: Iterable[bytes]) -> list[JsonValue]:
    """Return hashes as they stand in JSON."""
    return [encode_base64(value) for value in hashes]


def _signed_text(digest: bytes) -> str:
    """Return the text that the log signs: no checkpoint is like it, having three lines."""
    return f"{FORMAT}\n{encode_base64(digest)}\n"


def _signature_line(note: str) -> bytes:
    """Return the last line."""
    return b'"signature":' + _bytes(note) + b"}\n"


# Reading


@dataclass(frozen=True, slots=True)
class ProvenAnchor:
    """An anchor whose checkpoint is proved to begin the bundle's log."""

    checkpoint: SignedCheckpoint
    record: AnchorRecord

    @property
    def size(self) -> int:
        """Return the number of leaves that the anchor covers."""
        return self.checkpoint.checkpoint.size


class BundleReader:
    """A bundle that is read from front to back; every line is checked before it is told.

    Nothing is proved until `readings` has come to its end: the signature is in the last
    line. Everything raises MalformedError, SignatureError or ProofError, which name the
    line, and what the file raises. Memory is bounded, whatever the file holds.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Read and check what comes before the readings."""
        self._lines = _Lines(file)
        self._last: dict[str, ProvenReading] = {}
        with self._lines.named():
            self._lines.expect_format()
            self.caption = Caption.from_json(self._lines.field("caption"))
            self.key = VerifierKey.parse(_text(self._lines.field("verifier_key")))
            self.checkpoint = self._opened(_text(self._lines.field("checkpoint")))
            self.anchors = self._ordered(
                "anchors", self._anchor, lambda each: each.size
            )
            self.earlier = self._ordered(
                "earlier", self._earlier, lambda each: each.checkpoint.size
            )

    def readings(self) -> Iterator[ProvenReading]:
        """Yield the readings, each of them proved; check the signature at the end."""
        with self._lines.named():
            index = -1
            for item in self._lines.items("readings"):
                reading = self._reading(item)
                if reading.index <= index:
                    raise MalformedError("The readings are not in the order of the log")
                index = reading.index
                self._check_sequence(reading)
                yield reading
            self._check_signature()

    def _ordered(
        self,
        name: str,
        parse: Callable[[JsonValue], _Item],
        size: Callable[[_Item], int],
    ) -> tuple[_Item, ...]:
        """Return the items of a list, which must be in the order of their sizes."""
        found: list[_Item] = []
        for item in self._lines.items(name):
            if self._lines.size > MAX_HEAD:
                raise MalformedError(f"More than {MAX_HEAD} bytes before the readings")
            found.append(parse(_value(item)))
            if len(found) > MAX_CHECKPOINTS:
                raise MalformedError(f"More than {MAX_CHECKPOINTS} {name}")
            if len(found) > 1 and size(found[-2]) > size(found[-1]):
                raise MalformedError("The checkpoints are not in the order of size")
        return tuple(found)

    def _anchor(self, value: JsonValue) -> ProvenAnchor:
        """Return an anchor, its checkpoint proved."""
        fields = _object(value, "checkpoint", "consistency", "ledger", "receipt")
        ledger = _object(fields["ledger"], "kind", "name", "settings")
        settings, receipt = ledger["settings"], fields["receipt"]
        if not isinstance(settings, dict) or not isinstance(receipt, dict):
            raise MalformedError("Settings and receipt are not objects")
        signed = self._proved(fields)
        record = AnchorRecord(
            signed.note,
            _text(ledger["kind"], MAX_TEXT),
            _text(ledger["name"], MAX_TEXT),
            settings,
            receipt,
        )
        return ProvenAnchor(signed, record)

    def _earlier(self, value: JsonValue) -> SignedCheckpoint:
        """Return an earlier checkpoint, proved."""
        return self._proved(_object(value, "checkpoint", "consistency"))

    def _proved(self, fields: Mapping[str, JsonValue]) -> SignedCheckpoint:
        """Return a checkpoint of this log that is proved to begin the bundle's."""
        signed = self._opened(_text(fields["checkpoint"]))
        old, new = signed.checkpoint, self.checkpoint.checkpoint
        proof = _hashes(fields["consistency"])
        verify_consistency(old.size, new.size, old.root, new.root, proof)
        return signed

    def _opened(self, note: str) -> SignedCheckpoint:
        """Return a checkpoint that this log has signed; its indexes are numbers of JSON."""
        signed = SignedCheckpoint.open(note, self.key)
        if signed.checkpoint.size > MAX_INTEGER:
            raise MalformedError("A log of more leaves than can be numbered")
        return signed

    def _reading(self, item: bytes) -> ProvenReading:
        """Return a reading, proved to be in the log."""
        # Taken apart by its fixed pieces, which is much faster than as any JSON.
        head, _, tail = item.partition(b',"leaf":')
        data, separator, proof = tail.rpartition(b',"proof":')
        if not head.startswith(b'{"index":') or not separator:
            raise MalformedError("Not a reading with index, leaf and proof")
        if not _PROOF.fullmatch(proof):
            raise MalformedError("Not the hashes of a proof")
        index = parse_decimal(head[len(b'{"index":') :].decode("latin-1"))
        if index > MAX_INTEGER:
            raise MalformedError("An index that is too large")
        leaf = Leaf.from_bytes(data)
        hashes = [a2b_base64(each) for each in proof[2:-3].split(b'","') if each]
        checkpoint = self.checkpoint.checkpoint
        verify_inclusion(
            index, checkpoint.size, leaf_hash(data), hashes, checkpoint.root
        )
        return ProvenReading(index, leaf)

    def _check_sequence(self, reading: ProvenReading) -> None:
        """Refuse a sequence number that no log would have given."""
        entity_id = reading.leaf.reading.entity_id
        if entity_id not in self.caption.entities:
            raise MalformedError(
                "A reading of an entity that the caption does not name"
            )
        check_sequence(self._last.get(entity_id), reading)
        self._last[entity_id] = reading

    def _check_signature(self) -> None:
        """Check that the log has signed every byte before the last line, and that it is last."""
        expected = _signed_text(self._lines.digest())
        line = self._lines.next()
        if not line.startswith(b'"signature":') or not line.endswith(b"}"):
            raise MalformedError("Not the line of the signature")
        note = _text(_value(line[len(b'"signature":') : -1]))
        if note.count("\n— ") != 1:
            raise MalformedError("Not one signature")
        if open_note(note, self.key) != expected:
            raise SignatureError("The bundle is not what was signed: it was changed")
        self._lines.expect_end()


def check_sequence(last: ProvenReading | None, reading: ProvenReading) -> None:
    """Refuse the sequence number of a reading after another one of its entity.

    A log numbers an entity's readings without gaps: the number grows, and no faster than
    the index. Raises ProofError.
    """
    index, sequence = (last.index, last.leaf.sequence) if last is not None else (-1, -1)
    grown = reading.leaf.sequence - sequence
    if grown < 1 or grown > reading.index - index:
        raise ProofError(
            f"The log has numbered {reading.leaf.reading.entity_id!r:.80} wrongly:"
            f" {sequence}, then {reading.leaf.sequence}"
        )


class _Lines:
    """The lines of a file, counted and hashed."""

    def __init__(self, file: BinaryIO) -> None:
        """Begin before the first line."""
        self._file = file
        self._hash = sha256()
        self._number = 0
        self.size = 0

    @contextmanager
    def named(self) -> Iterator[None]:
        """Name the line in the errors that are raised inside."""
        try:
            yield
        except InvalidError as error:
            named = type(error)(f"Line {self._number}: {error}")
            named.line = self._number
            raise named from error

    def next(self) -> bytes:
        """Return the next line without its newline."""
        self._number += 1
        line = self._file.readline(MAX_LINE)
        if not line.endswith(b"\n"):
            cause = "too long" if len(line) == MAX_LINE else "cut off"
            raise MalformedError(f"The line is {cause}")
        self._hash.update(line)
        self.size += len(line)
        return line[:-1]

    def digest(self) -> bytes:
        """Return SHA-256 of the lines so far."""
        return self._hash.digest()

    def expect_format(self) -> None:
        """Read the first line."""
        line = self.next()
        if line != _FIRST_LINE:
            if _OTHER_VERSION.fullmatch(line):
                raise UnknownFormatError("A bundle of another version of the format")
            raise MalformedError("Not a bundle")

    def expect_end(self) -> None:
        """Refuse anything more."""
        if self._file.read(1):
            raise MalformedError("Something follows the last line")

    def field(self, name: str) -> JsonValue:
        """Return the value of the field in the next line."""
        start = f'"{name}":'.encode()
        line = self.next()
        if not line.startswith(start) or not line.endswith(b","):
            raise MalformedError(f"Not the line of {name}")
        return _value(line[len(start) : -1])

    def items(self, name: str) -> Iterator[bytes]:
        """Yield the items of the list that begins in the next line."""
        if self.next() != f'"{name}":['.encode():
            raise MalformedError(f"Not the list of {name}")
        line = self.next()
        while line != b"],":
            more = line.endswith(b",")
            yield line[:-1] if more else line
            line = self.next()
            if more == (line == b"],"):
                raise MalformedError("A comma too many or too few")


def _value(data: bytes) -> JsonValue:
    """Return the value of canonical JSON; raise MalformedError for any other spelling."""
    try:
        value: JsonValue = json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"Not JSON: {error}") from error
    if _bytes(value) != data:
        raise MalformedError("Not canonical JSON")
    return value


def _bytes(value: JsonValue) -> bytes:
    """Return the canonical JSON of a value that is not nested too deep."""
    _check_depth(value, MAX_DEPTH)
    return canonical_json(value)


def _check_depth(value: JsonValue, most: int) -> None:
    """Refuse more objects and lists within each other."""
    if not isinstance(value, (dict, list)):
        return
    if not most:
        raise MalformedError(f"Nested more than {MAX_DEPTH} times")
    for each in value.values() if isinstance(value, dict) else value:
        _check_depth(each, most - 1)


def _object(value: JsonValue, *names: str) -> Mapping[str, JsonValue]:
    """Return an object with these fields and no others."""
    if not isinstance(value, dict) or value.keys() != set(names):
        raise MalformedError(f"Not an object with the fields {', '.join(names)}")
    return value


def _text(value: JsonValue, most: int = MAX_NOTE) -> str:
    """Return a text of at most so many characters."""
    if not isinstance(value, str) or len(value) > most:
        raise MalformedError(f"Not a text of at most {most} characters")
    return value


def _time(value: JsonValue) -> datetime:
    """Return a time."""
    return time_from_text(_text(value))


def _optional_time(value: JsonValue) -> datetime | None:
    """Return a time, or None for null."""
    return None if value is None else _time(value)


def _time_text(time: datetime | None) -> str | None:
    """Return a time as text, or None for null."""
    return None if time is None else time_to_text(time)


def _hashes(value: JsonValue) -> list[bytes]:
    """Return the hashes of a proof."""
    if not isinstance(value, list) or len(value) > MAX_PROOF:
        raise MalformedError("Not the hashes of a proof")
    return [decode_base64(_text(each)) for each in value]
