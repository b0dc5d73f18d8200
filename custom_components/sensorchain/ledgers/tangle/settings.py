"""What a person chooses for a Tangle."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from ...transparency.jcs import JsonValue
from ..given import (
    check_explorer,
    check_nodes,
    check_range,
    choice,
    number,
    optional_text,
    public_url,
    urls,
)
from ..ledger import SettingsError
from .transaction import HASH_TRYTES
from .trytes import is_trytes

MOST_WEIGHT = 81
"""Trits; mainnet asked for 14, and each one more is three times the work."""

MOST_TRANSACTIONS = 20
"""In an anchor: 43 740 trytes, 21 870 characters."""


class ProofOfWork(StrEnum):
    """Who searches the nonces."""

    LOCAL = "local"
    NODE = "node"


@dataclass(frozen=True, slots=True)
class TangleSettings:
    """The nodes of a Tangle and how it is used; raises SettingsError for what cannot be.

    `coordinator` is the coordinator's address, the network's identity, or None to take
    the nodes' word; `transactions` is the most that an anchor takes.
    """

    nodes: tuple[str, ...]
    minimum_weight_magnitude: int = 14
    proof_of_work: ProofOfWork = ProofOfWork.LOCAL
    coordinator: str | None = None
    transactions: int = 4
    explorer: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        check_nodes(self.nodes)
        check_range(
            "minimum_weight_magnitude", self.minimum_weight_magnitude, 1, MOST_WEIGHT
        )
        check_range("transactions", self.transactions, 1, MOST_TRANSACTIONS)
        if self.coordinator is not None and not is_trytes(
            self.coordinator, HASH_TRYTES
        ):
            raise SettingsError("coordinator", "A coordinator's address is 81 trytes")
        check_explorer(self.explorer)

    def to_json(self) -> dict[str, JsonValue]:
        """Return the settings as they are stored."""
        return {
            "nodes": list(self.nodes),
            "minimum_weight_magnitude": self.minimum_weight_magnitude,
            "proof_of_work": self.proof_of_work.value,
            "coordinator": self.coordinator,
            "transactions": self.transactions,
            "explorer": self.explorer,
        }

    def public(self) -> "TangleSettings":
        """Return the settings without what lets somebody in: for strangers to see."""
        return replace(self, nodes=tuple(dict.fromkeys(map(public_url, self.nodes))))

    @classmethod
    def from_json(cls, value: Mapping[str, JsonValue]) -> "TangleSettings":
        """Return the settings of a JSON object; what is missing is as by default."""
        given = {each.name: each.default for each in fields(cls)} | dict(value)
        return cls(
            nodes=urls(given, "nodes"),
            minimum_weight_magnitude=number(given, "minimum_weight_magnitude"),
            proof_of_work=choice(given, "proof_of_work", ProofOfWork),
            coordinator=optional_text(given, "coordinator"),
            transactions=number(given, "transactions"),
            explorer=optional_text(given, "explorer"),
        )
