"""Append to a log for ever, acknowledging each batch in one line once it is durable.

A line is the index of the batch's first leaf, then the leaves in hexadecimal digits.
Usage: python writer.py FOLDER-OF-THE-INTEGRATION DATABASE SEED
"""

from datetime import UTC, datetime
from pathlib import Path
import random
import sys

sys.path.insert(0, sys.argv[1])

from transparency.database import open_database
from transparency.log import Log
from transparency.note import SigningKey
from transparency.reading import Reading

KEY = SigningKey.from_seed("log.example/home", bytes(range(32)))


def main(path: Path, seed: int) -> None:
    """Write until killed."""
    chosen = random.Random(seed)
    log = Log(open_database(path), KEY)
    while True:
        readings = [
            (
                Reading(
                    entity_id=f"sensor.room_{chosen.randrange(5)}",
                    state=str(chosen.random()),
                    unit=None,
                    last_updated=datetime.now(UTC),
                ),
                chosen.random() < 0.1,
            )
            for _ in range(chosen.choice([1, 1, 2, 50, 300]))
        ]
        logged = log.append(readings)
        leaves = [entry.leaf.to_bytes().hex() for entry in logged]
        sys.stdout.write(f"{logged[0].index} {' '.join(leaves)}\n")
        sys.stdout.flush()


main(Path(sys.argv[2]), int(sys.argv[3]))
