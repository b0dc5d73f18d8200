"""The mark: the largest checkpoint that may stand on a ledger, in a file beside the log's.

It is written before a checkpoint is published, and holds the signed note. Backups leave it
out: where a log's file was put back, its mark is larger, or is missing.
"""

from pathlib import Path

from ..transparency.checkpoint import SignedCheckpoint
from ..transparency.database import write_durably
from ..transparency.errors import MalformedError, SignatureError
from ..transparency.note import VerifierKey

# Home Assistant's backups leave out *.log.
SUFFIX = ".anchored.log"


class Mark:
    """The mark of a log, used on the log's thread."""

    def __init__(self, database: Path, key: VerifierKey) -> None:
        """Read it; a file that is not a mark of this log is as good as none."""
        self._path = database.with_suffix(SUFFIX)
        self.checkpoint: SignedCheckpoint | None = None
        try:
            note = self._path.read_text(encoding="utf-8")
            self.checkpoint = SignedCheckpoint.open(note, key)
        except OSError, UnicodeDecodeError, MalformedError, SignatureError:
            return

    def advance(self, checkpoint: SignedCheckpoint) -> None:
        """Set the mark, unless it is further; durable when this returns.

        Raises StorageError.
        """
        known = self.checkpoint
        if known and checkpoint.checkpoint.size <= known.checkpoint.size:
            return
        write_durably(self._path, checkpoint.note.encode())
        self.checkpoint = checkpoint
