"""The Tangle on disk: every transaction, what it approves, and the milestone that confirmed it.

Nothing is kept in memory: the tables (see sql) answer every question. Everything here blocks; a node runs it on one thread.
"""

# ruff: noqa: S608 (statements are put together from constants alone)

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import islice
import json
from pathlib import Path
import sqlite3
import time
import zlib

from custom_components.sensorchain.ledgers.tangle.bundle import (
    Bundle,
    MalformedBundleError,
    validate,
)
from custom_components.sensorchain.ledgers.tangle.transaction import (
    NULL_HASH,
    TRANSACTION_TRYTES,
    Transaction,
)

from . import sql

# IRI's limits of tip selection (BaseIotaConfig: MAX_DEPTH, BELOW_MAX_DEPTH_TRANSACTION_LIMIT).
MAX_DEPTH = 15
MAX_ANALYZED = 20_000

EMPTY_TRYTES = "9" * TRANSACTION_TRYTES


class RefusedError(ValueError):
    """What a node does not take; the text is what it answers."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """One milestone: its number, the hash of its transaction, and when it was issued (Unix milliseconds)."""

    number: int
    transaction: str
    issued: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A transaction's row: what is known of it without its trytes. Times are Unix milliseconds."""

    id: int
    hash: str
    address: str
    bundle: str
    tag: str
    current_index: int
    last_index: int
    trunk: int
    branch: int
    arrived: int
    era: int
    milestone: int | None


def _milliseconds() -> int:
    """Unix time."""
    return time.time_ns() // 1_000_000


def _compressed(trytes: str) -> bytes:
    """Compress trytes as they are stored."""
    return zlib.compress(trytes.encode(), 1)


def _approved_first(transactions: Mapping[str, Transaction]) -> Iterator[Transaction]:
    """Order transactions so that each comes after those it approves."""
    order = TopologicalSorter(
        {name: (each.trunk, each.branch) for name, each in transactions.items()}
    )
    return (transactions[name] for name in order.static_order() if name in transactions)


def _check_place(transaction: Transaction, trunk: Entry, branch: Entry) -> None:
    """Check what a transaction approves: the next one of its bundle, or, being the last of it, two tails."""
    if not 0 <= transaction.current_index <= transaction.last_index:
        raise RefusedError("Invalid bundle: the index is beyond the last one")
    if transaction.current_index == transaction.last_index:
        if trunk.current_index or branch.current_index:
            raise RefusedError(
                "Invalid bundle: it approves a transaction that is not a tail"
            )
    elif (trunk.bundle, trunk.current_index, trunk.last_index) != (
        transaction.bundle,
        transaction.current_index + 1,
        transaction.last_index,
    ):
        raise RefusedError("Invalid bundle: the trunk is not its next transaction")


