"""Under which id the log keeps an entity."""

from pathlib import Path

import pytest

from custom_components.sensorchain.anchoring.database import Database
from custom_components.sensorchain.anchoring.names import Naming
from custom_components.sensorchain.transparency.note import SigningKey
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

FRIDGE, CELLAR = "sensor.fridge", "sensor.cellar"


def _register(hass: HomeAssistant, entity_id: str, unique_id: str) -> er.RegistryEntry:
    _, name = entity_id.split(".")
    return er.async_get(hass).async_get_or_create(
        "sensor", "test", unique_id, suggested_object_id=name
    )


@pytest.fixture
def naming(hass: HomeAssistant) -> Naming:
    """Return the naming of a log that knows nobody."""
    return Naming(hass, {})


def test_renamed(hass: HomeAssistant, naming: Naming) -> None:
    """A renamed entity keeps its name; the next one with the old id has another name."""
    _register(hass, FRIDGE, "1")
    assert naming.name(FRIDGE) == FRIDGE
    er.async_get(hass).async_update_entity(FRIDGE, new_entity_id=CELLAR)
    assert naming.name(CELLAR) == FRIDGE
    _register(hass, FRIDGE, "2")
    assert naming.name(FRIDGE) == "sensor.fridge_2"
    assert naming.name(CELLAR) == FRIDGE


def test_replaced(hass: HomeAssistant, naming: Naming) -> None:
    """A new entity under the id of one that is gone goes on with its name."""
    gone = _register(hass, FRIDGE, "1")
    naming.name(FRIDGE)
    er.async_get(hass).async_remove(FRIDGE)
    assert naming.is_gone(FRIDGE)
    new = _register(hass, FRIDGE, "2")
    assert naming.name(FRIDGE) == FRIDGE
    assert not naming.is_gone(FRIDGE)
    assert naming.all() == {new.id: FRIDGE}
    # The one that was gone comes back, under another id.
    assert _register(hass, FRIDGE, "1").id == gone.id
    assert naming.name("sensor.fridge_2") == "sensor.fridge_2"


def test_unregistered(hass: HomeAssistant, naming: Naming) -> None:
    """An entity that is in no registry has its id for a name, unless that is taken."""
    assert naming.name(FRIDGE) == FRIDGE
    assert not naming.is_gone(FRIDGE)
    assert naming.take_unkept() == {}
    _register(hass, CELLAR, "1")
    naming.name(CELLAR)
    er.async_get(hass).async_update_entity(CELLAR, new_entity_id="sensor.attic")
    assert naming.name(CELLAR) == "sensor.cellar_2"


async def test_kept(hass: HomeAssistant, naming: Naming, tmp_path: Path) -> None:
    """Names are kept in the log's file; one that was given to another is lost."""
    first = _register(hass, FRIDGE, "1")
    naming.name(FRIDGE)
    key = SigningKey.generate("sensorchain/test")
    database = await Database.open(tmp_path / "log.db", key, create=True)
    await database.run(database.names.keep, naming.take_unkept())
    assert naming.take_unkept() == {}
    assert await database.run(database.names.load) == {first.id: FRIDGE}
    await database.run(database.names.keep, {"another": FRIDGE})
    assert await database.run(database.names.load) == {"another": FRIDGE}
    await database.close()
