"""Bundles of the same readings, of few entities and of many."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
import statistics

from custom_components.sensorchain.transparency.bundle import Caption, write_bundle
from custom_components.sensorchain.transparency.log import Log

from .common import START, Scale, opened, readings, timed
from .figure import Figure

SIZE = 20_000
FEW, MANY = 5, 500


def measure(scale: Scale, folder: Path) -> Iterator[Figure]:
    """Write both in turns: all of it, and until the first bytes are there."""
    with (
        opened(folder / "few.db") as few,
        opened(folder / "many.db") as many,
    ):
        few.append(readings(SIZE, entities=FEW))
        many.append(readings(SIZE, entities=MANY))
        rounds = range(max(scale.rounds // 4, 1))
        pairs = [(_written(few, FEW), _written(many, MANY)) for _ in rounds]
    whole = statistics.median(many[1] / few[1] for few, many in pairs)
    begun = statistics.median(many[0] / many[1] for _, many in pairs)
    yield Figure("bundle of 500 entities, of one of five", whole, "times", "<= 1.3")
    yield Figure(
        "first bytes of a bundle of 500 entities", begun, "of it all", "<= 0.1"
    )


def _written(log: Log, entities: int) -> tuple[float, float]:
    """Return the seconds until a bundle of everything has begun, and until it is whole."""
    names = {f"sensor.room_{each}_temperature": "" for each in range(entities)}
    caption = Caption(log="", created=START, entities=names, start=None, stop=None)
    made, steps = timed(write_bundle, BytesIO(), log, caption)
    first, _ = timed(next, steps)
    rest, _ = timed(list, steps)
    return made + first, made + first + rest
