"""What is offered for a transaction, and when that is too little.

With EIP-1559 the block's base fee may double before the offer is too low, what is not
needed stays with the account, and the tip is what a node proposes. Without, the price is
what a node proposes; where it is fixed, just that.
"""

from dataclasses import dataclass

from ..ledger import LedgerUnavailableError, Reason
from .client import EvmClient
from .settings import FeeStyle

HEADROOM = 2
"""Times the base fee that is offered."""

_RAISE = (9, 8)
"""What a transaction must offer more to replace another: nodes want a tenth, or an eighth."""


@dataclass(frozen=True, slots=True)
class Price:
    """What is offered for a unit of gas, in wei: the most, and of it the tip, if there are tips."""

    most: int
    tip: int | None


@dataclass(frozen=True, slots=True)
class Market:
    """What a unit of gas costs now, in wei: the base fee, and what goes to the block's maker."""

    style: FeeStyle
    base: int
    tip: int

    @classmethod
    async def at(cls, client: EvmClient, style: FeeStyle) -> "Market":
        """Return what a node tells of its chain."""
        if style is FeeStyle.EIP1559:
            return cls(style, await client.base_fee(), await client.tip())
        return cls(style, await client.gas_price(), 0)

    @property
    def price(self) -> int:
        """What is paid for a unit of gas that is included next."""
        return self.base + self.tip

    def offer(self, most: int) -> Price:
        """Return what to offer, `most` at the most.

        Raises LedgerUnavailableError where that is too little.
        """
        if self.price > most:
            raise LedgerUnavailableError(
                Reason.FEES_TOO_HIGH,
                f"An anchor costs more than you allow: {self.price} wei for a unit of gas,"
                f" where {most} are the most",
            )
        if self.style is FeeStyle.EIP1559:
            return Price(min(HEADROOM * self.base + self.tip, most), self.tip)
        return Price(self.price, None)

    def takes(self, price: Price) -> bool:
        """Tell whether a transaction that offers this can be included now."""
        if self.style is FeeStyle.FIXED:
            return price.most == self.price
        return price.most >= self.price

    def replacement(self, price: Price, most: int) -> Price | None:
        """Return what to offer in place of a price, None where `most` does not allow it."""
        if self.price > most:
            return None
        offer = self.offer(most)
        if self.style is FeeStyle.FIXED:
            return offer
        raised = Price(
            max(offer.most, _raised(price.most)),
            None if offer.tip is None else max(offer.tip, _raised(price.tip or 0)),
        )
        return raised if raised.most <= most else None


def _raised(amount: int) -> int:
    """Return an amount that is enough more to replace another."""
    times, parts = _RAISE
    return -(-amount * times // parts) or 1
