"""Exports: proof bundles to a file or a listener, written as a stream while the log goes on."""

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
import os
from pathlib import Path
from typing import Any, BinaryIO

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .anchoring.anchors import Anchor
from .anchoring.database import Database
from .anchoring.entry import LogConfigEntry
from .const import CONF_LEDGER, CONF_SETTINGS, SUBENTRY_LEDGER
from .ledgers.catalog import CATALOG
from .transparency.bundle import (
    MAX_CHECKPOINTS,
    MAX_HEAD,
    AnchorRecord,
    Caption,
    Progress,
    indexes_of,
    write_bundle,
)
from .transparency.jcs import canonical_json
from .transparency.log import Log

MOST_OF_ANCHORS = MAX_HEAD // 2
"""Bytes of a bundle's anchors; the rest is for what else stands before the readings."""

# As it stands in a list: 32 bytes in Base64, quotes and a comma.
_HASH = 47

type Tell = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Export:
    """A proof bundle in a file: how many readings and anchors it has, and its bytes.

    `awaiting` is how many readings of the log were recorded after it.
    """

    path: Path
    readings: int
    anchors: int
    bytes: int
    awaiting: int


async def async_export(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    names: Mapping[str, str],
    start: datetime | None,
    stop: datetime | None,
    path: Path,
    tell: Tell,
    *,
    unconfirmed: bool = False,
) -> Export:
    """Write the readings of some entities in a period, with all that proves them.

    `names` has the entities' names by id. The bundle is of what is confirmed, unless the
    `unconfirmed` is wanted too. The file appears under its name when it is whole. Raises
    OSError, StorageError and MalformedError.
    """
    service = entry.runtime_data
    database = service.database
    size = service.size if unconfirmed else service.confirmed_size
    caption = _caption(entry, names, start, stop)
    anchors = await _async_anchors(entry, caption, size)
    part = path.with_name(f"{path.name}.part")
    file = await hass.async_add_executor_job(_create, part)
    try:
        progress = await _write(database, file, caption, anchors, size, tell)
        length = await hass.async_add_executor_job(_finish, file, part, path)
    except BaseException:
        await hass.async_add_executor_job(_abandon, file, part)
        raise
    await database.run(database.anchors.remember_export, size)
    return Export(
        path=path,
        readings=progress.total - len(anchors.records) - len(anchors.earlier),
        anchors=len(anchors.records),
        bytes=length,
        awaiting=service.size - size,
    )


async def async_stream(
    entry: LogConfigEntry,
    names: Mapping[str, str],
    start: datetime | None,
    stop: datetime | None,
    *,
    unconfirmed: bool = False,
) -> AsyncGenerator[bytes]:
    """Yield the same bundle piece by piece, no faster than the pieces are taken.

    Raises StorageError and MalformedError.
    """
    service = entry.runtime_data
    database = service.database
    size = service.size if unconfirmed else service.confirmed_size
    caption = _caption(entry, names, start, stop)
    anchors = await _async_anchors(entry, caption, size)
    piece = BytesIO()
    steps = await _steps(database, piece, caption, anchors, size)
    while await database.run(next, steps, None):
        yield piece.getvalue()
        piece.seek(0)
        piece.truncate()
    await database.run(database.anchors.remember_export, size)


def _caption(
    entry: LogConfigEntry,
    names: Mapping[str, str],
    start: datetime | None,
    stop: datetime | None,
) -> Caption:
    """Return what a bundle that is made now says of itself."""
    return Caption(
        log=entry.title,
        created=dt_util.utcnow(),
        entities=names,
        start=start,
        stop=stop,
    )


async def _async_anchors(
    entry: LogConfigEntry, caption: Caption, size: int
) -> _Anchors:
    """Return the anchors of a bundle."""
    ledgers = {
        ledger.subentry_id: (ledger.title, ledger.data)
        for ledger in entry.get_subentries_of_type(SUBENTRY_LEDGER)
    }
    database = entry.runtime_data.database
    return await database.run(_anchors, database, ledgers, caption, size)


