"""Home Assistant's own history, edited behind its back, held against the log."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from custom_components.sensorchain.anchoring.entry import LogConfigEntry
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.db_schema import States
from homeassistant.components.recorder.util import session_scope
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .log import DOMAIN, add_log, rule_form, tangle_form

# The recorder wants to be there before Home Assistant.
pytestmark = pytest.mark.usefixtures("recorder_mock")

FRIDGE = "sensor.fridge"
STATES = ["4.0", "4.1", "unavailable", "4.2", "4.3"]

type Edit = Callable[[Any], None]


async def _log(
    hass: HomeAssistant, tangle: PrivateTangle, **rule: Any
) -> LogConfigEntry:
    """Return a log that has recorded some states, as the recorder has."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE, **rule))
    for state in STATES:
        hass.states.async_set(FRIDGE, state)
        await hass.async_block_till_done()
    return entry


async def _edit(hass: HomeAssistant, edit: Edit) -> None:
    """Edit the recorder's database."""
    await get_instance(hass).async_block_till_done()

    def change() -> None:
        with session_scope(hass=hass) as session:
            edit(session)

    await get_instance(hass).async_add_executor_job(change)


async def _audit(hass: HomeAssistant, entry: LogConfigEntry, **data: Any) -> Any:
    """Return what the action tells of the fridge."""
    answer = await hass.services.async_call(
        DOMAIN,
        "audit",
        {"log": entry.entry_id, **data},
        blocking=True,
        return_response=True,
    )
    assert answer
    return answer["audits"][FRIDGE]


def _change(session: Any) -> None:
    """Make the fridge colder than it was."""
    session.query(States).filter(States.state == "4.2").update({"state": "3.9"})


def _remove(session: Any) -> None:
    """Have no gap in the cold chain."""
    session.query(States).filter(States.state == "unavailable").update(
        {"old_state_id": None}
    )
    session.query(States).filter(States.old_state_id.isnot(None)).update(
        {"old_state_id": None}
    )
    session.query(States).filter(States.state == "unavailable").delete()


def _add(session: Any) -> None:
    """Have measured what was never measured."""
    row = session.query(States).filter(States.state == "4.1").one()
    session.add(
        States(
            state="2.0",
            metadata_id=row.metadata_id,
            last_updated_ts=row.last_updated_ts + 0.0001,
        )
    )


async def test_history_that_agrees(hass: HomeAssistant, tangle: PrivateTangle) -> None:
    """Nothing is reported of a database that nobody has edited."""
    entry = await _log(hass, tangle)
    hass.states.async_set(FRIDGE, "4.3", {"colour": "white"})
    audit = await _audit(hass, entry)
    assert (audit["compared"], audit["differences"]) == (len(STATES), [])
    assert not ir.async_get(hass).issues


@pytest.mark.parametrize(
    ("edit", "kind", "recorded", "found"),
    [
        (_change, "changed", "4.2", "3.9"),
        (_remove, "missing", "unavailable", None),
        (_add, "added", None, "2.0"),
    ],
)
async def test_history_that_was_edited(
    hass: HomeAssistant,
    tangle: PrivateTangle,
    edit: Edit,
    kind: str,
    recorded: str | None,
    found: str | None,
) -> None:
    """What was changed, removed or added is reported, and is a repair issue."""
    entry = await _log(hass, tangle)
    await _edit(hass, edit)
    audit = await _audit(hass, entry)
    (difference,) = audit["differences"]
    assert (difference["kind"], difference["recorded"], difference["found"]) == (
        kind,
        recorded,
        found,
    )
    (issue,) = ir.async_get(hass).issues.values()
    assert issue.translation_placeholders
    assert issue.translation_placeholders[kind] == "1"
    later = (await _audit(hass, entry, start=audit["stop"]))["differences"]
    assert later == []
    assert not ir.async_get(hass).issues


async def test_rule_that_leaves_out(hass: HomeAssistant, tangle: PrivateTangle) -> None:
    """States that a rule does not record are not taken for added ones."""
    entry = await _log(hass, tangle, moved_by=0.25)
    audit = await _audit(hass, entry)
    assert audit["compared"] < len(STATES)
    assert audit["differences"] == []


async def test_states_before_the_log_was_open(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """What the recorder saw alone, before the first reading, is not held against it."""
    for state in ("1", "2", "3"):
        hass.states.async_set(FRIDGE, state)
        await hass.async_block_till_done()
    entry = await _log(hass, tangle)
    assert (await _audit(hass, entry))["differences"] == []


async def test_period(hass: HomeAssistant, tangle: PrivateTangle) -> None:
    """Only what is in the period is compared."""
    entry = await _log(hass, tangle)
    state = hass.states.get(FRIDGE)
    assert state
    stop = state.last_updated - timedelta(microseconds=5)
    audit = await _audit(hass, entry, stop=stop.isoformat())
    assert audit["compared"] == len(STATES) - 1
