"""Proofs of inclusion made in turns with pymerkle."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
import statistics

from pymerkle import InmemoryTree

from .common import Scale, grown, opened, timed
from .figure import Figure

SIZE = 20_000


def measure(scale: Scale, folder: Path) -> Iterator[Figure]:
    """Prove leaves at random to a log's checkpoint, and to the root of pymerkle's tree."""
    ours, theirs = [], []
    with opened(grown(folder / "proofs.db", SIZE)) as log:
        tree = InmemoryTree(algorithm="sha256")
        for entry in log.readings():
            tree.append_entry(entry.leaf.to_bytes())
        for index in Random(SIZE).choices(range(SIZE), k=50 * scale.rounds):
            ours.append(timed(log.inclusion_proof, index)[0])
            theirs.append(timed(tree.prove_inclusion, index + 1)[0])
    ratio = statistics.median(ours) / statistics.median(theirs)
    name = "inclusion proof at 20 thousand leaves, of pymerkle's"
    yield Figure(name, ratio, "times its time", "< 1")
