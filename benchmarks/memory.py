"""Uses a log in every way and prints how many bytes of memory the process has then.

    python -m benchmarks.memory LOG

Linux tells that in pages, in the second field of /proc/self/statm (proc(5)).
"""

from pathlib import Path
from random import Random
import resource
import sys

from .common import ENTITIES, opened, readings


def main() -> None:
    """Open, append, find, prove and read."""
    with opened(Path(sys.argv[1])) as log:
        logged = log.append(readings(1000))
        for entry in logged[:ENTITIES]:
            log.latest(entry.leaf.reading.entity_id, log.size // 2)
        for index in Random(1).choices(range(log.size), k=2000):
            log.inclusion_proof(index)
        log.consistency_proof(log.size // 3)
        log.public_readings(0, log.size, 1000)
        print(_resident())


def _resident() -> int:
    """Return the bytes of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main()
