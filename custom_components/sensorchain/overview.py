"""The overview: what a person sees of logs, their ledgers and the entities they record.

Three tables of JSON objects, each under the key of its row:

    logs       entry id                  title, sizes, the verifier key
    ledgers    subentry id               whether it answers, its anchors, its cadence and cost
    entities   entry id / entity id      a status, the newest reading, and where that is not
                                         confirmed, the newest one that is

A person sees an entity that they may read, and a log with its ledgers when they see one of
its entities.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .anchoring.anchorer import Anchorer
from .anchoring.anchors import Anchor
from .anchoring.entry import LogConfigEntry
from .anchoring.overdue import is_overdue
from .anchoring.service import AnchoringService, Confirmation, ReadingStatus
from .button import ANCHOR_NOW
from .const import (
    CONF_CADENCE,
    CONF_KIND,
    CONF_LEDGER,
    CONF_SETTINGS,
    DOMAIN,
    KIND_LOG,
    SUBENTRY_LEDGER,
)
from .ledgers.catalog import CATALOG

type Row = Mapping[str, Any]
type Table = dict[str, Row]
type Tables = dict[str, Table]

LOGS, LEDGERS, ENTITIES = "logs", "ledgers", "entities"


class Glance(StrEnum):
    """What is told of an entity beyond how far its newest reading has come."""

    OVERDUE = "overdue"
    UNREACHABLE = "unreachable"


def running_entries(hass: HomeAssistant) -> list[LogConfigEntry]:
    """Return the config entries of the logs that are running."""
    return [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.data[CONF_KIND] == KIND_LOG and entry.state is ConfigEntryState.LOADED
    ]


def may_read(user: User, entity_id: str) -> bool:
    """Tell whether a person may see an entity, and so its readings."""
    return user.permissions.check_entity(entity_id, POLICY_READ)


def readable_entities(user: User, entry: LogConfigEntry) -> list[str]:
    """Return the entities of a log's rules that a person may see."""
    return [each for each in entry.runtime_data.entity_ids if may_read(user, each)]


@callback
def overview(
    hass: HomeAssistant, user: User, changed: Iterable[tuple[str, str]] | None = None
) -> Tables:
    """Return the tables; with `changed` (entry id, entity id) of entities those rows only."""
    tables: Tables = {LOGS: {}, LEDGERS: {}, ENTITIES: {}}
    wanted = None if changed is None else set(changed)
    for entry in running_entries(hass):
        if not (entity_ids := readable_entities(user, entry)):
            continue
        tables[LOGS][entry.entry_id] = _log(entry)
        for ledger in entry.get_subentries_of_type(SUBENTRY_LEDGER):
            tables[LEDGERS][ledger.subentry_id] = _ledger(hass, user, entry, ledger)
        for entity_id in entity_ids:
            if wanted is None or (entry.entry_id, entity_id) in wanted:
                key = f"{entry.entry_id}/{entity_id}"
                tables[ENTITIES][key] = _entity(entry, entity_id)
    return tables


def _log(entry: LogConfigEntry) -> Row:
    """Return the row of a log."""
    service = entry.runtime_data
    return {
        "title": entry.title,
        "size": service.size,
        "submitted_size": max(
            (each.submitted_size for each in service.anchorers.values()), default=0
        ),
        "confirmed_size": service.confirmed_size,
        "not_stored": service.unstored,
        "verifier_key": str(service.verifier_key),
    }


def _ledger(
    hass: HomeAssistant, user: User, entry: LogConfigEntry, subentry: ConfigSubentry
) -> Row:
    """Return the row of a ledger."""
    service = entry.runtime_data
    anchorer = service.anchorers[subentry.subentry_id]
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, subentry.subentry_id), entry.entry_id
    )
    submitted, kind = anchorer.submitted, subentry.data[CONF_LEDGER]
    return {
        "log": entry.entry_id,
        "title": subentry.title,
        "kind": kind,
        "is_trial": CATALOG[kind].is_trial(subentry.data[CONF_SETTINGS]),
        "device": device.id if device else None,
        "connected": anchorer.is_connected,
        "rejected": anchorer.is_rejected,
        "error": str(anchorer.error) if anchorer.error else None,
        "submitted_size": anchorer.submitted_size,
        "confirmed_size": anchorer.confirmed_size,
        "awaiting": service.size - anchorer.confirmed_size,
        "cadence": subentry.data[CONF_CADENCE],
        "last_anchor": _anchor(anchorer, submitted[-1] if submitted else None),
        "last_confirmed": _anchor(anchorer, anchorer.last_confirmed),
        "seconds_to_confirmation": (
            anchorer.time_to_confirmation.total_seconds()
            if anchorer.time_to_confirmation
            else None
        ),
        "expected_at": anchorer.expected_at,
        "cost": _cost(anchorer),
        "can_anchor": may_anchor(hass, user, subentry.subentry_id),
    }


