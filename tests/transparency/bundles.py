"""What the tests of bundles share: a log, its anchors, and bundles made of them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from custom_components.sensorchain.transparency.bundle import (
    AnchorRecord,
    Caption,
    write_bundle,
)
from custom_components.sensorchain.transparency.database import open_database
from custom_components.sensorchain.transparency.log import Log
from custom_components.sensorchain.transparency.note import SigningKey
from custom_components.sensorchain.transparency.reading import Reading

from .common import KEY

CREATED = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NAMES = {f"sensor.room_{number}": f"Room {number}" for number in range(7)}


@contextmanager
def log_of(
    readings: Iterable[tuple[Reading, bool]], key: SigningKey = KEY
) -> Iterator[Log]:
    """Have a log of these readings in a file for a while."""
    with TemporaryDirectory() as folder:
        connection = open_database(Path(folder, "log.db"))
        log = Log(connection, key)
        log.append(readings)
        yield log
        connection.close()


def anchor(log: Log, size: int, number: int = 0) -> AnchorRecord:
    """Return the anchor of a size of the log on some Tangle."""
    return AnchorRecord(
        note=log.checkpoint(size).note,
        kind="tangle",
        name="Private Tangle",
        settings={"nodes": ["http://127.0.0.1:14265"], "minimum_weight_magnitude": 9},
        receipt={
            "status": "confirmed",
            "transaction": "9" * 80 + "ABCDEFGHI"[number],
            "confirmed_at": "2026-11-22T11:00:00+00:00",
            "place": "milestone 42",
            "details": {},
        },
    )


def caption(**changes: object) -> Caption:
    """Return a caption for all entities."""
    fields = {"log": "Evidence", "created": CREATED, "entities": NAMES} | changes
    return Caption(**fields)  # type: ignore[arg-type]


def bundle_of(
    log: Log,
    said: Caption | None = None,
    anchors: Iterable[AnchorRecord] = (),
    write: Callable[..., Iterator[object]] = write_bundle,
    **options: object,
) -> bytes:
    """Return the bytes of a bundle."""
    file = BytesIO()
    for _ in write(file, log, said or caption(), list(anchors), **options):
        pass
    return file.getvalue()