@dataclass(frozen=True, slots=True)
class _Anchors:
    """What a bundle says of anchors, and at which sizes bundles were exported before."""

    records: Sequence[AnchorRecord]
    earlier: Sequence[int]


def _anchors(
    database: Database,
    ledgers: Mapping[str, tuple[str, Mapping[str, Any]]],
    caption: Caption,
    size: int,
) -> _Anchors:
    """Return the anchors that cover a caption's readings (log's thread)."""
    indexes = indexes_of(database.log, caption, size)
    found = database.anchors.covering_all(indexes, size) if indexes else []
    told = _thinned([anchor for anchor in found if anchor.ledger_id in ledgers])
    records = [
        _record(database.log, anchor, *ledgers[anchor.ledger_id]) for anchor in told
    ]
    return _Anchors(_fitting(records, size), _thinned(database.anchors.exports(size)))


def _record(
    log: Log, anchor: Anchor, title: str, data: Mapping[str, Any]
) -> AnchorRecord:
    """Return an anchor as it goes into a bundle."""
    assert anchor.receipt
    return AnchorRecord(
        note=log.checkpoint(anchor.size).note,
        kind=data[CONF_LEDGER],
        name=title,
        settings=CATALOG[data[CONF_LEDGER]].public(data[CONF_SETTINGS]),
        receipt=anchor.receipt.to_json(),
    )


def _thinned[T](items: Sequence[T]) -> Sequence[T]:
    """Return as many items as a bundle holds, the last one among them."""
    step = -(-len(items) // MAX_CHECKPOINTS)
    return items[::-1][::step][::-1] if step else items


def _fitting(records: Sequence[AnchorRecord], size: int) -> Sequence[AnchorRecord]:
    """Return as many anchors as a bundle has room for, the last one among them.

    Some receipts hold whole transactions.
    """
    weights = [_weight(each, size) for each in records]
    while sum(weights) > MOST_OF_ANCHORS and len(records) > 1:
        records, weights = records[::-1][::2][::-1], weights[::-1][::2][::-1]
    return records


def _weight(record: AnchorRecord, size: int) -> int:
    """Return how many bytes an anchor takes, its proof in a log of a size included."""
    told = canonical_json([record.note, dict(record.settings), dict(record.receipt)])
    return len(told) + _HASH * (size.bit_length() + 1) + len(record.name)


async def _write(
    database: Database,
    file: BinaryIO,
    caption: Caption,
    anchors: _Anchors,
    size: int,
    tell: Tell,
) -> Progress:
    """Write a bundle step by step, so that readings go on being recorded between them."""
    steps = await _steps(database, file, caption, anchors, size)
    progress = Progress(0, 0)
    while step := await database.run(next, steps, None):
        tell(progress := step)
    return progress


async def _steps(
    database: Database, file: BinaryIO, caption: Caption, anchors: _Anchors, size: int
) -> Iterator[Progress]:
    """Return the steps in which a bundle is written, each for the log's thread."""
    return await database.run(
        write_bundle,
        file,
        database.log,
        caption,
        anchors.records,
        earlier=anchors.earlier,
        size=size,
    )


def _create(part: Path) -> BinaryIO:
    """Return the file to write to."""
    part.parent.mkdir(parents=True, exist_ok=True)
    return part.open("wb")


def _finish(file: BinaryIO, part: Path, path: Path) -> int:
    """Give the file its name once it is whole and on the disk; return its bytes."""
    file.flush()
    os.fsync(file.fileno())
    file.close()
    part.replace(path)
    return path.stat().st_size


def _abandon(file: BinaryIO, part: Path) -> None:
    """Leave nothing of a file that did not become whole."""
    file.close()
    part.unlink(missing_ok=True)
