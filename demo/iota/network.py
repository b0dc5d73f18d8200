"""A network of one validator: it takes transactions, executes them, and puts them into checkpoints."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
import time

import iota_sdk as sdk

from .admission import Admission
from .execution import field_id
from .identity import Identity
from .kinds import decode
from .objects import CLOCK, GENESIS, LiveObject, clock, coin, live
from .refusals import MalformedError, RefusedError, UnfinishedError, UnsignedError
from .settlement import Outcome, Settlement
from .store import Checkpoint, Executed, Store
from .submitted import SignatureError, Submitted, UndecodableError, read_signature

FIRST_PRICE = 1_000
"""NANOS a unit of computation, as on all public networks."""

SUPPLY = 4 * 10**18
"""What the first coin has, in NANOS."""

TREASURER = sdk.Ed25519PrivateKey(b"private IOTA: treasurer's secret")
"""Who has everything in the beginning. Known to everybody, so worth nothing elsewhere."""

TREASURY = str(TREASURER.public_key().derive_address().to_canonical_string(True))


def milliseconds() -> int:
    """Return the time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Network:
    """A network, and its switches."""

    def __init__(
        self,
        identity: Identity,
        path: Path | None,
        now: Callable[[], int] = milliseconds,
    ) -> None:
        """Open it; what `path` has is gone on with."""
        self.identity = identity
        self.hold = False
        """While True, transactions are signed and not executed."""
        self._store = Store(path)
        self._now = now
        if self._store.checkpoint() is None:
            self._begin()

    def close(self) -> None:
        """Close its file."""
        self._store.close()

    def _begin(self) -> None:
        """Make what is there in the beginning."""
        with self._whole():
            self._store.note("epoch", 0)
            self._store.note("price", FIRST_PRICE)
            self._store.note("since", self._now())
            first = coin(f"0x{1:064x}", SUPPLY, TREASURY)
            for thing in (clock(self._now()), first):
                self._store.write(live(self.identity, thing, 1, GENESIS))
            self.checkpoint()

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Do all that is within, or nothing."""
        self._store.begin()
        try:
            yield
        except BaseException:
            self._store.rollback()
            raise
        self._store.commit()

    # What is so

    @property
    def epoch(self) -> int:
        """The epoch's number."""
        return self._store.fact("epoch") or 0

    @property
    def price(self) -> int:
        """What a unit of computation costs at the least, in NANOS."""
        return self._store.fact("price") or 0

    @property
    def since(self) -> int:
        """When the epoch began, in milliseconds."""
        return self._store.fact("since") or 0

    def object(self, object_id: str) -> LiveObject | None:
        """Return an object."""
        return self._store.object(object_id)

    def deleted(self, object_id: str) -> int | None:
        """Return the last version of an object that was deleted."""
        return self._store.gone(object_id)

    def owned(self, owner: str | None = None) -> list[LiveObject]:
        """Return what an address or an object has, by id; of nobody in particular all."""
        return self._store.owned(owner)

    def field(self, parent: str, key: str, name: bytes) -> LiveObject | None:
        """Return a dynamic field by its name in BCS; raises MalformedValueError, UnknownKindError."""
        of = self.identity.read(key)
        return self._store.object(field_id(self.identity, parent, of, decode(of, name)))

    def transaction(self, digest: str) -> Executed | None:
        """Return a transaction that was executed."""
        return self._store.executed(digest)

    def history(
        self,
        *,
        sender: str | None = None,
        after: int | None = None,
        before: int | None = None,
        limit: int = 50,
        newest_first: bool = True,
        final: bool = False,
    ) -> list[Executed]:
        """Return transactions, an address's or all, between two numbers; or just those in checkpoints."""
        return self._store.history(
            sender=sender,
            after=after,
            before=before,
            limit=limit,
            newest_first=newest_first,
            final=final,
        )

    def checkpoint_at(self, number: int | None = None) -> Checkpoint | None:
        """Return a checkpoint, the newest unless a number is given."""
        return self._store.checkpoint(number)

    def transactions_of(self, checkpoint: int) -> list[str]:
        """Return the digests of a checkpoint's transactions."""
        return self._store.transactions_of(checkpoint)

    # Transactions

    @property
    def _admission(self) -> Admission:
        """The checks of the present epoch."""
        return Admission(self.identity, self._store, self.epoch, self.price)

    def dry_run(self, data: bytes) -> Outcome:
        """Return what a transaction would do; raises RefusedError."""
        submitted = _read(data)
        admission = self._admission
        admission.check_form(submitted, is_dry=True)
        return self._settle(admission, submitted)

    def _settle(self, admission: Admission, submitted: Submitted) -> Outcome:
        """Return what a transaction does, or would do."""
        admitted = admission.admit(submitted)
        return Settlement(
            self.identity, admission.epoch, admitted, self._store.object
        ).settle()

    def execute(
        self, data: bytes, signatures: Sequence[str], *, at_once: bool = False
    ) -> Executed:
        """Execute a transaction, and return what came of it; a repeat gives the same.

        `at_once` even while transactions are held. Raises RefusedError, UnfinishedError.
        """
        submitted = _read(data)
        _verify(submitted, signatures)
        if found := self._store.executed(submitted.digest):
            return found
        with self._whole():
            self._sign(submitted)
            if self.hold and not at_once:
                self._store.hold(submitted.digest, data, signatures)
        if self.hold and not at_once:
            raise UnfinishedError("Transaction timed out before reaching finality")
        return self._finish(submitted, signatures)

    def _sign(self, submitted: Submitted) -> None:
        """Check a transaction, and promise its objects to it."""
        admission = self._admission
        admission.check_form(submitted)
        admission.admit(submitted)
        admission.check_locks(submitted)
        for each in (*submitted.owned, *submitted.payment):
            self._store.lock(each.object_id, each.version, submitted.digest)

    def _finish(self, submitted: Submitted, signatures: Sequence[str]) -> Executed:
        """Execute a transaction that was signed."""
        with self._whole():
            self._tick()
            outcome = self._settle(self._admission, submitted)
            for each in outcome.written:
                self._store.write(each)
            for object_id in outcome.deleted:
                self._store.delete(object_id, outcome.version)
            self._store.add(
                *(submitted.digest, submitted.sender, submitted.data, signatures),
                outcome.effects,
                outcome.status.to_rpc().get("error"),
                outcome.status.to_words(),
            )
            self._store.kept(submitted.digest)
        found = self._store.executed(submitted.digest)
        assert found
        return found

    def _tick(self) -> None:
        """Let the clock go on, as it does with each commit of the validators."""
        before = self._store.object(CLOCK)
        assert before
        at = max(self._now(), before.value["timestamp_ms"])
        self._store.write(live(self.identity, clock(at), before.version + 1, GENESIS))

    def release(self) -> None:
        """Execute what was held, and hold no more."""
        self.hold = False
        held = self._store.held()
        self._store.drop_held()
        for data, signatures in held:
            self._finish(_read(data), signatures)

    def equivocate(self, object_id: str) -> None:
        """Promise an object to two transactions that nobody has: it is locked until the epoch ends."""
        found = self._store.object(object_id)
        assert found, object_id
        for number in (1, 2):
            unknown = sdk.TransactionDigest.from_bytes(bytes([number]) * 32)
            self._store.lock(object_id, found.version, unknown.to_base58())

    # Time

    def checkpoint(self) -> Checkpoint:
        """Put into a checkpoint what was executed since the last one."""
        before, waiting = self._store.checkpoint(), self._store.waiting()
        contents = sdk.CheckpointContents.new_v1(
            sdk.CheckpointContentsV1([_info(each) for each in waiting])
        )
        number = before.number + 1 if before else 0
        at = max(self._now(), before.time if before else 0)
        total = (before.total if before else 1) + len(waiting)
        summary = sdk.CheckpointSummary(
            epoch=self.epoch,
            sequence_number=number,
            network_total_transactions=total,
            contents_digest=contents.digest(),
            previous_digest=before and sdk.CheckpointDigest.from_base58(before.digest),
            epoch_rolling_gas_cost_summary=sdk.GasCostSummary(
                computation_cost=0,
                computation_cost_burned=0,
                storage_cost=0,
                storage_rebate=0,
                non_refundable_storage_fee=0,
            ),
            timestamp_ms=at,
            checkpoint_commitments=[],
            end_of_epoch_data=None,
            version_specific_data=b"",
        )
        digest = summary.digest().to_base58()
        made = Checkpoint(number, at, digest, summary.to_bcs(), total)
        self._store.add_checkpoint(made, waiting)
        return made

    @property
    def is_waiting(self) -> bool:
        """Whether something is in no checkpoint yet."""
        return bool(self._store.waiting())

    def next_epoch(self, price: int | None = None) -> None:
        """Begin an epoch, at a new price if one is given: promises end, what was held is dropped."""
        with self._whole():
            self.checkpoint()
            self._store.note("epoch", self.epoch + 1)
            self._store.note("since", self._now())
            if price is not None:
                self._store.note("price", price)
            self._store.unlock()

    def prune(self) -> None:
        """Forget all transactions, as nodes do after days; objects live on."""
        with self._whole():
            self.checkpoint()
            self._store.forget()


def _read(data: bytes) -> Submitted:
    """Return the transaction of a form; raises MalformedError."""
    try:
        return Submitted.read(data)
    except UndecodableError as error:
        raise MalformedError(f"Deserialization error: {error}") from error


def _verify(submitted: Submitted, signatures: Sequence[str]) -> None:
    """Refuse a transaction that is not signed; raises MalformedError, UnsignedError."""
    if not submitted.is_program:
        raise RefusedError("Feature is not supported: system transactions")
    try:
        submitted.verify([read_signature(each) for each in signatures])
    except UndecodableError as error:
        raise MalformedError(
            f"Unable to create signature from bytes: {error}"
        ) from error
    except SignatureError as error:
        raise UnsignedError(str(error)) from error


def _info(executed: Executed) -> sdk.CheckpointTransactionInfo:
    """Return a transaction as a checkpoint has it."""
    return sdk.CheckpointTransactionInfo(
        sdk.TransactionDigest.from_base58(executed.digest),
        sdk.TransactionEffects.from_bcs(executed.effects).digest(),
        [sdk.UserSignature.from_base64(each) for each in executed.signatures],
    )
