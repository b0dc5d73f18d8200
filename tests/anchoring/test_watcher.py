"""Which state changes become readings."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.sensorchain.anchoring.names import Naming
from custom_components.sensorchain.anchoring.rule import Occasion, Rule, reading_of
from custom_components.sensorchain.anchoring.watcher import Watcher
from custom_components.sensorchain.transparency.reading import Reading
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

FRIDGE, HIVE, CELLAR = "sensor.fridge", "sensor.hive", "sensor.cellar"

type Watch = Callable[[Rule], Watcher]


class Taken(list[tuple[str, bool]]):
    """The states taken, each with whether it is public."""

    def take(self, reading: Reading, is_public: bool) -> None:
        """Take a reading."""
        self.append((reading.state, is_public))


@pytest.fixture
def taken() -> Taken:
    """Return the readings taken."""
    return Taken()


@pytest.fixture
def watch(hass: HomeAssistant) -> Watch:
    """Return how to watch by a rule."""
    return lambda rule: Watcher(hass, [rule])


async def _set(hass: HomeAssistant, *states: str, entity_id: str = FRIDGE) -> None:
    for state in states:
        hass.states.async_set(entity_id, state)
    await hass.async_block_till_done()


async def test_every_change(hass: HomeAssistant, watch: Watch, taken: Taken) -> None:
    """Every change is taken, in order; a new attribute or another entity is none."""
    watcher = watch(Rule(entity_ids=(FRIDGE,), public=True))
    watcher.async_begin({}.get, taken.take, Naming(hass, {}))
    await _set(hass, "4.0", "4.1", "unavailable", "4.1")
    hass.states.async_set(FRIDGE, "4.1", {"colour": "white"})
    hass.states.async_remove(FRIDGE)
    await _set(hass, "35", entity_id=HIVE)
    assert taken == [(state, True) for state in ("4.0", "4.1", "unavailable", "4.1")]
    watcher.async_stop()
    await _set(hass, "9")
    assert len(taken) == 4


async def test_what_came_before_the_log_was_open(
    hass: HomeAssistant, watch: Watch, taken: Taken
) -> None:
    """The present state and all that follows are kept until the log can be asked."""
    await _set(hass, "4.0")
    watcher = watch(Rule(entity_ids=(FRIDGE,)))
    await _set(hass, "4.1", "4.2")
    assert taken == []
    watcher.async_begin({}.get, taken.take, Naming(hass, {}))
    await _set(hass, "4.3")
    assert [state for state, _ in taken] == ["4.0", "4.1", "4.2", "4.3"]
    watcher.async_stop()


async def test_what_the_log_has_already(
    hass: HomeAssistant, watch: Watch, taken: Taken
) -> None:
    """A state that is in the log is not taken twice; the same value set anew is taken."""
    await _set(hass, "4.0")
    state = hass.states.get(FRIDGE)
    assert state
    last = reading_of(state)
    for _ in range(2):
        watcher = watch(Rule(entity_ids=(FRIDGE,)))
        watcher.async_begin({FRIDGE: last}.get, taken.take, Naming(hass, {}))
        watcher.async_stop()
    assert taken == []
    hass.states.async_remove(FRIDGE)
    await _set(hass, "4.0")
    watch(Rule(entity_ids=(FRIDGE,))).async_begin(
        {FRIDGE: last}.get, taken.take, Naming(hass, {})
    )
    assert taken == [("4.0", False)]


async def test_moved_by(hass: HomeAssistant, watch: Watch, taken: Taken) -> None:
    """Small steps are measured against the last reading, not against the last state."""
    watch(Rule(entity_ids=(FRIDGE,), moved_by=Decimal("0.5"))).async_begin(
        {}.get, taken.take, Naming(hass, {})
    )
    await _set(hass, "4.0", "4.2", "4.4", "4.6", "4.5", "unknown")
    assert [state for state, _ in taken] == ["4.0", "4.6", "unknown"]


async def test_at_most_every(
    hass: HomeAssistant,
    watch: Watch,
    taken: Taken,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Within the time nothing is taken; at its end, what there is then."""
    rule = Rule(entity_ids=(FRIDGE,), at_most_every=timedelta(seconds=60))
    watch(rule).async_begin({}.get, taken.take, Naming(hass, {}))
    await _set(hass, "4.0", "4.1", "4.2")
    assert [state for state, _ in taken] == ["4.0"]
    freezer.tick(61)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert [state for state, _ in taken] == ["4.0", "4.2"]


