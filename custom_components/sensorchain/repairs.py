"""Repair issues: what only a person can put right, told for as long as it is so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, override

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .anchoring.anchorer import Anchorer
from .anchoring.entry import LogConfigEntry, rules_of
from .anchoring.rule import Rule
from .anchoring.service import AnchoringService
from .anchoring.succession import Succession, async_replace, async_succeed
from .anchoring.watcher import SourceListener
from .const import CONF_ENTITY_IDS, DOMAIN, SUBENTRY_LEDGER, SUBENTRY_RULE
from .transparency.checkpoint import SignedCheckpoint
from .transparency.errors import (
    CorruptDatabaseError,
    ForeignDatabaseError,
    MissingDatabaseError,
    NewerDatabaseError,
    StorageBusyError,
    StorageConflictError,
    StorageError,
    StorageFullError,
    StorageReadOnlyError,
    WrongKeyError,
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """How a cause of a StorageError is told.

    `passes` is for what may be over by itself; `needs_new_log` for what a person can only
    put right by putting the file back, or by letting a new log take over.
    """

    translation_key: str
    passes: bool = False
    needs_new_log: bool = False


TROUBLES: Mapping[type[StorageError], Trouble] = {
    StorageError: Trouble("storage_failed", passes=True),
    StorageFullError: Trouble("storage_full", passes=True),
    StorageReadOnlyError: Trouble("storage_read_only", passes=True),
    StorageBusyError: Trouble("storage_busy", passes=True),
    StorageConflictError: Trouble("storage_conflict"),
    NewerDatabaseError: Trouble("storage_newer"),
    MissingDatabaseError: Trouble("storage_missing", needs_new_log=True),
    CorruptDatabaseError: Trouble("storage_corrupt", needs_new_log=True),
    ForeignDatabaseError: Trouble("storage_foreign", needs_new_log=True),
    WrongKeyError: Trouble("storage_wrong_key", needs_new_log=True),
}


@callback
def async_watch_log(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """Tell of a log that cannot be written and of ledgers that refuse, until it is over."""
    service = entry.runtime_data

    @callback
    def tell() -> None:
        """Compare what is told with what is so."""
        _tell_of_storage(hass, entry, service.storage_error, service.unwritten)
        names = {"log": entry.title}
        _tell(hass, _clock_issue(entry), "clock_went_back", service.clock_lag, names)
        waits_for = service.continuity.waits_for
        for anchorer in service.anchorers.values():
            names = {"log": entry.title, "ledger": anchorer.title}
            error = anchorer.error if anchorer.is_rejected else None
            _tell(
                hass,
                _refusal_issue(anchorer.ledger_id),
                "ledger_refuses",
                error,
                names,
                fixable_for=entry,
            )
            _tell(
                hass, f"lost_{anchorer.ledger_id}", "anchor_lost", anchorer.loss, names
            )
            _tell_of_balance(hass, anchorer, names)
            error = anchorer.error if anchorer.ledger_id in waits_for else None
            _tell(hass, f"unasked_{anchorer.ledger_id}", "ledger_unasked", error, names)

    @callback
    def withdraw() -> None:
        """Tell nothing of a log that is not running, or of a ledger that is gone."""
        for name in (_storage_issue, _clock_issue, _gone_issue):
            issue_id = name(entry)
            ir.async_delete_issue(hass, DOMAIN, issue_id)
        for ledger_id in service.anchorers:
            ir.async_delete_issue(hass, DOMAIN, _refusal_issue(ledger_id))
            ir.async_delete_issue(hass, DOMAIN, f"unasked_{ledger_id}")
            ir.async_delete_issue(hass, DOMAIN, f"lost_{ledger_id}")
            ir.async_delete_issue(hass, DOMAIN, f"balance_{ledger_id}")

    @callback
    def tell_of_gone(*_entity_ids: str) -> None:
        """Tell of entities that rules name and that were removed."""
        gone = ", ".join(_gone_entities(hass, entry)) or None
        names = {"log": entry.title, "entities": gone or ""}
        _tell(hass, _gone_issue(entry), "entities_gone", gone, names, fixable_for=entry)

    listener = SourceListener(tell_of_gone, tell_of_gone)
    entry.async_on_unload(service.async_add_source_listener(listener))
    entry.async_on_unload(service.async_add_listener(tell))
    entry.async_on_unload(withdraw)
    tell()
    tell_of_gone()
    if service.lost:
        _tell_once(hass, entry, _loss_issue(entry), "readings_lost", lost=service.lost)


@callback
def async_tell_unopened(
    hass: HomeAssistant, entry: LogConfigEntry, error: StorageError
) -> Trouble:
    """Tell of a log that cannot be opened; return how."""
    _tell_of_storage(hass, entry, error, 0)
    return TROUBLES[type(error)]


@callback
def async_forget_log(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """Tell nothing more of a log that was removed."""
    for name in (_storage_issue, _succession_issue, _loss_issue):
        issue_id = name(entry)
        ir.async_delete_issue(hass, DOMAIN, issue_id)


@callback
def async_supersede(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    service: AnchoringService,
    seen: SignedCheckpoint,
) -> None:
    """Have a new log take over from one that was put back from an older copy."""

    async def succeed() -> None:
        succession = await async_succeed(hass, entry, service, seen)
        _tell_of_succession(hass, entry, succession, "log_rolled_back")

    # Not the entry's own task: it ends by starting the entry anew.
    hass.async_create_background_task(succeed(), f"sensorchain new {entry.title}")


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Return what a person does about an issue: read it, or have something done."""
    entry = hass.config_entries.async_get_entry(data["entry_id"]) if data else None
    if entry is None:
        return ConfirmRepairFlow()
    if issue_id == _storage_issue(entry):
        return NewLogFlow(entry)
    if issue_id == _gone_issue(entry):
        return ActFlow(partial(_async_remove_gone, hass, entry))
    for ledger in entry.get_subentries_of_type(SUBENTRY_LEDGER):
        if issue_id == _refusal_issue(ledger.subentry_id):
            return ActFlow(partial(_async_try_again, entry, ledger.subentry_id))
    return ConfirmRepairFlow()


