"""Hand-over: one watcher for a log, however often the log is started anew.

While a log's config entry is reloaded, its watcher listens on and keeps what it sees, and
the next run of the log decides on it: unloaded → watcher waits → set up → decided. Where no
next run follows at once, the watcher is stopped.
"""

from functools import partial

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import CONF_ENTITY_IDS, DOMAIN, SUBENTRY_RULE
from .entry import LogConfigEntry, rules_of
from .rule import Rule
from .watcher import SourceListener, Watcher

DATA_WAITING: HassKey[dict[str, Watcher]] = HassKey(f"{DOMAIN}_watchers")


@callback
def async_watch_rules(hass: HomeAssistant, entry: LogConfigEntry) -> Watcher:
    """Watch the entities of a log's rules from now on, or since the last run of the log.

    Nothing is recorded yet. Once the entry is unloaded the watcher waits for the next run.
    """
    waiting = hass.data.setdefault(DATA_WAITING, {})
    if (watcher := waiting.pop(entry.entry_id, None)) is None:
        watcher = Watcher(hass)
        rename = partial(_async_rename, hass, entry)
        watcher.async_add_listener(SourceListener(lambda _: None, rename))
    watcher.async_set_rules(rules_of(entry))
    entry.async_on_unload(partial(_async_wait, hass, entry, watcher))
    return watcher


@callback
def _async_wait(hass: HomeAssistant, entry: LogConfigEntry, watcher: Watcher) -> None:
    """Have a watcher wait while its log is started anew."""
    waiting = hass.data[DATA_WAITING]
    watcher.async_pause()
    waiting[entry.entry_id] = watcher

    is_settling = False

    @callback
    def settle() -> None:
        """Stop the watcher, unless the log is being started or has it already."""
        stop_following()
        if entry.state is not ConfigEntryState.SETUP_IN_PROGRESS:
            if waiting.pop(entry.entry_id, None):
                watcher.async_stop()

    @callback
    def follow() -> None:
        """Wait for the end of unloading; a reload goes on before anything else is done."""
        nonlocal is_settling
        if not is_settling and entry.state is not ConfigEntryState.UNLOAD_IN_PROGRESS:
            is_settling = True
            hass.loop.call_soon(settle)

    stop_following = entry.async_on_state_change(follow)


@callback
def _async_rename(
    hass: HomeAssistant, entry: LogConfigEntry, old: str, new: str
) -> None:
    """Have a log's rules name an entity by its new id."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_RULE):
        rule = Rule.from_mapping(subentry.data).renamed(old, new)
        if list(rule.entity_ids) != list(subentry.data[CONF_ENTITY_IDS]):
            data = {**subentry.data, CONF_ENTITY_IDS: list(rule.entity_ids)}
            hass.config_entries.async_update_subentry(entry, subentry, data=data)
