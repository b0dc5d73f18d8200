"""Readings held against the log, its ledger, and a history edited behind its back."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from custom_components.sensorchain.anchoring.entry import LogConfigEntry
from custom_components.sensorchain.verification import Findings, Outcome
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.db_schema import States
from homeassistant.components.recorder.util import session_scope
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir

from .common import eventually
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


async def _verify(hass: HomeAssistant, entry: LogConfigEntry, **data: Any) -> Any:
    """Return what the action tells of the fridge."""
    return await hass.services.async_call(
        DOMAIN,
        "verify",
        {"log": entry.entry_id, "entity_id": FRIDGE, **data},
        blocking=True,
        return_response=True,
    )


async def _confirmed(entry: LogConfigEntry) -> None:
    """Wait until all readings are confirmed."""
    service = entry.runtime_data
    await eventually(lambda: service.confirmed_size == service.size)


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


@pytest.mark.parametrize(
    ("confirmed", "outcome"), [(5, Outcome.GENUINE), (4, Outcome.UNDECIDED)]
)
def test_outcome(confirmed: int, outcome: Outcome) -> None:
    """Genuine is what a ledger confirms to the last reading."""
    found = Findings(5, confirmed, proved=0, anchors=(), history=None)
    assert found.outcome is outcome


async def test_all_agree(hass: HomeAssistant, tangle: PrivateTangle) -> None:
    """Log, ledger and a history that nobody has edited tell the same."""
    entry = await _log(hass, tangle)
    hass.states.async_set(FRIDGE, "4.3", {"colour": "white"})
    await _confirmed(entry)
    found = await _verify(hass, entry)
    assert (found["outcome"], found["history"]) == ("genuine", "agrees")
    assert (found["confirmed"], found["proved"]) == (found["readings"], 0)
    assert all(each["trial"] for each in found["anchors"])
    assert (found["readings"], found["confirmed"]) == (len(STATES), len(STATES))
    assert (found["compared"], found["differences"]) == (len(STATES), [])
    assert (found["damaged"], found["missing"]) == ([], [])
    last = found["anchors"][-1]
    assert (last["size"], last["status"]) == (len(STATES), "confirmed")
    assert last["place"].startswith("milestone")
    assert last["problem"] is None
    assert not ir.async_get(hass).issues


async def test_not_confirmed_yet(hass: HomeAssistant, tangle: PrivateTangle) -> None:
    """What no ledger holds yet is undecided, though the log holds together."""
    entry = await _log(hass, tangle)
    await _confirmed(entry)
    await tangle.stop()
    hass.states.async_set(FRIDGE, "5")
    await hass.async_block_till_done()
    found = await _verify(hass, entry)
    assert found["outcome"] == "undecided"
    assert found["readings"] == len(STATES) + 1
    # The node is not there to be asked.
    assert found["confirmed"] == 0
    assert found["anchors"][-1]["status"] is None
    assert found["anchors"][-1]["problem"]


async def test_ledger_that_has_forgotten(
    hass: HomeAssistant, tangle: PrivateTangle, tmp_path: Path
) -> None:
    """An anchor that its ledger does not hold any more is not genuine."""
    entry = await _log(hass, tangle)
    await _confirmed(entry)
    await tangle.stop()
    for file in tmp_path.glob("tangle.db*"):
        file.unlink()
    await tangle.start()
    found = await _verify(hass, entry)
    assert found["outcome"] == "not_genuine"
    assert found["anchors"][-1]["status"] == "lost"


_FORGERY = """
    UPDATE leaf SET data = CAST(replace(CAST(data AS TEXT), '"4.1"', '"3.1"') AS BLOB)
    WHERE idx = 1
"""


@pytest.mark.parametrize(
    ("statement", "told", "value"),
    [
        (_FORGERY, "damaged", [1]),
        ("DELETE FROM leaf WHERE idx = 1", "missing", [1]),
    ],
)
async def test_log_that_was_edited(
    hass: HomeAssistant, tangle: PrivateTangle, statement: str, told: str, value: Any
) -> None:
    """A leaf that was changed cannot be proved, and one that was removed is missed."""
    entry = await _log(hass, tangle)
    await _confirmed(entry)
    database = entry.runtime_data.database

    def edit() -> None:
        database._connection.execute(statement)

    await database.run(edit)
    found = await _verify(hass, entry)
    assert (found["outcome"], found[told]) == ("not_genuine", value)


async def test_entity_without_readings(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """There is nothing to say of an entity that was never recorded."""
    entry = await _log(hass, tangle)
    with pytest.raises(ServiceValidationError) as error:
        await _verify(hass, entry, entity_id="sensor.hive")
    assert error.value.translation_key == "nothing_to_verify"


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
    await _confirmed(entry)
    found_all = await _verify(hass, entry)
    # The log stays what it is.
    assert (found_all["outcome"], found_all["history"]) == ("genuine", "differs")
    (difference,) = found_all["differences"]
    assert (difference["kind"], difference["recorded"], difference["found"]) == (
        kind,
        recorded,
        found,
    )
    (issue,) = ir.async_get(hass).issues.values()
    assert issue.translation_placeholders
    assert issue.translation_placeholders[kind] == "1"
    hass.states.async_set(FRIDGE, "5")
    await hass.async_block_till_done()
    state = hass.states.get(FRIDGE)
    assert state
    later = await _verify(hass, entry, start=state.last_updated.isoformat())
    assert (later["readings"], later["history"]) == (1, "agrees")
    assert not ir.async_get(hass).issues


async def test_rule_that_leaves_out(hass: HomeAssistant, tangle: PrivateTangle) -> None:
    """States that a rule does not record are not taken for added ones."""
    entry = await _log(hass, tangle, moved_by=0.25)
    found = await _verify(hass, entry)
    assert found["compared"] < len(STATES)
    assert found["differences"] == []


async def test_states_before_the_log_was_open(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """What the recorder saw alone, before the first reading, is not held against it."""
    for state in ("1", "2", "3"):
        hass.states.async_set(FRIDGE, state)
        await hass.async_block_till_done()
    entry = await _log(hass, tangle)
    assert (await _verify(hass, entry))["differences"] == []


async def test_period(hass: HomeAssistant, tangle: PrivateTangle) -> None:
    """Only what is in the period is compared."""
    entry = await _log(hass, tangle)
    state = hass.states.get(FRIDGE)
    assert state
    stop = state.last_updated - timedelta(microseconds=5)
    found = await _verify(hass, entry, stop=stop.isoformat())
    assert found["compared"] == len(STATES) - 1


async def test_period_without_readings(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """A period in which nothing was recorded has nothing that differs."""
    entry = await _log(hass, tangle)
    state = hass.states.get(FRIDGE)
    assert state
    start = state.last_updated + timedelta(microseconds=5)
    with pytest.raises(ServiceValidationError) as error:
        await _verify(hass, entry, start=start.isoformat())
    assert error.value.translation_key == "nothing_to_verify"


@pytest.mark.parametrize("recorder_config", [{"exclude": {"entities": [FRIDGE]}}])
async def test_entity_that_the_recorder_leaves_out(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """The log of an entity that has no history is verified all the same."""
    entry = await _log(hass, tangle)
    await _confirmed(entry)
    found = await _verify(hass, entry)
    assert (found["outcome"], found["history"], found["compared"]) == (
        "genuine",
        "none",
        0,
    )
