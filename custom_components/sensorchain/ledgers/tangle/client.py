"""One node of the Tangle, over the HTTP API of the IOTA Reference Implementation (IRI).

A command is a JSON object that is posted to the node:

    POST /    X-IOTA-API-Version: 1    {"command": "getInclusionStates", "transactions": […]}
    200       {"states": [true, false], "duration": 1}
    400       {"error": "Invalid trytes input", "duration": 0}

(IRI 1.8, "API reference"; 401: the command is not allowed; 500: {"exception": …}.) What a
node answers is data: it is limited in size and time, and every field is checked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
import re
from typing import TypeVar

from ...transparency.jcs import JsonValue
from ..given import public_url
from ..http import Transport
from ..json_server import JsonServer
from ..ledger import LedgerError, Reason
from ..threads import in_thread
from .transaction import HASH_TRYTES, NULL_HASH, TRANSACTION_TRYTES, Transaction
from .trytes import is_trytes

Value = TypeVar("Value")

MAX_ANSWER = 2 * 1024 * 1024
"""Bytes of an answer: 700 transactions."""

TIMEOUT = timedelta(seconds=15)
"""For a whole answer, from connecting to its last byte."""

ATTACH_TIMEOUT = timedelta(minutes=5)
"""The same where the node does the proof of work."""

DEPTH = 3
"""How many milestones back a node starts to choose tips; what clients commonly ask for."""

MOST_LAGGING = 2
"""How many milestones a node in sync may have seen and not yet be able to check."""

_VERSION = {"X-IOTA-API-Version": "1"}
_MOST_COMPLAINT = 200

# What nodes say, and what it means. IRI calls too little weight an invalid hash.
_WEIGHT = re.compile(r"transaction hash|weight|proof of work", re.IGNORECASE)
_SYNC = re.compile(r"subtangle|not (in )?sync", re.IGNORECASE)
_MISSING = re.compile(r"missing", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NodeInfo:
    """What a node says of itself: the milestones it has seen, and its coordinator."""

    latest_milestone_index: int
    solid_milestone: str
    """The hash of the latest milestone of which it has all that is referenced."""
    solid_milestone_index: int
    coordinator: str

    @property
    def is_in_sync(self) -> bool:
        """Whether it can tell what is confirmed."""
        lag = self.latest_milestone_index - self.solid_milestone_index
        return self.solid_milestone_index > 0 and lag <= MOST_LAGGING


class TangleClient(JsonServer):
    """A node's commands. All raise LedgerError, whose text names the node."""

    limit = MAX_ANSWER

    def __init__(
        self,
        transport: Transport,
        url: str,
        *,
        timeout: timedelta = TIMEOUT,
        attach_timeout: timedelta = ATTACH_TIMEOUT,
    ) -> None:
        """Speak to the node at an http or https URL."""
        super().__init__(transport, url, public_url(url), timeout)
        self._attach_timeout = attach_timeout

    async def node_info(self) -> NodeInfo:
        """Return what the node says of itself (getNodeInfo)."""
        answer = await self._ask("getNodeInfo", {})
        return NodeInfo(
            latest_milestone_index=self._field(answer, "latestMilestoneIndex", _index),
            solid_milestone=self._field(answer, "latestSolidSubtangleMilestone", _hash),
            solid_milestone_index=self._field(
                answer, "latestSolidSubtangleMilestoneIndex", _index
            ),
            coordinator=self._field(answer, "coordinatorAddress", _hash),
        )

    async def tips(self) -> tuple[str, str]:
        """Return the hashes of a trunk and a branch to attach to."""
        answer = await self._ask("getTransactionsToApprove", {"depth": DEPTH})
        trunk = self._field(answer, "trunkTransaction", _hash)
        return trunk, self._field(answer, "branchTransaction", _hash)

    async def attach(
        self, trunk: str, branch: str, minimum_weight_magnitude: int, trytes: list[str]
    ) -> list[Transaction]:
        """Have the node do the proof of work; return what it gives, in its order."""
        answer = await self._ask(
            "attachToTangle",
            {
                "trunkTransaction": trunk,
                "branchTransaction": branch,
                "minWeightMagnitude": minimum_weight_magnitude,
                "trytes": list(trytes),
            },
            self._attach_timeout,
        )
        attached = self._field(answer, "trytes", _list_of(_transaction_trytes))
        return [Transaction.from_trytes(each) for each in attached]

    async def store(self, trytes: Sequence[str]) -> None:
        """Have the node keep transactions (storeTransactions)."""
        await self._ask("storeTransactions", {"trytes": list(trytes)})

    async def broadcast(self, trytes: Sequence[str]) -> None:
        """Have the node tell its neighbours of transactions (broadcastTransactions)."""
        await self._ask("broadcastTransactions", {"trytes": list(trytes)})

    async def find_bundle(self, bundle: str) -> list[str]:
        """Return the hashes of all transactions that name a bundle."""
        answer = await self._ask("findTransactions", {"bundles": [bundle]})
        return self._field(answer, "hashes", _list_of(_hash))

    async def find_address(self, address: str) -> list[str]:
        """Return the hashes of all transactions at an address."""
        answer = await self._ask("findTransactions", {"addresses": [address]})
        return self._field(answer, "hashes", _list_of(_hash))

    async def claimed_transactions(
        self, hashes: Sequence[str]
    ) -> list[Transaction | None]:
        """Return what a node says the transactions of these hashes are, not hashed again.

        None stands for unknown ones. For those who trust a signature inside alone.
        """
        if not hashes:
            return []
        answer = await self._ask("getTrytes", {"hashes": list(hashes)})
        trytes = self._field(
            answer, "trytes", _list_of(_transaction_trytes, len(hashes))
        )
        return await in_thread(partial(_parse, trytes))

    async def transactions(self, hashes: Sequence[str]) -> list[Transaction | None]:
        """Return the transactions of these hashes, None for unknown ones.

        Each is hashed again: what comes back is what was asked for.
        """
        known = await self.claimed_transactions(hashes)
        await in_thread(partial(_hash_all, known))
        for asked, transaction in zip(hashes, known, strict=True):
            if transaction is not None and transaction.hash != asked:
                raise self.nonsense("a transaction that was not asked for")
        return known

    async def inclusion_states(self, hashes: Sequence[str]) -> list[bool]:
        """Return for each transaction whether a milestone has referenced it."""
        answer = await self._ask("getInclusionStates", {"transactions": list(hashes)})
        return self._field(answer, "states", _list_of(_boolean, len(hashes)))

    async def is_consistent(self, tail: str) -> bool:
        """Return whether a milestone can ever reference this first transaction."""
        answer = await self._ask("checkConsistency", {"tails": [tail]})
        return self._field(answer, "state", _boolean)

    async def _ask(
        self,
        command: str,
        arguments: Mapping[str, JsonValue],
        within: timedelta | None = None,
    ) -> dict[str, JsonValue]:
        """Return a node's answer to a command."""
        question = {"command": command, **arguments}
        status, answer = await self.posted(question, headers=_VERSION, within=within)
        return self._understood(command, status, answer)

    def _understood(
        self, command: str, status: int, answer: dict[str, JsonValue] | None
    ) -> dict[str, JsonValue]:
        """Return the object that a node answered, or raise what it complained about."""
        if status == 429 or (status >= 500 and answer is None):
            problem = f"is overloaded or faulty (HTTP status {status})"
            raise self.unavailable(Reason.NODE_ERROR, problem)
        if answer is None:
            raise self.nonsense("something that is not an answer of a Tangle node")
        if status != 200:
            raise self._complaint(command, status, answer)
        return answer

    def _complaint(
        self, command: str, status: int, answer: Mapping[str, JsonValue]
    ) -> LedgerError:
        """Return the error that a node's complaint stands for."""
        text = answer.get("error", answer.get("exception"))
        if not isinstance(text, str):
            return self.nonsense(f"HTTP status {status} without saying why")
        said = f"{_legible(text)!r}"
        if status == 401:
            return self.rejected(Reason.REJECTED, f"does not allow {command}: {said}")
        if _WEIGHT.search(text):
            problem = f"refuses the proof of work, too little weight: {said}"
            return self.rejected(Reason.WEIGHT_REFUSED, problem)
        if _SYNC.search(text):
            return self.unavailable(Reason.OUT_OF_SYNC, f"is out of sync: {said}")
        if _MISSING.search(text):
            problem = f"does not know what the transaction approves: {said}"
            return self.unavailable(Reason.TIPS_UNKNOWN, problem)
        if status >= 500:
            problem = f"failed at {command}: {said}"
            return self.unavailable(Reason.NODE_ERROR, problem)
        return self.rejected(Reason.REJECTED, f"refuses {command}: {said}")

    def _field(
        self,
        answer: Mapping[str, JsonValue],
        name: str,
        parse: Callable[[JsonValue], Value],
    ) -> Value:
        """Return a field of an answer, once parsed."""
        try:
            return parse(answer[name])
        except (KeyError, ValueError) as error:
            problem = f"something other than a Tangle node does: no valid {name}"
            raise self.nonsense(problem) from error