def _cost(anchorer: Anchorer) -> Row | None:
    """Return what a ledger's anchors cost, amounts as text; None where nothing is paid."""
    if (unit := anchorer.ledger.unit) is None:
        return None
    account = anchorer.account
    return {
        "unit": unit,
        "last": _amount(anchorer.last_fee),
        "spent": _amount(anchorer.spent),
        "balance": _amount(account.balance) if account else None,
        "anchors_left": account.anchors_left if account else None,
        "is_low": anchorer.is_balance_low,
    }


def _amount(amount: Decimal | None) -> str | None:
    """Return an amount in plain digits: a float would round it."""
    return None if amount is None else f"{amount.normalize():f}"


def may_anchor(hass: HomeAssistant, user: User, ledger_id: str) -> bool:
    """Tell whether a person may have a ledger anchor: who may press its button may."""
    button = er.async_get(hass).async_get_entity_id(
        Platform.BUTTON, DOMAIN, f"{ledger_id}-{ANCHOR_NOW}"
    )
    if button is None:
        return user.is_admin
    return user.permissions.check_entity(button, POLICY_CONTROL)


def _anchor(anchorer: Anchorer, anchor: Anchor | None) -> Row | None:
    """Return what is told of an anchor."""
    if anchor is None or anchor.receipt is None:
        return None
    return {
        "ledger": anchor.ledger_id,
        "size": anchor.size,
        "prepared_at": anchor.prepared_at,
        "confirmed_at": anchor.confirmed_at,
        "existed_before": anchor.receipt.confirmed_at,
        "place": anchor.receipt.place,
        "transaction": anchor.receipt.transaction,
        "explorer": anchorer.ledger.explorer_url(anchor.receipt),
    }


def _entity(entry: LogConfigEntry, entity_id: str) -> Row:
    """Return the row of an entity."""
    service = entry.runtime_data
    latest = service.latest(entity_id)
    confirmed = service.latest_confirmed(entity_id)
    if latest and latest.status is ReadingStatus.CONFIRMED:
        # It is the same one, told once.
        confirmed = None
    rule = service.rule(entity_id)
    return {
        "log": entry.entry_id,
        "entity_id": entity_id,
        "public": rule is not None and rule.public,
        "status": glance(service, latest) if latest else None,
        "reading": reading_row(service, latest) if latest else None,
        "confirmed": reading_row(service, confirmed) if confirmed else None,
    }


def glance(service: AnchoringService, latest: Confirmation) -> ReadingStatus | Glance:
    """Return what a person should know first of an entity's newest reading."""
    if latest.status in (ReadingStatus.CONFIRMED, ReadingStatus.FAILED):
        return latest.status
    anchorers = service.anchorers.values()
    if anchorers and all(each.is_connected is False for each in anchorers):
        return Glance.UNREACHABLE
    since = service.unconfirmed_since(latest.reading.leaf.reading.entity_id)
    is_late = is_overdue(since, service.overdue_after)
    return Glance.OVERDUE if is_late else latest.status


def reading_row(service: AnchoringService, confirmation: Confirmation) -> Row:
    """Return what is told of a reading, and of the anchor that it is in."""
    leaf, anchor = confirmation.reading.leaf, confirmation.anchor
    anchorer = service.anchorers.get(anchor.ledger_id) if anchor else None
    return {
        "index": confirmation.reading.index,
        # An entity that was renamed goes on under the id that the log has for it.
        "entity_id": leaf.reading.entity_id,
        "sequence": leaf.sequence,
        "state": leaf.reading.state,
        "unit": leaf.reading.unit,
        "time": leaf.reading.last_updated,
        "public": confirmation.reading.public,
        "status": confirmation.status,
        "anchor": _anchor(anchorer, anchor) if anchorer else None,
    }
