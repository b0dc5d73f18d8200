"""Proof bundles for people to look at: `python -m tests.frontend.bundles FOLDER`.

A pharmacy's cold room over two days: temperature, humidity and door, a sensor that fell silent for a while. `good` is
whole, `partial` leaves readings out and says so, `secretly-partial` does not say so, `tampered` has one value changed,
`backwards` has a name that shows as another one, `fork` is another history of the same log, `huge` has 100 000 readings.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import shake_128
from io import BytesIO
from math import sin
from pathlib import Path
from random import Random
import sys
from tempfile import TemporaryDirectory
from unittest.mock import patch

from custom_components.standalone import leave_out_home_assistant

if __name__ == "__main__":
    leave_out_home_assistant()

from custom_components.sensorchain.transparency import log as log_module
from custom_components.sensorchain.transparency.bundle import (
    AnchorRecord,
    Caption,
    write_bundle,
    write_readings,
)
from custom_components.sensorchain.transparency.database import open_database
from custom_components.sensorchain.transparency.log import Log
from custom_components.sensorchain.transparency.note import SigningKey
from custom_components.sensorchain.transparency.reading import Reading

START = datetime(2026, 11, 20, 6, 0, 0, 0, tzinfo=UTC)
KEY = SigningKey.from_seed(
    "sensorchain/5f0d3a1be7c24986a1d27c5be04f9d13", bytes(range(100, 132))
)
TEMPERATURE = "sensor.cold_room_temperature"
HUMIDITY = "sensor.cold_room_humidity"
DOOR = "binary_sensor.cold_room_door"
NAMES = {
    TEMPERATURE: "Cold room temperature",
    HUMIDITY: "Cold room humidity",
    DOOR: "Cold room door",
}
HUGE = 100_000


def readings(number: int, step: timedelta) -> Iterator[tuple[Reading, bool]]:
    """Yield what a cold room says: temperature and humidity in turn, now and then the door."""
    random = Random(8)
    warmth, is_open = 0.0, False
    for at in range(number):
        time = START + step * at + timedelta(microseconds=random.randrange(10**6))
        warmth *= 0.93
        if at % 7 == 6 and (is_open or random.random() < 0.12):
            is_open = not is_open
            warmth += 2.2 * is_open
            yield Reading(DOOR, "on" if is_open else "off", None, time), False
            continue
        is_silent = 0.55 < at / number < 0.6
        day = sin(step * at / timedelta(days=1) * 6.28)
        if at % 2:
            state = f"{62 + 5 * day + 3 * warmth + random.gauss(0, 0.4):.1f}"
            yield Reading(HUMIDITY, state, "%", time), False
        else:
            state = f"{4.6 + 0.8 * day + warmth + random.gauss(0, 0.08):.2f}"
            said = "unavailable" if is_silent else state
            yield Reading(TEMPERATURE, said, "\N{DEGREE SIGN}C", time), False


@contextmanager
def log_of(said: Iterable[tuple[Reading, bool]]) -> Iterator[Log]:
    """Have a log with salts that are the same every time."""
    with (
        TemporaryDirectory() as folder,
        patch.object(log_module, "token_bytes", shake_128(b"salts").digest),
    ):
        connection = open_database(Path(folder, "log.db"))
        try:
            log = Log(connection, KEY)
            log.append(said)
            yield log
        finally:
            connection.close()


def cold_room(minutes: int = 4) -> AbstractContextManager[Log]:
    """Have the log of a cold room, with a reading in as many minutes."""
    return log_of(readings(700, timedelta(minutes=minutes)))


def anchor(log: Log, size: int, node: str) -> AnchorRecord:
    """Return an anchor as it would be on a Tangle."""
    time = log.leaf(size - 1).leaf.reading.last_updated + timedelta(minutes=3)
    return AnchorRecord(
        note=log.checkpoint(size).note,
        kind="tangle",
        name="Private Tangle",
        settings={"nodes": [node], "minimum_weight_magnitude": 9},
        receipt={
            "status": "confirmed",
            "transaction": f"{size:X}".translate(
                str.maketrans("0123456789", "GHIJKLMNOP")
            ).ljust(81, "9"),
            "confirmed_at": time.isoformat(),
            "place": f"milestone {size}",
            "details": {},
        },
    )


def caption(
    title: str = "St Mary's Pharmacy, cold room", *, is_partial: bool = False
) -> Caption:
    """Return what the pharmacy says of its bundle."""
    return Caption(
        log=title,
        created=START + timedelta(days=2),
        entities=NAMES,
        is_partial=is_partial,
    )


def bundle(
    log: Log, anchors: Iterable[AnchorRecord], said: Caption | None = None
) -> bytes:
    """Return a whole bundle."""
    file = BytesIO()
    for _ in write_bundle(file, log, said or caption(), list(anchors)):
        pass
    return file.getvalue()


def partial(
    log: Log, anchors: Iterable[AnchorRecord], *, is_honest: bool = True
) -> bytes:
    """Return a bundle in which a stretch is left out, and whether it says so."""
    kept = [each for each in log.readings() if not 0.3 < each.index / log.size < 0.38]
    file = BytesIO()
    said = caption(is_partial=is_honest)
    for _ in write_readings(file, log, said, list(anchors), kept, len(kept)):
        pass
    return file.getvalue()


def files(
    node: str = "http://127.0.0.1:14265", huge: int = HUGE
) -> Iterator[tuple[str, bytes]]:
    """Yield the bundles by their names."""
    with cold_room() as log:
        anchors = [anchor(log, size, node) for size in range(100, 701, 100)]
        good = bundle(log, anchors)
        yield "good.json", good
        yield "partial.json", partial(log, anchors)
        yield "secretly-partial.json", partial(log, anchors, is_honest=False)
        backwards = "\N{RIGHT-TO-LEFT OVERRIDE}lanigiro"
        yield "backwards.json", bundle(log, [], caption(backwards))
        at = good.index(b'"state":"4.') + len(b'"state":"4.')
        yield "tampered.json", good[:at] + b"0" + good[at + 1 :]
    # At some size it has signed another history than the one above.
    with cold_room(5) as log:
        yield "fork.json", bundle(log, [anchor(log, 700, node)])
    with log_of(readings(huge, timedelta(seconds=30))) as log:
        yield "huge.json", bundle(log, [anchor(log, huge, node)])


def main() -> None:
    """Write the bundles."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
