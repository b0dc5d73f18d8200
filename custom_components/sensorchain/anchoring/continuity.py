"""Continuity: whether the log goes on where it was last seen on a ledger.

A log that was put back from an older copy must not grow in public: it would say something
else at an index than it has said before. Nothing is published before that is ruled out.
"""

from collections.abc import Callable, Iterable

from ..ledgers.ledger import Ledger, LedgerRejectedError, Reason
from ..transparency.checkpoint import SignedCheckpoint
from ..transparency.log import Log
from .database import Database


class SupersededError(Exception):
    """The log has been further, or another, than it is: `seen` was published of it."""

    def __init__(self, seen: SignedCheckpoint) -> None:
        """Keep what was seen."""
        super().__init__(f"A checkpoint of {seen.checkpoint.size} leaves is known")
        self.seen = seen


class Continuity:
    """What is known of a log's continuity since it was opened.

    Where there is a mark, each ledger need only be asked itself before it is used. Without
    one the log's file may have been put back, and any ledger may know more: then all of
    them are asked before one is used.
    """

    def __init__(
        self,
        database: Database,
        ledger_ids: Iterable[str],
        became_certain: Callable[[], None],
    ) -> None:
        """Call `became_certain` once all ledgers have been asked."""
        self._database = database
        self._unasked = set(ledger_ids)
        self._became_certain = became_certain

    def allows(self, ledger_id: str) -> bool:
        """Whether a ledger may be given a checkpoint."""
        if self._database.mark.checkpoint:
            return ledger_id not in self._unasked
        return False

    @property
    def waits_for(self) -> set[str]:
        """The ledgers that hold up the others: the log's file may have been put back."""
        return set() if self._database.mark.checkpoint else set(self._unasked)

    async def ask(self, ledger_id: str, ledger: Ledger) -> None:
        """Ask a ledger, once, what it knows of the log.

        Raises SupersededError, LedgerError, and StorageError.
        """
        if ledger_id not in self._unasked:
            return
        if seen := await self._latest(ledger):
            await self._database.run(check_continues, self._database.log, seen)
        self._unasked.discard(ledger_id)
        if not self._unasked:
            await self._database.run(self._set_mark)
            self._became_certain()

    async def _latest(self, ledger: Ledger) -> SignedCheckpoint | None:
        """Return what a ledger knows; where it cannot tell, the mark must do."""
        try:
            return await ledger.latest()
        except LedgerRejectedError as err:
            if err.reason is not Reason.UNSEARCHABLE:
                raise
        if self._database.mark.checkpoint is None:
            raise SupersededError(await self._database.run(self._database.anchored))
        return None

    def _set_mark(self) -> None:
        """Have a mark from now on (log's thread)."""
        if self._database.mark.checkpoint is None:
            self._database.mark.advance(self._database.anchored())


def check_continues(log: Log, seen: SignedCheckpoint) -> None:
    """Raise SupersededError unless the log has had this checkpoint (log's thread)."""
    checkpoint = seen.checkpoint
    if checkpoint.size > log.size or log.root(checkpoint.size) != checkpoint.root:
        raise SupersededError(seen)
