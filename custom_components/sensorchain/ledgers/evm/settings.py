"""What a person chooses for a chain."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from ...transparency.jcs import JsonValue
from ..given import (
    check_explorer,
    check_nodes,
    check_range,
    choice,
    number,
    optional_text,
    text,
    urls,
    without_tokens,
)
from ..ledger import SettingsError
from .key import Key

MOST_CHAIN_ID = 2**53 - 1
"""What JSON keeps exactly."""

LEAST_BYTES, MOST_BYTES = 512, 65_536
"""Of a transaction's data: a checkpoint alone has some 270; nodes take up to 128 KiB."""

MOST_BLOCKS = 1000

DECIMALS = 18
"""One unit (ETH, xDAI, POL) is 10 to the power of this in wei, on every chain."""

_MOST_UNIT = 12
_MOST_AMOUNT = 10**12


class Finality(StrEnum):
    """What of a chain counts as confirmed."""

    FINALIZED = "finalized"
    SAFE = "safe"
    BLOCKS = "blocks"


class FeeStyle(StrEnum):
    """How a chain is paid."""

    EIP1559 = "eip1559"
    """A base fee, which the protocol sets, and a tip."""
    LEGACY = "legacy"
    """One price, as its nodes propose it."""
    FIXED = "fixed"
    """One price, exactly the one that its nodes tell."""


@dataclass(frozen=True, slots=True)
class EvmSettings:
    """The nodes of a chain and how it is used; raises SettingsError for what cannot be.

    `private_key` is None where there is nothing to sign: in a verifier. `most_fee` is what
    an anchor may cost at the most, in `unit`; `blocks` counts with Finality.BLOCKS alone;
    `most_bytes` is how long a transaction's data may be.
    """

    nodes: tuple[str, ...]
    chain_id: int
    private_key: str | None = field(default=None, repr=False)
    fees: FeeStyle = FeeStyle.EIP1559
    most_fee: str = "0.001"
    unit: str = "ETH"
    finality: Finality = Finality.FINALIZED
    blocks: int = 12
    most_bytes: int = 4096
    explorer: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        check_nodes(self.nodes)
        check_range("chain_id", self.chain_id, 1, MOST_CHAIN_ID)
        check_range("blocks", self.blocks, 1, MOST_BLOCKS)
        check_range("most_bytes", self.most_bytes, LEAST_BYTES, MOST_BYTES)
        check_explorer(self.explorer)
        if not (0 < len(self.unit) <= _MOST_UNIT and self.unit.isprintable()):
            raise SettingsError("unit", "A unit is a short text")
        if wei(self.most_fee) <= 0:
            raise SettingsError("most_fee", "An anchor costs more than that")
        if self.private_key is not None:
            Key.parse(self.private_key)

    @property
    def key(self) -> Key | None:
        """The account's key, where there is one."""
        return None if self.private_key is None else Key.parse(self.private_key)

    def to_json(self) -> dict[str, JsonValue]:
        """Return the settings as they are stored."""
        return {
            "nodes": list(self.nodes),
            "chain_id": self.chain_id,
            "private_key": self.private_key,
            "fees": self.fees.value,
            "most_fee": self.most_fee,
            "unit": self.unit,
            "finality": self.finality.value,
            "blocks": self.blocks,
            "most_bytes": self.most_bytes,
            "explorer": self.explorer,
        }

    def public(self, known_nodes: tuple[str, ...] = ()) -> "EvmSettings":
        """Return the settings without what lets somebody in: for strangers to see.

        `known_nodes` are the public ones of the chain.
        """
        nodes = without_tokens(self.nodes, known_nodes)
        return replace(self, nodes=nodes, private_key=None)

    @classmethod
    def from_json(cls, value: Mapping[str, JsonValue]) -> "EvmSettings":
        """Return the settings of a JSON object; what is missing is as by default."""
        given = {each.name: each.default for each in fields(cls)} | dict(value)
        return cls(
            nodes=urls(given, "nodes"),
            chain_id=number(given, "chain_id"),
            private_key=optional_text(given, "private_key"),
            fees=choice(given, "fees", FeeStyle),
            most_fee=text(given, "most_fee"),
            unit=text(given, "unit"),
            finality=choice(given, "finality", Finality),
            blocks=number(given, "blocks"),
            most_bytes=number(given, "most_bytes"),
            explorer=optional_text(given, "explorer"),
        )


def wei(amount: str) -> int:
    """Return an amount of the chain's unit in wei; raises SettingsError."""
    try:
        given = Decimal(amount)
    except InvalidOperation as error:
        raise SettingsError("most_fee", "Not an amount") from error
    if not given.is_finite() or not 0 <= given < _MOST_AMOUNT:
        raise SettingsError("most_fee", "Not an amount")
    return int(given.scaleb(DECIMALS))


def in_unit(amount: int) -> Decimal:
    """Return an amount of wei in the chain's unit."""
    return Decimal(amount).scaleb(-DECIMALS)
