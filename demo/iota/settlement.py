"""What a transaction does: its program is run, its gas is paid, and its effects are written down."""

from collections.abc import Callable
from dataclasses import dataclass, replace
import json
from typing import Any

import iota_sdk as sdk

from .admission import LEAST_UNITS, Admitted
from .execution import Program
from .identity import Identity
from .kinds import GAS_COIN
from .objects import GENESIS, LiveObject, Owner, Thing, live, storage_cost
from .problems import INSUFFICIENT_GAS, FailedError, Status


@dataclass(frozen=True, slots=True)
class Fee:
    """What a transaction costs, in NANOS."""

    computation: int
    storage: int = 0
    rebate: int = 0
    """What is given back for the storage that its objects had."""

    @property
    def net(self) -> int:
        """What the coin loses; negative where more is given back."""
        return self.computation + self.storage - self.rebate

    def to_sdk(self) -> dict[str, str]:
        """Return it as the library reads it."""
        return {
            "computation_cost": str(self.computation),
            "computation_cost_burned": str(self.computation),
            "storage_cost": str(self.storage),
            "storage_rebate": str(self.rebate),
            "non_refundable_storage_fee": "0",
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a transaction does, or would do."""

    status: Status
    effects: bytes
    """In BCS."""
    written: tuple[LiveObject, ...]
    deleted: tuple[str, ...]
    version: int
    """Of everything that it changes."""


@dataclass(slots=True)
class Settlement:
    """One transaction on its way."""

    identity: Identity
    epoch: int
    admitted: Admitted
    look_up: Callable[[str], LiveObject | None]

    def settle(self) -> Outcome:
        """Run it, let it pay, and return what comes of it."""
        status, left, deleted = self._run()
        fee = Fee(LEAST_UNITS * self.admitted.submitted.price)
        budget = self.admitted.submitted.budget
        if fee.computation >= budget:
            fee = Fee(budget)
            status, left, deleted = self._failed()
        paid = self._stored(fee, left, deleted)
        if paid.storage - paid.rebate > budget - paid.computation:
            status, left, deleted = self._failed()
            paid = self._stored(fee, left, deleted)
        self._pay(left, paid)
        return self._outcome(status, paid, left, deleted)

    def _run(self) -> tuple[Status, dict[str, Thing], set[str]]:
        """Run the program; return how it ended, and what it leaves."""
        submitted, gas = self.admitted.submitted, self._gas()
        program = Program(
            self.identity, submitted, self.admitted.inputs, gas, self.look_up
        )
        try:
            program.run()
        except FailedError as error:
            return Status.failed(error), *self._untouched()
        deleted = program.deleted | self._merged
        existing = {each for each in deleted if self.look_up(each)}
        return Status(), program.left, existing

    def _failed(self) -> tuple[Status, dict[str, Thing], set[str]]:
        """Return that there was not enough gas: nothing is done but to pay."""
        return Status(INSUFFICIENT_GAS), *self._untouched()

    def _untouched(self) -> tuple[dict[str, Thing], set[str]]:
        """Return the objects as they were, the coins as one: what a failure leaves."""
        submitted = self.admitted.submitted
        changing = {each.object_id for each in submitted.owned}
        changing |= {each.object_id for each in submitted.shared if each.is_mutable}
        inputs = self.admitted.inputs
        left = {
            each: Thing(inputs[each].kind, inputs[each].value, inputs[each].owner)
            for each in changing
        }
        gas = self._gas()
        return {**left, gas.value["id"]: gas}, set(self._merged)

    def _gas(self) -> Thing:
        """Return the coins that pay, as one."""
        first, *_ = self.admitted.coins
        value = first.value
        value["balance"]["value"] = sum(each.balance for each in self.admitted.coins)
        return Thing(GAS_COIN, value, first.owner)

    @property
    def _merged(self) -> set[str]:
        """The coins that became a part of the first one."""
        return {each.object_id for each in self.admitted.coins[1:]}

    def _stored(self, fee: Fee, left: dict[str, Thing], deleted: set[str]) -> Fee:
        """Return a fee with the storage of objects."""
        before = (self.look_up(each) for each in {*left, *deleted})
        return replace(
            fee,
            storage=sum(storage_cost(self.identity, each) for each in left.values()),
            rebate=sum(each.rebate for each in before if each),
        )

    def _pay(self, left: dict[str, Thing], fee: Fee) -> None:
        """Take a fee from the coin."""
        coin = left[self.admitted.coins[0].object_id]
        coin.value["balance"]["value"] -= fee.net

    def _outcome(
        self, status: Status, fee: Fee, left: dict[str, Thing], deleted: set[str]
    ) -> Outcome:
        """Return everything that has changed, all in one new version."""
        submitted = self.admitted.submitted
        inputs = [*self.admitted.inputs.values(), *self.admitted.coins]
        version = 1 + max(each.version for each in inputs)
        written = tuple(
            live(self.identity, self._since(each, version), version, submitted.digest)
            for each in left.values()
        )
        changes = sorted(
            [
                *(self._written(each) for each in written),
                *(self._deleted(each) for each in deleted),
            ],
            key=lambda each: str(each["object_id"]),
        )
        gas = self.admitted.coins[0].object_id
        effects = {
            "status": status.to_sdk(),
            "epoch": str(self.epoch),
            "gas_cost_summary": fee.to_sdk(),
            "transaction_digest": submitted.digest,
            "gas_object_index": [each["object_id"] for each in changes].index(gas),
            "events_digest": None,
            "dependencies": sorted({each.previous for each in inputs} - {GENESIS}),
            "lamport_version": str(version),
            "changed_objects": changes,
            "unchanged_shared_objects": self._read(),
            "auxiliary_data_digest": None,
        }
        bcs = sdk.TransactionEffects.from_json(json.dumps({"V1": effects})).to_bcs()
        return Outcome(status, bcs, written, tuple(sorted(deleted)), version)

    def _since(self, thing: Thing, version: int) -> Thing:
        """Return an object, shared from this version on if it has just become so."""
        if thing.owner == Owner.shared(0):
            return replace(thing, owner=Owner.shared(version))
        return thing

    def _before(self, object_id: str) -> Any:
        """Return what an object was, as effects tell it."""
        found = self.look_up(object_id)
        if found is None:
            return "Missing"
        return {
            "Data": {
                "version": str(found.version),
                "digest": found.digest,
                "owner": found.owner.to_sdk(),
            }
        }

    def _written(self, each: LiveObject) -> dict[str, Any]:
        """Return that an object was made or changed."""
        before = self._before(each.object_id)
        after = {"digest": each.digest, "owner": each.owner.to_sdk()}
        return {
            "object_id": each.object_id,
            "input_state": before,
            "output_state": {"ObjectWrite": after},
            "id_operation": "created" if before == "Missing" else "none",
        }

    def _deleted(self, object_id: str) -> dict[str, Any]:
        """Return that an object was deleted."""
        return {
            "object_id": object_id,
            "input_state": self._before(object_id),
            "output_state": "Missing",
            "id_operation": "deleted",
        }

    def _read(self) -> list[dict[str, Any]]:
        """Return the objects of everybody's that were only read."""
        found = [
            self.admitted.inputs[each.object_id]
            for each in self.admitted.submitted.shared
            if not each.is_mutable
        ]
        return [
            {
                "object_id": each.object_id,
                "kind": {
                    "ReadOnlyRoot": {
                        "version": str(each.version),
                        "digest": each.digest,
                    }
                },
            }
            for each in found
        ]
