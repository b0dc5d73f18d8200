"""The anchors of a log: what was prepared for each ledger, sent to it and confirmed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
import json
import sqlite3

from ..ledgers.ledger import AnchorStatus, PreparedAnchor, Receipt
from ..transparency.database import storage_errors, transaction

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS anchor (
        id INTEGER PRIMARY KEY,
        ledger TEXT NOT NULL,
        size INTEGER NOT NULL,
        prepared TEXT,
        receipt TEXT,
        prepared_at REAL NOT NULL,
        confirmed_at REAL
    )""",
    "CREATE INDEX IF NOT EXISTS anchor_size ON anchor (ledger, size)",
    """CREATE INDEX IF NOT EXISTS anchor_unsettled ON anchor (ledger)
        WHERE prepared IS NOT NULL""",
    "CREATE TABLE IF NOT EXISTS export (size INTEGER PRIMARY KEY)",
)

_COLUMNS = "id, ledger, size, prepared, receipt, prepared_at, confirmed_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A checkpoint of `size` leaves on a ledger, or on its way there.

    `prepared` is what is sent; it is kept until the anchor is settled: confirmed for so long
    that nothing takes it back. `receipt` is what the ledger gave back; none before it was
    sent. `confirmed_at` is this machine's clock.
    """

    anchor_id: int
    ledger_id: str
    size: int
    prepared: PreparedAnchor | None
    receipt: Receipt | None = None
    prepared_at: datetime
    confirmed_at: datetime | None = None

    @property
    def is_submitted(self) -> bool:
        """Whether the ledger holds it, confirmed or not."""
        return self.receipt is not None and self.receipt.status is not AnchorStatus.LOST

    @property
    def is_lost(self) -> bool:
        """Whether the ledger held it once, or refused it, and it must be renewed."""
        return self.receipt is not None and self.receipt.status is AnchorStatus.LOST


class Anchors:
    """The anchor table of a log's file. Every method is one durable step."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Create the table in a new file."""
        self._connection = connection
        with transaction(connection):
            for statement in _SCHEMA:
                connection.execute(statement)

    def add(
        self, ledger_id: str, size: int, prepared: PreparedAnchor, now: datetime
    ) -> Anchor:
        """Keep what was prepared, before it is sent."""
        row = (ledger_id, size, _dump(prepared), now.timestamp())
        with transaction(self._connection):
            cursor = self._connection.execute(
                "INSERT INTO anchor (ledger, size, prepared, prepared_at)"
                " VALUES (?, ?, ?, ?)",
                row,
            )
        assert cursor.lastrowid is not None
        return Anchor(
            anchor_id=cursor.lastrowid,
            ledger_id=ledger_id,
            size=size,
            prepared=prepared,
            prepared_at=now,
        )

    def renew(self, anchor: Anchor, prepared: PreparedAnchor) -> Anchor:
        """Put what was prepared again in the place of what was lost."""
        return self._update(replace(anchor, prepared=prepared, receipt=None))

    def receive(self, anchor: Anchor, receipt: Receipt, now: datetime) -> Anchor:
        """Keep the ledger's receipt, and since when it says that the anchor is confirmed."""
        confirmed_at = None
        if receipt.status is AnchorStatus.CONFIRMED:
            confirmed_at = anchor.confirmed_at or now
        return self._update(replace(anchor, receipt=receipt, confirmed_at=confirmed_at))

    def settle(self, anchor: Anchor) -> Anchor:
        """Forget what was sent: nothing takes the anchor back any more."""
        return self._update(replace(anchor, prepared=None))

    def unsettled(self, ledger_id: str) -> list[Anchor]:
        """Return the anchors still under way, oldest first."""
        return self._select(
            "ledger = ? AND prepared IS NOT NULL ORDER BY id", ledger_id
        )

    def last(self, ledger_id: str) -> Anchor | None:
        """Return the newest anchor."""
        return _first(self._select("ledger = ? ORDER BY id DESC LIMIT 1", ledger_id))

    def largest(self) -> int:
        """Return the largest size that was prepared for any ledger, 0 for none."""
        return self._max_size("TRUE")

    def confirmed_size(self) -> int:
        """Return the largest size that any ledger has confirmed, 0 for none."""
        return self._max_size("confirmed_at IS NOT NULL")

    def last_confirmed(self, ledger_id: str, below: int) -> Anchor | None:
        """Return the confirmed anchor with the largest size under `below`."""
        return _first(
            self._select(
                "ledger = ? AND size < ? AND confirmed_at IS NOT NULL"
                " ORDER BY size DESC LIMIT 1",
                ledger_id,
                below,
            )
        )

    def newest_confirmed(self, ledger_id: str, count: int) -> list[Anchor]:
        """Return the confirmed anchors that were prepared last."""
        return self._select(
            "ledger = ? AND confirmed_at IS NOT NULL ORDER BY id DESC LIMIT ?",
            ledger_id,
            count,
        )

    def confirmed_receipts(self, ledger_id: str) -> Iterator[Receipt]:
        """Yield the receipts of all confirmed anchors, one by one: they may be many."""
        query = (
            "SELECT receipt FROM anchor WHERE ledger = ? AND confirmed_at IS NOT NULL"
        )
        with storage_errors():
            for (receipt,) in self._connection.execute(query, (ledger_id,)):
                yield Receipt.from_json(json.loads(receipt))

    def covering(self, ledger_id: str, index: int) -> Anchor | None:
        """Return the first confirmed anchor whose checkpoint covers a leaf."""
        return _first(
            self._select(
                "ledger = ? AND size > ? AND confirmed_at IS NOT NULL"
                " ORDER BY size LIMIT 1",
                ledger_id,
                index,
            )
        )

    def covering_all(self, indexes: range, size: int) -> list[Anchor]:
        """Return the confirmed anchors, up to a size, that first cover some leaves.

        Of each ledger those from the first that covers one to the first that covers all.
        """
        return self._select(
            "size > ? AND size <= ? AND confirmed_at IS NOT NULL AND NOT EXISTS ("
            "SELECT 1 FROM anchor AS smaller WHERE smaller.ledger = anchor.ledger"
            " AND smaller.size >= ? AND smaller.size < anchor.size"
            " AND smaller.confirmed_at IS NOT NULL) ORDER BY size",
            indexes.start,
            size,
            indexes.stop,
        )

    def remember_export(self, size: int) -> None:
        """Keep that a bundle of a size was exported: later ones prove that they go on."""
        with transaction(self._connection):
            self._connection.execute("INSERT OR IGNORE INTO export VALUES (?)", (size,))

    def exports(self, below: int) -> list[int]:
        """Return the sizes of the bundles exported so far, under a size."""
        with storage_errors():
            rows = self._connection.execute(
                "SELECT size FROM export WHERE size < ? ORDER BY size", (below,)
            ).fetchall()
        return [size for (size,) in rows]

    def _update(self, anchor: Anchor) -> Anchor:
        """Write what may have changed of an anchor."""
        with transaction(self._connection):
            self._connection.execute(
                "UPDATE anchor SET prepared = ?, receipt = ?, confirmed_at = ?"
                " WHERE id = ?",
                (
                    _dump(anchor.prepared),
                    _dump(anchor.receipt),
                    anchor.confirmed_at and anchor.confirmed_at.timestamp(),
                    anchor.anchor_id,
                ),
            )
        return anchor

    def _max_size(self, where: str) -> int:
        """Return the largest size among some anchors, 0 for none."""
        query = f"SELECT coalesce(max(size), 0) FROM anchor WHERE {where}"  # noqa: S608
        with storage_errors():
            (size,) = self._connection.execute(query).fetchone()
        return int(size)

    def _select(self, where: str, *args: str | int) -> list[Anchor]:
        """Return the anchors of a query."""
        query = f"SELECT {_COLUMNS} FROM anchor WHERE {where}"  # noqa: S608
        with storage_errors():
            rows = self._connection.execute(query, args).fetchall()
        return [_anchor(row) for row in rows]