async def test_moved_back_in_time(
    hass: HomeAssistant,
    watch: Watch,
    taken: Taken,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A value that is as before when the time is over says nothing new."""
    rule = Rule(entity_ids=(FRIDGE,), at_most_every=timedelta(seconds=60))
    watch(rule).async_begin({}.get, taken.take, Naming(hass, {}))
    await _set(hass, "4.0", "4.1", "4.0")
    freezer.tick(61)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert [state for state, _ in taken] == ["4.0"]


async def test_at_least_every(
    hass: HomeAssistant,
    watch: Watch,
    taken: Taken,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A value that does not change is taken again and again."""
    rule = Rule(entity_ids=(FRIDGE,), at_least_every=timedelta(minutes=5))
    watcher = watch(rule)
    watcher.async_begin({}.get, taken.take, Naming(hass, {}))
    await _set(hass, "4.0")
    for _ in range(3):
        freezer.tick(301)
        async_fire_time_changed(hass)
        await hass.async_block_till_done()
    assert [state for state, _ in taken] == ["4.0"] * 4
    watcher.async_stop()
    freezer.tick(301)
    async_fire_time_changed(hass)
    assert len(taken) == 4


async def test_on_request(hass: HomeAssistant, watch: Watch, taken: Taken) -> None:
    """Nothing is taken but what is asked for."""
    await _set(hass, "4.0")
    watcher = watch(
        Rule(
            entity_ids=(FRIDGE, HIVE),
            occasion=Occasion.REQUEST,
            at_least_every=timedelta(minutes=5),
        )
    )
    watcher.async_begin({}.get, taken.take, Naming(hass, {}))
    await _set(hass, "4.1")
    assert taken == []
    assert watcher.async_take(FRIDGE)
    assert watcher.async_take(FRIDGE)
    assert not watcher.async_take(HIVE)
    assert taken == [("4.1", False), ("4.1", False)]


async def test_repeats_after_a_reload(
    hass: HomeAssistant,
    watch: Watch,
    taken: Taken,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A value that is in the log already is taken again when its time has come."""
    await _set(hass, "4.0")
    state = hass.states.get(FRIDGE)
    assert state
    rule = Rule(entity_ids=(FRIDGE,), at_least_every=timedelta(minutes=5))
    watcher = watch(rule)
    watcher.async_begin({FRIDGE: reading_of(state)}.get, taken.take, Naming(hass, {}))
    assert taken == []
    freezer.tick(301)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert [state for state, _ in taken] == ["4.0"]
    watcher.async_stop()


async def test_repeats_after_a_pause(
    hass: HomeAssistant,
    watch: Watch,
    taken: Taken,
    freezer: FrozenDateTimeFactory,
) -> None:
    """An entity that was away for a while is taken again and again afterwards."""
    watcher = watch(Rule(entity_ids=(FRIDGE,), at_least_every=timedelta(minutes=5)))
    watcher.async_begin({}.get, taken.take, Naming(hass, {}))
    await _set(hass, "4.0")
    hass.states.async_remove(FRIDGE)
    for present in (False, True, True):
        if present:
            await _set(hass, "4.0")
        freezer.tick(301)
        async_fire_time_changed(hass)
        await hass.async_block_till_done()
    assert [state for state, _ in taken] == ["4.0"] * 3
    watcher.async_stop()


async def test_what_no_leaf_can_hold(
    hass: HomeAssistant,
    watch: Watch,
    taken: Taken,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A state that cannot be recorded is told, and the next one is recorded."""
    watch(Rule(entity_ids=(FRIDGE,))).async_begin({}.get, taken.take, Naming(hass, {}))
    hass.states.async_set(FRIDGE, "4.0", {"unit_of_measurement": "x" * 3000})
    await _set(hass, "4.1")
    assert taken == [("4.1", False)]
    assert f"{FRIDGE} cannot be recorded" in caplog.text


def _register(hass: HomeAssistant, entity_id: str) -> None:
    """Have an entity registered."""
    name = entity_id.removeprefix("sensor.")
    er.async_get(hass).async_get_or_create(
        "sensor", "test", name, suggested_object_id=name
    )


async def _rename(hass: HomeAssistant, old: str, new: str) -> None:
    """Give a registered entity another id, as a person does."""
    er.async_get(hass).async_update_entity(old, new_entity_id=new)
    await hass.async_block_till_done()


async def test_rules_that_change_before_the_log_is_open(
    hass: HomeAssistant, watch: Watch, taken: Taken
) -> None:
    """What waits is decided on by the last rules; what they do not name is forgotten."""
    watcher = watch(Rule(entity_ids=(FRIDGE, HIVE)))
    await _set(hass, "4.0", "4.1")
    await _set(hass, "35", entity_id=HIVE)
    watcher.async_set_rules([Rule(entity_ids=(FRIDGE,), public=True)])
    watcher.async_begin({}.get, taken.take, Naming(hass, {}))
    assert taken == [("4.0", True), ("4.1", True)]
    watcher.async_stop()


async def test_renamed_before_the_log_is_open(
    hass: HomeAssistant, watch: Watch, taken: Taken
) -> None:
    """What an entity showed under both its ids is taken, in order."""
    _register(hass, FRIDGE)
    watcher = watch(Rule(entity_ids=(FRIDGE,)))
    await _set(hass, "4.0", "4.1")
    await _rename(hass, FRIDGE, CELLAR)
    await _set(hass, "4.2", entity_id=CELLAR)
    assert watcher.entity_ids == [CELLAR]
    watcher.async_begin({}.get, taken.take, Naming(hass, {}))
    assert [state for state, _ in taken] == ["4.0", "4.1", "4.2"]
    watcher.async_stop()


async def test_renamed_to_an_id_that_is_watched_already(
    hass: HomeAssistant, watch: Watch, taken: Taken
) -> None:
    """The rule names the id that an entity gets: it is watched once, and each state taken once."""
    _register(hass, FRIDGE)
    watcher = watch(Rule(entity_ids=(FRIDGE, CELLAR)))
    watcher.async_begin({}.get, taken.take, Naming(hass, {}))
    await _set(hass, "4.0")
    await _rename(hass, FRIDGE, CELLAR)
    assert watcher.entity_ids == [CELLAR]
    await _set(hass, "4.1", entity_id=CELLAR)
    assert [state for state, _ in taken] == ["4.0", "4.1"]
    watcher.async_stop()


async def test_paused_twice(hass: HomeAssistant, watch: Watch, taken: Taken) -> None:
    """A second pause takes nothing of what has come since the first."""
    watcher = watch(Rule(entity_ids=(FRIDGE,)))
    watcher.async_pause()
    await _set(hass, "4.0")
    watcher.async_pause()
    await _set(hass, "4.1")
    watcher.async_begin({}.get, taken.take, Naming(hass, {}))
    assert [state for state, _ in taken] == ["4.0", "4.1"]
    watcher.async_stop()