def _legible(text: str) -> str:
    """Return what a person can read of a node's text, in one line."""
    return "".join(c if c.isprintable() else " " for c in text[:_MOST_COMPLAINT])


def _parse(trytes: list[str]) -> list[Transaction | None]:
    """Return transactions, None for empty ones."""
    # All 9 is what a node sends for a transaction it does not know.
    return [
        Transaction.from_trytes(each) if each.strip("9") else None for each in trytes
    ]


def _hash_all(known: Sequence[Transaction | None]) -> None:
    """Have the hashes of transactions computed."""
    for transaction in known:
        if transaction is not None:
            _ = transaction.hash


def _index(value: JsonValue) -> int:
    """Return a milestone's index: -1 or 0 before the first one."""
    if type(value) is not int or not -1 <= value < 2**31:
        raise ValueError("not an index")
    return value


def _hash(value: JsonValue) -> str:
    """Return a hash, 81 trytes; some nodes write none as an empty text."""
    if value == "":
        return NULL_HASH
    if not isinstance(value, str) or not is_trytes(value, HASH_TRYTES):
        raise ValueError("not a hash")
    return value


def _transaction_trytes(value: JsonValue) -> str:
    """Return the trytes of a transaction."""
    if not isinstance(value, str) or not is_trytes(value, TRANSACTION_TRYTES):
        raise ValueError("not a transaction")
    return value


def _boolean(value: JsonValue) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise ValueError("not true or false")  # noqa: TRY004 - a node's answer, not a caller's
    return value


def _list_of(
    parse: Callable[[JsonValue], Value], length: int | None = None
) -> Callable[[JsonValue], list[Value]]:
    """Return a parser of lists, of this length if one is given."""

    def parse_list(value: JsonValue) -> list[Value]:
        if not isinstance(value, list) or length not in (None, len(value)):
            raise ValueError("not a list of the right length")
        return [parse(each) for each in value]

    return parse_list
