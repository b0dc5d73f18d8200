"""A reading that was acknowledged survives whatever happens to the process.

SENSORCHAIN_KILLS=200 makes a soak of it.
"""

from collections import Counter
import os
from pathlib import Path
import random
import subprocess
import sys

import pytest

from custom_components.sensorchain import transparency
from custom_components.sensorchain.transparency.database import open_database
from custom_components.sensorchain.transparency.log import Log

from .common import KEY, naive_root

KILLS = int(os.environ.get("SENSORCHAIN_KILLS", "15"))
KILLS_OF_A_LOG = 15
INTEGRATION = Path(transparency.__file__).parent.parent
WRITER = Path(__file__).with_name("writer.py")


@pytest.mark.timeout(120 + 5 * KILLS)
def test_acknowledged_readings_survive_kills(tmp_path: Path) -> None:
    """After each of many kills at random points they are all there, and in order."""
    chosen = random.Random()
    for seed in range(KILLS):
        path = tmp_path / f"{seed // KILLS_OF_A_LOG}.db"
        before = reopened(path) if path.exists() else []
        acknowledged = write_until_killed(path, seed, chosen)
        leaves = reopened(path)
        assert leaves[: len(before)] == before
        assert {index: leaves[index] for index in acknowledged} == acknowledged
        assert min(acknowledged) == len(before)


def write_until_killed(
    path: Path, seed: int, chosen: random.Random
) -> dict[int, bytes]:
    """Return the leaves that a writer acknowledged before it was killed, by index."""
    with subprocess.Popen(
        [sys.executable, WRITER, INTEGRATION, path, str(seed)],
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(chosen.randint(1, 30))]
        # The writer is somewhere in its next batch: at its leaves, its tiles, its commit.
        os.sched_yield()
        for _ in range(chosen.randrange(20_000)):
            pass
        writer.kill()
        lines += writer.stdout.readlines()
    acknowledged = {}
    for line in lines:
        if line.endswith("\n"):
            first, *leaves = line.split()
            acknowledged |= {
                int(first) + number: bytes.fromhex(leaf)
                for number, leaf in enumerate(leaves)
            }
    return acknowledged


def reopened(path: Path) -> list[bytes]:
    """Return the leaves of the log, after checking all that must be true of it."""
    connection = open_database(path, create=False)
    log = Log(connection, KEY)
    logged = list(log.readings())
    leaves = [entry.leaf.to_bytes() for entry in logged]
    assert [entry.index for entry in logged] == list(range(log.size))
    assert log.root() == naive_root(leaves)
    counted: Counter[str] = Counter()
    for entry in logged:
        assert entry.leaf.sequence == counted[entry.leaf.reading.entity_id]
        counted[entry.leaf.reading.entity_id] += 1
    connection.close()
    return leaves