class ActFlow(ConfirmRepairFlow):
    """Does something once a person agrees."""

    def __init__(self, act: Callable[[], None]) -> None:
        """Do this."""
        super().__init__()
        self._act = act

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask first, then do it."""
        if user_input is not None:
            self._act()
        return await super().async_step_confirm(user_input)


@callback
def _async_try_again(entry: LogConfigEntry, ledger_id: str) -> None:
    """Have a ledger anchor now, whatever it has refused."""
    if entry.state is ConfigEntryState.LOADED:
        entry.runtime_data.anchorers[ledger_id].request()


def _gone_entities(hass: HomeAssistant, entry: LogConfigEntry) -> list[str]:
    """Return the entities that rules name, were registered once, and are not any more."""
    return [
        entity_id
        for rule in rules_of(entry)
        for entity_id in rule.entity_ids
        if not hass.states.get(entity_id) and entry.runtime_data.is_gone(entity_id)
    ]


@callback
def _async_remove_gone(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """Take what was removed out of the rules, and a rule that has nothing left away."""
    if entry.state is not ConfigEntryState.LOADED:
        return
    gone = set(_gone_entities(hass, entry))
    for subentry in entry.get_subentries_of_type(SUBENTRY_RULE):
        named = subentry.data[CONF_ENTITY_IDS]
        kept = [each for each in named if each not in gone]
        if not kept and Rule.from_mapping(subentry.data).scope.is_empty:
            hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
        elif kept != named:
            data = {**subentry.data, CONF_ENTITY_IDS: kept}
            hass.config_entries.async_update_subentry(entry, subentry, data=data)


class NewLogFlow(RepairsFlow):
    """Lets a new log take over from one whose file is damaged, or gone."""

    def __init__(self, entry: LogConfigEntry) -> None:
        """Start anew the log of this entry."""
        self._entry = entry

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask first."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Start a new log once a person agrees."""
        if user_input is None:
            issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
            return self.async_show_form(
                step_id="confirm",
                description_placeholders=issue.translation_placeholders
                if issue
                else None,
            )
        try:
            succession = await async_replace(self.hass, self._entry)
        except StorageError as err:
            return self.async_abort(
                reason="cannot_store", description_placeholders={"reason": str(err)}
            )
        _tell_of_succession(self.hass, self._entry, succession, "log_replaced")
        return self.async_create_entry(data={})


