"""Archive a log block by block, and append to it, until killed.

Usage: python archiver.py FOLDER-OF-THE-INTEGRATION DATABASE
"""

from datetime import UTC, datetime
from pathlib import Path
import sys

sys.path.insert(0, sys.argv[1])

from transparency.database import open_database
from transparency.log import Log
from transparency.note import SigningKey
from transparency.reading import Reading

KEY = SigningKey.from_seed("log.example/home", bytes(range(32)))


def main(path: Path) -> None:
    """Archive until killed."""
    log = Log(open_database(path, create=False), KEY)
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    while True:
        now = datetime.now(UTC)
        log.append([(Reading("sensor.room_1", str(now), None, now), False)] * 50)
        if log.archive(now):
            sys.stdout.write("archived\n")
            sys.stdout.flush()
        log.compact()


main(Path(sys.argv[2]))
