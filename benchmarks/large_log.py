"""A log of millions of leaves: growing, proving, memory and opening."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
import statistics
import subprocess
import sys

from custom_components.sensorchain.transparency.log import Log
from custom_components.sensorchain.transparency.reading import Reading

from .common import KEY, Scale, grown, opened, readings, timed
from .figure import Figure

SMALL = 10_000
BATCH = 1_000
"""Leaves appended before each root."""


def measure(scale: Scale, folder: Path) -> Iterator[Figure]:
    """Make a small and a large log with Log.append, and measure both."""
    small = grown(folder / "small.db", SMALL)
    large = grown(folder / "large.db", scale.leaves)
    size = f"{scale.leaves:,} leaves"
    with opened(small) as before, opened(large) as after:
        ratio = _root_ratio(before, after, scale.rounds)
        name = f"root after {BATCH} more leaves: {size} against {SMALL:,}"
        yield Figure(name, ratio, "times as slow", "<= 1.2")
        made, verified = _proof_times(after, scale.rounds)
        yield Figure(f"inclusion proof at {size}", made * 1e3, "ms", "< 1")
        yield Figure("verification of one proof", verified * 1e3, "ms", "< 0.2")
    _open(folder / "empty.db")
    more = _memory(large) - _memory(folder / "empty.db")
    yield Figure(f"memory with {size}, above an empty log", more, "MB", "< 30")
    opening = statistics.median(timed(_open, large)[0] for _ in range(scale.rounds))
    yield Figure(f"opening a log of {size}", opening, "s", "< 0.5")


def _root_ratio(small: Log, large: Log, rounds: int) -> float:
    """Append to both in turns, and return how much longer the large one takes."""
    ratios = []
    for number in range(2 * rounds):
        batch = readings(BATCH, first=number * BATCH)
        times = {log: timed(_grow, log, batch)[0] for log in (small, large)}
        ratios.append(times[large] / times[small])
    return statistics.median(ratios)


def _grow(log: Log, batch: list[tuple[Reading, bool]]) -> bytes:
    """Append readings, durably, and return the new root."""
    log.append(batch)
    return log.root()


def _proof_times(log: Log, rounds: int) -> tuple[float, float]:
    """Return the seconds of a proof and of its verification, checkpoint's signature and all."""
    key = KEY.verifier
    made, verified = [], []
    for index in Random(log.size).choices(range(log.size), k=50 * rounds):
        leaf = log.leaf(index).leaf.to_bytes()
        seconds, proof = timed(log.inclusion_proof, index)
        made.append(seconds)
        # The best of some: what else a machine does can only add to it.
        verified.append(min(timed(proof.verify, leaf, key)[0] for _ in range(5)))
    return statistics.median(made), statistics.median(verified)


def _open(path: Path) -> None:
    """Open a log and close it."""
    with opened(path):
        pass


def _memory(path: Path) -> float:
    """Return the megabytes of a process of its own that uses a log."""
    command = [sys.executable, "-m", f"{__package__}.memory", str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return int(done.stdout) / 1e6
