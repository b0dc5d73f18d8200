"""What the forms of ledgers have in common whose anchors an account pays for."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.helpers.storage import Store

from ..const import CONF_CADENCE, CONF_LEDGER, CONF_SETTINGS, DOMAIN, SUBENTRY_LEDGER
from ..ledgers.ledger import Account, LedgerError
from . import FormError
from .ledger import Draft

CONF_PRIVATE_KEY = "private_key"

OWN = "own"
"""Another network than those that are known."""

NEW, IMPORTED = "new", "imported"
"""Where the account's key comes from."""

SECRET = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))

MONTH_SECONDS = 30 * 24 * 60 * 60

_STORE = f"{DOMAIN}.accounts"
_STORE_VERSION = 1


class Paying(Protocol):
    """A ledger that is paid for."""

    async def account(self) -> Account | None:
        """Return what pays; raises LedgerError."""

    async def typical_fee(self) -> int:
        """Return what an anchor costs now, in the smallest unit; raises LedgerError."""


async def costs(
    draft: Draft, ledger: Paying, in_unit: Callable[[int], Decimal], unit: str
) -> Mapping[str, str]:
    """Return for a page's text what the account has, and what anchors cost: each, a month.

    "?" for what cannot be told now. `in_unit` turns amounts of the smallest unit into `unit`.
    """
    texts = {"balance": "?", "fee": "?", "month": "?"}
    try:
        account = await ledger.account()
        fee = await ledger.typical_fee()
    except LedgerError:
        return texts
    anchors = MONTH_SECONDS / draft.given[CONF_CADENCE]
    return {
        "balance": _told(account.balance, unit) if account else "?",
        "fee": _told(in_unit(fee), unit),
        "month": _told(in_unit(int(fee * anchors)), unit),
    }


def _told(amount: Decimal, unit: str) -> str:
    """Return an amount in few digits, with its unit."""
    shown = Decimal(f"{amount:.3g}").normalize()
    return f"{shown:f} {unit}"


def is_in_use(
    hass: HomeAssistant, kind: str, settings: Mapping[str, Any], *account: str
) -> bool:
    """Whether a ledger of a kind has the same account: the same in these settings.

    Two would be in each other's way.
    """
    return any(
        subentry.data[CONF_LEDGER] == kind
        and all(subentry.data[CONF_SETTINGS][key] == settings[key] for key in account)
        for entry in hass.config_entries.async_entries(DOMAIN)
        for subentry in entry.get_subentries_of_type(SUBENTRY_LEDGER)
    )


async def async_spare_key(
    hass: HomeAssistant,
    network: str,
    make: Callable[[], str],
    is_taken: Callable[[str], bool],
) -> str:
    """Return the key of an account on a network that no ledger has yet, as it is stored.

    It is on the disk before a person is told to send money to it, else FormError is raised.
    Should the form not be finished, the next one for this network has the same account.
    """
    keys = await _store(hass).async_load() or {}
    if network not in keys or is_taken(keys[network]):
        keys[network] = make()
        await _store(hass).async_save(keys)
        # A disk that is full is told in the log alone.
        if await _store(hass).async_load() != keys:
            raise FormError({"base": "key_not_stored"})
    return keys[network]


def _store(hass: HomeAssistant) -> Store[dict[str, str]]:
    """Return the file of keys that wait for their ledgers, by network."""
    return Store(hass, _STORE_VERSION, _STORE, private=True)
