"""What the form of every ledger is made of: pages, which one draft goes through."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import probatio as vol

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..const import CONF_CADENCE, CONF_SETTINGS
from ..ledgers.catalog import CATALOG
from ..ledgers.http import AiohttpTransport
from ..ledgers.ledger import Ledger, LedgerError, SettingsError
from ..transparency.note import VerifierKey
from . import Filled, FormError, seconds


@dataclass(slots=True)
class Draft:
    """A ledger that is being filled in."""

    hass: HomeAssistant = field(repr=False)
    verifier_key: VerifierKey
    before: Mapping[str, Any] | None = field(default=None, repr=False)
    """What its subentry holds, where it is changed."""
    given: dict[str, Any] = field(default_factory=dict, repr=False)
    """What the earlier pages gave; may hold a private key."""

    @property
    def settings_before(self) -> Mapping[str, Any]:
        """The ledger's settings, where it is changed; nothing of a new one."""
        return self.before[CONF_SETTINGS] if self.before else {}


type Read = Callable[[Draft, Mapping[str, Any]], Awaitable[Filled | None]]


async def no_texts(_draft: Draft) -> Mapping[str, str]:
    """Return nothing, where a page's text has no gaps to fill."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One step of the flow."""

    step_id: str
    """The first page's is the ledger's kind: "tangle"."""
    schema: Callable[[Draft], vol.Schema]
    shown: Callable[[Draft], Mapping[str, Any]]
    """What the form holds at first sight."""
    read: Read
    """Takes what was filled in. Returns the ledger, or None for the next page to go on.

    Raises FormError.
    """
    texts: Callable[[Draft], Awaitable[Mapping[str, str]]] = no_texts
    """What the gaps in the page's text are filled with."""
    applies: Callable[[Draft], bool] = lambda _draft: True
    """Whether it has anything to ask or tell, given the pages before it; of the first one, True."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerForm:
    """The form of one kind of ledger."""

    kind: str
    """Its row in the catalog."""
    pages: tuple[Page, ...]
    """What applies of the last ones returns the ledger."""

    def after(self, number: int, draft: Draft) -> int:
        """Return the number of the next page that applies."""
        following = range(number + 1, len(self.pages))
        return next(each for each in following if self.pages[each].applies(draft))


def read_cadence(user_input: Mapping[str, Any]) -> float:
    """Return how many seconds lie between two anchors; raises FormError."""
    cadence = seconds(user_input[CONF_CADENCE])
    if cadence < 1:
        raise FormError({CONF_CADENCE: "cadence_too_short"})
    return cadence


def shown_cadence(draft: Draft) -> Mapping[str, Any]:
    """Return what a form shows of the time between two anchors, of a ledger in use."""
    if draft.before is None:
        return {}
    return {CONF_CADENCE: {"seconds": draft.before[CONF_CADENCE]}}


def ledger_of(draft: Draft, kind: str, settings: Mapping[str, Any]) -> Ledger:
    """Return the ledger that settings describe; raises SettingsError."""
    transport = AiohttpTransport(async_get_clientsession(draft.hass))
    return CATALOG[kind].create(transport, settings, draft.verifier_key)


async def async_check(
    draft: Draft, kind: str, settings: Mapping[str, Any], *fields: str
) -> str:
    """Return the identity of the network behind settings, once it has answered.

    What is wrong with one of `fields` is shown at that field: a form shows no error at a
    field inside a section. Raises FormError.
    """
    with errors_told(*fields):
        return await ledger_of(draft, kind, settings).check()


@contextmanager
def errors_told(*fields: str) -> Iterator[None]:
    """Turn what a ledger finds wrong within the block into what a form tells: FormError.

    What is wrong with one of `fields` is shown at that field.
    """
    try:
        yield
    except SettingsError as err:
        place = err.setting if err.setting in fields else "base"
        raise FormError({place: "setting"}, str(err)) from err
    except LedgerError as err:
        raise FormError({"base": f"ledger_{err.reason}"}, str(err)) from err