@callback
def _tell_of_storage(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    error: StorageError | None,
    unwritten: int,
) -> None:
    """Tell of a log's file that cannot be used, until it can be."""
    trouble = TROUBLES[type(error)] if error else TROUBLES[StorageError]
    _tell(
        hass,
        _storage_issue(entry),
        trouble.translation_key,
        error,
        {"log": entry.title, "unwritten": str(unwritten)},
        fixable_for=entry if trouble.needs_new_log else None,
    )


@callback
def _tell_of_balance(
    hass: HomeAssistant, anchorer: Anchorer, names: dict[str, str]
) -> None:
    """Tell of an account that will soon pay for no more anchors."""
    account = anchorer.account if anchorer.is_balance_low else None
    details = (
        {
            "address": account.address,
            "balance": f"{account.balance.normalize():f} {anchorer.ledger.unit}",
            "anchors_left": str(account.anchors_left),
        }
        if account
        else {}
    )
    issue_id = f"balance_{anchorer.ledger_id}"
    _tell(hass, issue_id, "balance_low", account, names | details)


@callback
def _tell_of_succession(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    succession: Succession,
    translation_key: str,
) -> None:
    """Tell that a new log has taken over."""
    _tell_once(
        hass,
        entry,
        _succession_issue(entry),
        translation_key,
        size=succession.last.size,
        copied=succession.copied,
        file=succession.file,
    )


@callback
def _tell_once(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    issue_id: str,
    translation_key: str,
    **placeholders: object,
) -> None:
    """Tell of what is over, until a person has read it."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        data={"entry_id": entry.entry_id},
        is_fixable=True,
        is_persistent=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=translation_key,
        translation_placeholders={
            "log": entry.title,
            **{name: str(value) for name, value in placeholders.items()},
        },
    )


def _storage_issue(entry: LogConfigEntry) -> str:
    """Return the id of the issue of a log's file."""
    return f"storage_{entry.entry_id}"


def _gone_issue(entry: LogConfigEntry) -> str:
    """Return the id of the issue of entities that were removed."""
    return f"gone_{entry.entry_id}"


def _refusal_issue(ledger_id: str) -> str:
    """Return the id of the issue of a ledger that refuses."""
    return f"ledger_{ledger_id}"


def _clock_issue(entry: LogConfigEntry) -> str:
    """Return the id of the issue of a clock that went back."""
    return f"clock_{entry.entry_id}"


def _loss_issue(entry: LogConfigEntry) -> str:
    """Return the id of the issue of readings that an earlier run has lost."""
    return f"loss_{entry.entry_id}"


def _succession_issue(entry: LogConfigEntry) -> str:
    """Return the id of the issue of a log that another has taken over from."""
    return f"succession_{entry.entry_id}"


@callback
def _tell(
    hass: HomeAssistant,
    issue_id: str,
    translation_key: str,
    reason: object | None,
    placeholders: dict[str, str],
    *,
    fixable_for: LogConfigEntry | None = None,
) -> None:
    """Raise an issue for a reason, or withdraw it."""
    if reason is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        data={"entry_id": fixable_for.entry_id} if fixable_for else None,
        is_fixable=fixable_for is not None,
        severity=ir.IssueSeverity.ERROR,
        translation_key=translation_key,
        translation_placeholders={**placeholders, "reason": str(reason)},
    )
