"""Names: under which entity id the log keeps each entity, whatever it is called later.

An entity keeps the id under which the log has seen it first, so that its readings stay one
series with one sequence, and an auditor misses nothing. Home Assistant's own id of a
registered entity, which never changes, is kept beside it:

    name                 registry_id
    sensor.fridge        5b0c1f1f9b1d4b0f8a5d6e0c9a1b2c3d
"""

from collections.abc import Mapping
import sqlite3

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..transparency.database import storage_errors, transaction

_SCHEMA = """CREATE TABLE IF NOT EXISTS source (
    name TEXT PRIMARY KEY,
    registry_id TEXT NOT NULL UNIQUE
) WITHOUT ROWID"""


class Names:
    """The table of names of a log's file, used on the log's thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Create the table in a new file."""
        self._connection = connection
        with transaction(connection):
            connection.execute(_SCHEMA)

    def load(self) -> dict[str, str]:
        """Return the name of each entity by its registry id."""
        with storage_errors():
            rows = self._connection.execute("SELECT registry_id, name FROM source")
            return dict(rows.fetchall())

    def keep(self, names: Mapping[str, str]) -> None:
        """Keep names; an entity that had one of them before has lost it."""
        with transaction(self._connection):
            self._connection.executemany(
                "INSERT OR REPLACE INTO source (registry_id, name) VALUES (?, ?)",
                names.items(),
            )


class Naming:
    """Gives each entity its name, on the event loop."""

    def __init__(self, hass: HomeAssistant, names: Mapping[str, str]) -> None:
        """Begin with what was kept: names by registry id."""
        self._registry = er.async_get(hass)
        self._names = dict(names)
        self._owners = {name: owner for owner, name in names.items()}
        self.unkept: dict[str, str] = {}
        """The names given since the last time that somebody kept them."""

    def name(self, entity_id: str) -> str:
        """Return the name of an entity, and remember it."""
        if (entity := self._registry.async_get(entity_id)) is None:
            return self._free(entity_id)
        if name := self._names.get(entity.id):
            return name
        name = self._free(entity_id)
        if before := self._owners.get(name):
            del self._names[before]
        self._names[entity.id] = self.unkept[entity.id] = name
        self._owners[name] = entity.id
        return name

    def is_gone(self, entity_id: str) -> bool:
        """Tell whether an entity was registered once, and is not any more."""
        return (
            entity_id not in self._registry.entities
            and (owner := self._owners.get(entity_id)) is not None
            and not self._is_there(owner)
        )

    def take_unkept(self) -> dict[str, str]:
        """Return the names to be kept, once."""
        unkept, self.unkept = self.unkept, {}
        return unkept

    def all(self) -> dict[str, str]:
        """Return all names by registry id."""
        return dict(self._names)

    def _free(self, entity_id: str) -> str:
        """Return a name that no other entity has: its id, or that with a number."""
        name, number = entity_id, 1
        while (owner := self._owners.get(name)) and self._is_there(owner):
            number += 1
            name = f"{entity_id}_{number}"
        return name

    def _is_there(self, registry_id: str) -> bool:
        """Whether an entity is registered still."""
        return self._registry.entities.get_entry(registry_id) is not None