class Store:
    """All that a node knows. Not for more than one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it with nothing but the genesis: one transaction that is all 9."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        with self._connection:
            self._connection.executescript(sql.SCHEMA)
            self._connection.execute(sql.INSERT_GENESIS)
            self._connection.execute(
                "INSERT OR IGNORE INTO bodies VALUES (0, ?)",
                (_compressed(EMPTY_TRYTES),),
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    # Taking transactions

    def add(self, transactions: Iterable[Transaction]) -> None:
        """Store transactions, all or none; those already known are passed over. Raises RefusedError.

        Each must approve two that are known or come with it. The last part of a bundle to arrive, its tail, must make it a
        valid one that stands on tails (IRI's BundleValidator with its extra rules).
        """
        fresh = {
            each.hash: each for each in transactions if self.entry(each.hash) is None
        }
        with self._connection:
            for transaction in _approved_first(fresh):
                self._add_one(transaction, fresh)

    def add_milestone(self, number: int, transaction: Transaction) -> Milestone:
        """Store a milestone of one transaction, and confirm its past cone, itself included."""
        milestone = Milestone(number, transaction.hash, _milliseconds())
        with self._connection:
            tail = self._add_one(transaction, {transaction.hash: transaction})
            self._connection.execute(
                "UPDATE transactions SET era = ? WHERE id = ?", (number, tail)
            )
            self._connection.execute(
                sql.CONFIRM, {"start": tail, "limit": -1, "number": number}
            )
            self._connection.execute(
                "INSERT INTO milestones VALUES (?, ?, ?)",
                (number, tail, milestone.issued),
            )
        return milestone

    def _add_one(
        self, transaction: Transaction, fresh: Mapping[str, Transaction]
    ) -> int:
        """Store one transaction after those it approves; return its number."""
        parents = self._parent(transaction.trunk), self._parent(transaction.branch)
        _check_place(transaction, *parents)
        number = self._insert(transaction, *parents)
        if transaction.current_index == 0:
            self._complete(number, self._bundle(transaction, fresh))
        return number

    def _insert(self, transaction: Transaction, trunk: Entry, branch: Entry) -> int:
        """Add one row to each table; return the new transaction's number."""
        cursor = self._connection.execute(
            sql.INSERT,
            {
                "hash": transaction.hash,
                "address": transaction.address,
                "bundle": transaction.bundle,
                "tag": transaction.tag,
                "obsolete_tag": transaction.obsolete_tag,
                "current_index": transaction.current_index,
                "last_index": transaction.last_index,
                "trunk": trunk.id,
                "branch": branch.id,
                "arrived": _milliseconds(),
                "era": max(trunk.era, branch.era),
            },
        )
        self._connection.execute(
            "INSERT INTO bodies VALUES (last_insert_rowid(), ?)",
            (_compressed(transaction.to_trytes()),),
        )
        return cursor.lastrowid or 0

    def _parent(self, transaction_hash: str) -> Entry:
        """Return a transaction that another one approves."""
        entry = self.entry(transaction_hash)
        if entry is None:
            raise RefusedError(f"Invalid transaction, missing: {transaction_hash}")
        return entry

    def _bundle(self, tail: Transaction, fresh: Mapping[str, Transaction]) -> Bundle:
        """Return the tail's bundle."""
        bundle = [tail]
        while bundle[-1].current_index < tail.last_index:
            name = bundle[-1].trunk
            bundle.append(
                fresh.get(name) or Transaction.from_trytes(self.trytes([name])[0])
            )
        return tuple(bundle)

    def _complete(self, tail: int, bundle: Bundle) -> None:
        """Check a bundle whose tail has just been stored, and make it a tip in place of those it approves."""
        try:
            validate(bundle)
        except MalformedBundleError as error:
            raise RefusedError(f"Invalid bundle: {error}") from error
        approved = bundle[-1].trunk, bundle[-1].branch
        self._connection.execute(
            "UPDATE transactions SET tip = 0 WHERE hash IN (?, ?)", approved
        )
        self._connection.execute(
            "UPDATE transactions SET tip = 1 WHERE id = ?", (tail,)
        )

    # Tips

    def select_tips(self, depth: int, reference: str | None = None) -> tuple[str, str]:
        """Trunk and branch for a new bundle: two tips drawn at random, the same one twice if there is no second.

        Those in the future cone of the milestone `depth` before the latest are drawn from: what IRI's random walk can
        reach that starts there, with its alpha at 0. With a reference the branch is a tip that approves it.
        """
        oldest = max(0, self.latest_milestone().number - depth - 1)
        drawn = self._draw(sql.TIPS, {"oldest": oldest}, 2)
        if reference is None:
            return drawn[0], drawn[-1]
        start = self.entry(reference)
        if start is None or start.era < oldest:
            raise RefusedError("reference transaction is too old")
        return drawn[0], self._draw(
            sql.TIPS_ABOVE, {"oldest": oldest, "start": start.id}, 1
        )[0]

    def _draw(self, query: str, parameters: Mapping[str, int], count: int) -> list[str]:
        """Up to so many valid tips at random; the latest milestone where there is none."""
        rows = self._connection.execute(f"{query} ORDER BY random()", parameters)
        drawn = islice((name for _, name in rows if self.is_recent(name)), count)
        return list(drawn) or [self.latest_milestone().transaction]

    def oldest_tips(self, count: int) -> list[str]:
        """Up to so many valid tips, those that have waited longest first; tips below the greatest depth are given up."""
        tips: list[str] = []
        for number, name in self._connection.execute(
            f"{sql.TIPS} ORDER BY id", {"oldest": 0}
        ).fetchall():
            if self.is_recent(name):
                tips.append(name)
            else:
                with self._connection:
                    self._connection.execute(
                        "UPDATE transactions SET tip = 0 WHERE id = ?", (number,)
                    )
            if len(tips) == count:
                break
        return tips

    def is_recent(self, transaction_hash: str) -> bool:
        """Whether a known transaction stands on nothing older than the greatest depth (IRI's WalkValidator)."""
        lowest = self.latest_milestone().number - MAX_DEPTH
        entry = self.entry(transaction_hash)
        if entry is None:
            return False
        if entry.milestone is not None:
            return entry.milestone >= lowest
        pending, oldest = self._connection.execute(
            sql.FOOTING, {"start": entry.id, "limit": MAX_ANALYZED}
        ).fetchone()
        return bool(pending < MAX_ANALYZED and (oldest is None or oldest >= lowest))

    # Questions

    def entry(self, transaction_hash: str) -> Entry | None:
        """Return what is known of one transaction."""
        return next(iter(self._entries("WHERE hash = ?", transaction_hash)), None)

    def trytes(self, hashes: Iterable[str]) -> list[str]:
        """Return the trytes of each transaction; all 9 for one that is not known."""
        return [
            self._body(entry.id) if (entry := self.entry(name)) else EMPTY_TRYTES
            for name in hashes
        ]

    def confirmed(self, hashes: Iterable[str]) -> list[bool]:
        """Whether a milestone has each of these in its past cone."""
        return [
            (entry := self.entry(name)) is not None and bool(entry.milestone)
            for name in hashes
        ]

    def find(self, conditions: Mapping[str, Sequence[str]]) -> list[str]:
        """Return the hashes of the transactions that meet every condition: a field of sql.CONDITIONS and the values it may have."""
        where = " AND ".join(sql.CONDITIONS[field] for field in conditions)
        parameters = [
            json.dumps(values)
            for field, values in conditions.items()
            for _ in range(sql.CONDITIONS[field].count("?"))
        ]
        return [
            row[0]
            for row in self._connection.execute(
                f"SELECT hash FROM transactions WHERE {where} ORDER BY id", parameters
            )
        ]

    def consistency(self, tails: Sequence[str]) -> str | None:
        """Why these tails can not be approved together, None if they can; raises RefusedError for what is no tail."""
        for name in tails:
            entry = self.entry(name)
            if entry is None:
                raise RefusedError(f"Invalid transaction, missing: {name}")
            if entry.current_index:
                raise RefusedError(f"Invalid transaction, not a tail: {name}")
        if all(map(self.is_recent, tails)):
            return None
        return "tails are not consistent (would lead to inconsistent ledger state or below max depth)"

    def latest_milestone(self) -> Milestone:
        """Return the latest milestone; number 0, the genesis, before the first."""
        return next(iter(self.milestones(1)), Milestone(0, NULL_HASH, 0))

    def milestones(self, count: int) -> list[Milestone]:
        """Up to so many milestones, the newest first."""
        return [
            Milestone(*row)
            for row in self._connection.execute(sql.MILESTONES, {"count": count})
        ]

    def tips(self) -> list[str]:
        """All tips."""
        return [name for _, name in self._connection.execute(sql.TIPS, {"oldest": 0})]

    def count(self) -> int:
        """How many transactions there are, the genesis not among them."""
        return int(
            self._connection.execute("SELECT max(id) FROM transactions").fetchone()[0]
        )

    def size(self) -> int:
        """Return the database's size in bytes."""
        pages, page = (
            self._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "page_size")
        )
        return int(pages * page)

    # For the explorer

    def tails(self, before: int | None, count: int) -> list[Entry]:
        """Up to so many tails that are no milestones, the newest first, from before a transaction's number."""
        return self._entries(
            "WHERE current_index = 0 AND id BETWEEN 1 AND ? AND id NOT IN (SELECT tail FROM milestones) ORDER BY id DESC LIMIT ?",
            (2**62 if before is None else before) - 1,
            count,
        )

    def at_address(self, address: str, count: int) -> list[Entry]:
        """Up to so many tails at an address, the newest first."""
        return self._entries(
            "WHERE address = ? AND current_index = 0 AND id > 0 ORDER BY id DESC LIMIT ?",
            address,
            count,
        )

    def parents(self, entry: Entry) -> tuple[str, str]:
        """Return the hashes of a transaction's trunk and branch."""
        trunk, branch = (
            self._entries("WHERE id = ?", number)[0].hash
            for number in (entry.trunk, entry.branch)
        )
        return trunk, branch

    def approvers(self, entry: Entry, count: int) -> list[Entry]:
        """Up to so many transactions that approve this one, the oldest first."""
        return self._entries(
            "WHERE id IN (SELECT id FROM transactions WHERE trunk = ? UNION SELECT id FROM transactions WHERE branch = ?) AND id > 0 ORDER BY id LIMIT ?",
            entry.id,
            entry.id,
            count,
        )

    def bundle(self, tail: Entry) -> list[Entry]:
        """Return the bundle of a tail."""
        entries = [tail]
        while entries[-1].current_index < tail.last_index:
            entries += self._entries("WHERE id = ?", entries[-1].trunk)
        return entries

    def tail(self, entry: Entry) -> Entry | None:
        """Return the tail of a transaction's bundle, if it has arrived."""
        while entry.current_index:
            above = self._entries(
                "WHERE trunk = ? AND bundle = ? AND current_index = ?",
                entry.id,
                entry.bundle,
                entry.current_index - 1,
            )
            if not above:
                return None
            entry = above[0]
        return entry

    def milestone_number(self, entry: Entry) -> int | None:
        """Which milestone this transaction is, if it is one."""
        row = self._connection.execute(
            "SELECT number FROM milestones WHERE tail = ?", (entry.id,)
        ).fetchone()
        return row[0] if row else None

    def _entries(self, where: str, *parameters: int | str) -> list[Entry]:
        """Return the rows that meet a condition."""
        return [
            Entry(*row)
            for row in self._connection.execute(f"{sql.ENTRY} {where}", parameters)
        ]

    def _body(self, number: int) -> str:
        """Return the trytes of the transaction with this number."""
        (body,) = self._connection.execute(
            "SELECT trytes FROM bodies WHERE id = ?", (number,)
        ).fetchone()
        return zlib.decompress(body).decode()
