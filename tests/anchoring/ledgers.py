"""A ledger in memory, which a test has confirm, take back and lose what it was given."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from custom_components.sensorchain.ledgers.ledger import (
    Account,
    AnchorStatus,
    LedgerRejectedError,
    LedgerUnavailableError,
    PreparedAnchor,
    Published,
    Reason,
    Receipt,
    Verification,
)
from custom_components.sensorchain.transparency.checkpoint import SignedCheckpoint
from custom_components.sensorchain.transparency.log import LoggedReading


class MemoryLedger:
    """A ledger whose every anchor has the same status, and which takes a fee for each."""

    unit = "ETH"

    def __init__(self) -> None:
        """Hold what it is given, and confirm nothing yet."""
        self.status = AnchorStatus.SUBMITTED
        self.anchors_left: int | None = None
        self.published_contents: list[object] = []
        self.asked = 0
        self.is_down = False
        self.is_blind = False
        self.problem: str | None = None

    async def check(self) -> str:
        """Answer, unless it is down."""
        if self.is_down:
            raise LedgerUnavailableError(Reason.CANNOT_CONNECT, "down")
        return "memory"

    async def prepare(
        self, checkpoint: SignedCheckpoint, public: Sequence[LoggedReading]
    ) -> PreparedAnchor:
        """Return an anchor of the first version."""
        return PreparedAnchor(checkpoint.note, {"version": 1})

    async def renew(self, prepared: PreparedAnchor) -> PreparedAnchor:
        """Return the next version."""
        version = prepared.content["version"]
        assert isinstance(version, int)
        self.status = AnchorStatus.SUBMITTED
        return replace(prepared, content={"version": version + 1})

    async def publish(self, prepared: PreparedAnchor) -> Receipt:
        """Hold it."""
        await self.check()
        self.published_contents.append(prepared.content["version"])
        return Receipt(AnchorStatus.SUBMITTED, "one", None, None, {})

    async def confirm(self, receipt: Receipt) -> Receipt:
        """Tell the one status."""
        await self.check()
        if self.is_blind:
            raise LedgerUnavailableError(Reason.TIMEOUT, "blind")
        self.asked += 1
        time = datetime(2026, 11, 22, tzinfo=UTC)
        is_confirmed = self.status is AnchorStatus.CONFIRMED
        return replace(
            receipt,
            status=self.status,
            confirmed_at=time if is_confirmed else None,
            details={"problem": self.problem} if self.problem else {},
        )

    async def verify(
        self, receipt: Receipt, checkpoint: SignedCheckpoint
    ) -> Verification:
        """Tell the one status."""
        return Verification(self.status, None, None, None)

    async def latest(self) -> SignedCheckpoint | None:
        """Know of nothing."""
        return None

    async def published(self, limit: int) -> Sequence[Published]:
        """Refuse to be searched."""
        raise LedgerRejectedError(Reason.UNSEARCHABLE, "cannot be searched")

    async def account(self) -> Account | None:
        """Return an account with some left."""
        return Account("0xfeed", Decimal("0.25"), self.anchors_left)

    def fee(self, receipt: Receipt) -> Decimal | None:
        """Take the same for each."""
        return Decimal("0.001")

    def explorer_url(self, receipt: Receipt) -> str | None:
        """Have no explorer."""
        return None
