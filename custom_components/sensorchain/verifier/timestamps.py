"""The timestamps of a bundle's anchors in Bitcoin, as files for other people's programs."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..ledgers.ledger import LedgerRejectedError
from ..ledgers.opentimestamps.ledger import ots_file
from .anchors import AnchorFinding

KIND = "opentimestamps"


def write_timestamps(anchors: Iterable[AnchorFinding], folder: Path) -> int:
    """Write each anchor's checkpoint and its timestamp into a folder; return how many.

    `checkpoint-40` is the signed note of the log's first 40 readings, `checkpoint-40.ots` its
    timestamp; further ones of as many readings are called `checkpoint-40-2` and so on. What
    holds no timestamp of its checkpoint is left out. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    seen: Counter[int] = Counter()
    for size, note, proof in _files(anchors):
        seen[size] += 1
        name = f"checkpoint-{size}" + (f"-{seen[size]}" if seen[size] > 1 else "")
        (folder / name).write_bytes(note)
        (folder / f"{name}.ots").write_bytes(proof)
    return seen.total()


def _files(anchors: Iterable[AnchorFinding]) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield the size, the note and the timestamp of each anchor that has one."""
    for finding in anchors:
        if finding.anchor.record.kind != KIND:
            continue
        try:
            note, proof = ots_file(finding.receipt, finding.anchor.checkpoint)
        except LedgerRejectedError:
            continue
        yield finding.anchor.size, note, proof
