"""Diagnostics of a log: how it is doing, and nothing of whom or what it is about.

Only what is listed here is told. Names, entity ids, states, addresses, keys and the texts of
errors are not: errors are told by their kind.
"""

from collections import Counter
from dataclasses import fields
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, split_entity_id

from .anchoring.anchorer import Anchorer
from .anchoring.entry import LogConfigEntry, rules_of
from .anchoring.rule import Rule
from .anchoring.service import AnchoringService
from .const import (
    CONF_ARCHIVE_AFTER,
    CONF_CADENCE,
    CONF_LEDGER,
    CONF_NEEDS_ALL_LEDGERS,
    CONF_PREVIOUS_LOGS,
    SUBENTRY_LEDGER,
)


async def async_tell_log(_hass: HomeAssistant, entry: LogConfigEntry) -> dict[str, Any]:
    """Return how a log is doing."""
    is_running = entry.state is ConfigEntryState.LOADED
    return {
        "options": {
            key: entry.options.get(key)
            for key in (CONF_NEEDS_ALL_LEDGERS, CONF_ARCHIVE_AFTER)
        },
        "previous_logs": len(entry.data.get(CONF_PREVIOUS_LOGS, [])),
        "rules": [_rule(rule) for rule in rules_of(entry)],
        "ledgers": [
            {
                "kind": subentry.data[CONF_LEDGER],
                "seconds_between_anchors": subentry.data[CONF_CADENCE],
                **(
                    _ledger(entry.runtime_data.anchorers[subentry.subentry_id])
                    if is_running
                    else {}
                ),
            }
            for subentry in entry.get_subentries_of_type(SUBENTRY_LEDGER)
        ],
        "log": _log(entry.runtime_data) if is_running else None,
    }


def _log(service: AnchoringService) -> dict[str, Any]:
    """Return how far a running log is."""
    return {
        "readings": service.size,
        "confirmed": service.confirmed_size,
        "waiting_for_the_disk": service.unwritten,
        "lost": service.lost,
        "storage_error": _kind(service.storage_error),
        "clock_lag": str(service.clock_lag) if service.clock_lag else None,
        "ledgers_not_asked_yet": len(service.continuity.waits_for),
        "entities": dict(
            Counter(split_entity_id(each)[0] for each in service.entity_ids)
        ),
    }


def _ledger(anchorer: Anchorer) -> dict[str, Any]:
    """Return how far a ledger is."""
    last = anchorer.last_confirmed
    return {
        "connected": anchorer.is_connected,
        "error": _kind(anchorer.error),
        "reason": anchorer.error.reason.value if anchorer.error else None,
        "submitted": anchorer.submitted_size,
        "confirmed": anchorer.confirmed_size,
        "anchors_under_way": len(anchorer.submitted),
        "last_confirmed": last.confirmed_at if last else None,
        "time_to_confirmation": str(anchorer.time_to_confirmation),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    """Return what a rule asks for, and how many it names of each."""
    return {
        "occasion": rule.occasion.value,
        "public": rule.public,
        "at_most_every": rule.at_most_every.total_seconds(),
        "at_least_every": rule.at_least_every.total_seconds(),
        "moved_by": str(rule.moved_by),
        "entities": len(rule.entity_ids),
        "scope": {
            field.name: len(getattr(rule.scope, field.name))
            for field in fields(rule.scope)
        },
    }


def _kind(error: Exception | None) -> str | None:
    """Return the kind of an error."""
    return type(error).__name__ if error else None
