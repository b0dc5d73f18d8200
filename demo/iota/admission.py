"""What is checked of a transaction before it is executed (iota-transaction-checks, iota-types: transaction.rs)."""

from base64 import b64decode
from dataclasses import dataclass

from .identity import Identity
from .kinds import GAS_COIN
from .objects import CLOCK, GENESIS, LiveObject, coin, live
from .refusals import LockedError, RefusedError
from .store import Store
from .submitted import Reference, SharedInput, Submitted

MOST_BYTES = 131_072
MOST_PURE = 16_384
MOST_COINS = 256
MOST_BUDGET = 50_000_000_000
MOST_PRICE = 100_000
LEAST_UNITS = 1_000
"""Limits (iota-protocol-config: max_tx_size_bytes, max_pure_argument_size, max_gas_payment_objects, max_tx_gas, max_gas_price, base_tx_cost_fixed)."""

LENT = 10**18
"""NANOS: enough for anything."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A transaction that can be executed, with its objects."""

    submitted: Submitted
    inputs: dict[str, LiveObject]
    coins: list[LiveObject]
    """Those that pay."""


@dataclass(frozen=True, slots=True)
class Admission:
    """The checks of one epoch."""

    identity: Identity
    store: Store
    epoch: int
    price: int

    def check_form(self, submitted: Submitted, *, is_dry: bool = False) -> None:
        """Refuse what can be refused without looking at objects; a dry run need not be paid."""
        if not submitted.is_program:
            raise RefusedError("Feature is not supported: system transactions")
        if len(submitted.data) > MOST_BYTES:
            raise RefusedError(
                f"Size limit exceeded: serialized transaction size exceeded maximum of {MOST_BYTES} is {len(submitted.data)}"
            )
        for each in submitted.inputs:
            if "Pure" in each and len(b64decode(each["Pure"])) > MOST_PURE:
                raise RefusedError(
                    f"Size limit exceeded: maximum pure argument size is {MOST_PURE}"
                )
        if submitted.received:
            raise RefusedError("Feature is not supported: receiving objects")
        if not submitted.payment and not is_dry:
            raise RefusedError("Transaction gas payment missing")
        if len(submitted.payment) > MOST_COINS:
            raise RefusedError(
                f"Size limit exceeded: maximum number of gas payment objects is {MOST_COINS}"
            )
        if submitted.last_epoch is not None and submitted.last_epoch < self.epoch:
            raise RefusedError("Transaction Expired")
        self._check_packages(submitted)

    def _check_packages(self, submitted: Submitted) -> None:
        """Refuse calls of packages that are not there."""
        for command in submitted.commands:
            package = command.get("MoveCall", {}).get("package")
            if package and package not in self.identity.functions:
                raise RefusedError(f"Dependent package not found on-chain: {package}")

    def admit(self, submitted: Submitted) -> Admitted:
        """Return a transaction with its objects; raises RefusedError."""
        references = [*submitted.owned, *submitted.payment]
        ids = [each.object_id for each in references]
        ids += [each.object_id for each in submitted.shared]
        if len(set(ids)) != len(ids):
            raise RefusedError(
                "The transaction inputs contain duplicated ObjectReference's"
            )
        inputs = {each.object_id: self._owned(each) for each in references}
        inputs |= {each.object_id: self._shared(each) for each in submitted.shared}
        coins = [inputs.pop(each.object_id) for each in submitted.payment]
        coins = coins or [self._lent(submitted)]
        self._check_gas(submitted, coins)
        for each in references:
            paying = each in submitted.payment
            self._check_owner(each, submitted.sponsor if paying else submitted.sender)
        return Admitted(submitted, inputs, coins)

    def _lent(self, submitted: Submitted) -> LiveObject:
        """Return a coin that pays for a dry run (iota-core, authority.rs: dry_exec_transaction)."""
        lent = coin(f"0x{'f' * 64}", LENT, submitted.sponsor)
        return live(self.identity, lent, 1, GENESIS)

    def _owned(self, named: Reference) -> LiveObject:
        """Return an object in the version that is named."""
        found = self.store.object(named.object_id)
        gone = self.store.gone(named.object_id) if found is None else None
        current = found.version if found else gone
        if current is None or named.version > current:
            raise RefusedError(
                f"Could not find the referenced object {named.object_id} at version Some(Version({named.version}))"
            )
        if found is None or named.version < current:
            raise RefusedError(
                f"Object ID {named.object_id} Version {named.version} Digest {named.digest} is not available for consumption, current version: {current}"
            )
        return found

    def _shared(self, named: SharedInput) -> LiveObject:
        """Return an object of everybody's."""
        found = self.store.object(named.object_id)
        if found is None:
            raise RefusedError(
                f"Could not find the referenced object {named.object_id} at version None"
            )
        if not found.owner.is_shared:
            raise RefusedError("Object used as shared is not shared")
        if int(found.owner.value) != named.initial_version:
            raise RefusedError("Wrong initial version given for shared object")
        if named.object_id == CLOCK and named.is_mutable:
            raise RefusedError(
                "Mutable parameter provided, immutable parameter expected"
            )
        return found

    def _check_gas(self, submitted: Submitted, coins: list[LiveObject]) -> None:
        """Refuse what does not pay enough."""
        self._check_offer(submitted.price, submitted.budget)
        for each in coins:
            if each.owner.form != "Address":
                raise RefusedError(
                    f"Gas object is not an owned object with owner: {each.owner.value}"
                )
            if each.kind != GAS_COIN:
                raise RefusedError(f"Object {each.object_id} is not a gas object")
        balance = sum(each.balance for each in coins)
        if balance < submitted.budget:
            raise RefusedError(
                f"Balance of gas object {balance} is lower than the needed amount: {submitted.budget}"
            )

    def _check_offer(self, price: int, budget: int) -> None:
        """Refuse a price or a budget outside of the limits."""
        least = LEAST_UNITS * price
        if price < self.price:
            raise RefusedError(
                f"Gas price {price} under reference gas price (RGP) {self.price}"
            )
        if price > MOST_PRICE:
            raise RefusedError(f"Gas price cannot exceed {MOST_PRICE} nanos")
        if budget > MOST_BUDGET:
            raise RefusedError(
                f"Gas budget: {budget} is higher than max: {MOST_BUDGET}"
            )
        if budget < least:
            raise RefusedError(f"Gas budget: {budget} is lower than min: {least}")

    def _check_owner(self, named: Reference, owner: str) -> None:
        """Refuse an object of somebody else's, or of another digest."""
        found = self.store.object(named.object_id)
        assert found
        if found.digest != named.digest:
            raise RefusedError(
                f"Invalid Object digest for object {named.object_id}. Expected digest : {found.digest}"
            )
        match found.owner.form:
            case "Shared":
                raise RefusedError("Object used as shared is not shared")
            case "Object":
                raise RefusedError(
                    f"Object {named.object_id} is owned by object {found.owner.value}. Objects owned by other objects cannot be used as input arguments"
                )
        if found.owner.value != owner:
            raise RefusedError(
                f"Transaction was not signed by the correct sender: Object {named.object_id} is owned by account address {found.owner.value}, but given owner/signer address is {owner}"
            )

    def check_locks(self, submitted: Submitted) -> None:
        """Refuse objects that are promised to another transaction; raises LockedError."""
        for each in (*submitted.owned, *submitted.payment):
            lockers = self.store.lockers(each.object_id, each.version)
            if lockers and lockers != [submitted.digest]:
                raise LockedError(lockers, (each.object_id, each.version, each.digest))