type _Row = tuple[int, str, int, str | None, str | None, float, float | None]


def _anchor(row: _Row) -> Anchor:
    """Return the anchor that a row holds."""
    anchor_id, ledger_id, size, prepared, receipt, prepared_at, confirmed_at = row
    return Anchor(
        anchor_id=anchor_id,
        ledger_id=ledger_id,
        size=size,
        prepared=_load(
            prepared, lambda text: PreparedAnchor.from_json(json.loads(text))
        ),
        receipt=_load(receipt, lambda text: Receipt.from_json(json.loads(text))),
        prepared_at=_time(prepared_at),
        confirmed_at=_load(confirmed_at, _time),
    )


def _time(timestamp: float) -> datetime:
    """Return the time of a POSIX timestamp."""
    return datetime.fromtimestamp(timestamp, UTC)


def _load[Stored, T](stored: Stored | None, load: Callable[[Stored], T]) -> T | None:
    """Return what a column holds, or nothing of nothing."""
    return None if stored is None else load(stored)


def _dump(value: PreparedAnchor | Receipt | None) -> str | None:
    """Return a value's JSON text, or nothing of nothing."""
    return None if value is None else json.dumps(value.to_json())


def _first(anchors: list[Anchor]) -> Anchor | None:
    """Return the first one, if any."""
    return anchors[0] if anchors else None
