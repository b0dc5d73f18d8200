"""Reading back from the Tangle, with a client that knows nothing of SensorChain, what Home Assistant shows as confirmed."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
import json
from typing import Any, Self

from .errors import WorldError
from .home_assistant import HomeAssistant
from .waiting import until

SECONDS = 180
"""Within which a temperature of every sensor is to be confirmed and read back."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A reading whose confirmation sensor says `confirmed`."""

    entity_id: str
    state: str
    index: int
    transaction: str
    seconds: float
    """From the reading to its confirmation."""

    @classmethod
    def of(cls, shown: Mapping[str, Any]) -> Self:
        """Return the reading that a confirmation sensor shows."""
        attributes = shown["attributes"]
        read, confirmed = attributes["time"], attributes["confirmed_at"]
        waited = datetime.fromisoformat(confirmed) - datetime.fromisoformat(read)
        return cls(
            attributes["source"],
            attributes["reading"],
            attributes["index"],
            attributes["transaction"],
            waited.total_seconds(),
        )


async def read_back(
    home: HomeAssistant, tangle: str, source: str, say: Callable[[str], None]
) -> dict[str, object]:
    """Return a confirmed reading of an entity with the message that holds it, once there is one.

    Raises WorldError if that message is not on the Tangle.
    """
    told = None

    async def confirmed() -> Confirmed | None:
        nonlocal told
        shown = await _confirmation(home, source)
        if told != (told := shown and shown["state"]):
            say(f"the reading of {source} is {told}")
        return Confirmed.of(shown) if shown and told == "confirmed" else None

    reading = await until(confirmed, f"A reading of {source} is confirmed", None)
    text = await asyncio.to_thread(message_at, tangle, reading.transaction)
    message = json.loads(text)
    check_published(reading, message["readings"])
    return {
        "entity_id": reading.entity_id,
        "state": reading.state,
        "transaction": reading.transaction,
        "message": message,
        "seconds_to_confirmed": round(reading.seconds, 3),
    }


async def _confirmation(home: HomeAssistant, source: str) -> Mapping[str, Any] | None:
    """Return the state of the confirmation sensor of an entity."""
    states = await home.get("/api/states")
    return next(
        (each for each in states if each["attributes"].get("source") == source), None
    )


def message_at(tangle: str, transaction: str) -> str:
    """Return the text of the bundle that begins with a transaction, found by its address through PyOTA."""
    from iota import Bundle, Iota

    api = Iota(tangle)
    (tail,) = api.get_transaction_objects([transaction])["transactions"]
    found = api.find_transaction_objects(addresses=[tail.address])["transactions"]
    attached = {str(each.hash): each for each in found}
    if transaction not in attached:
        raise WorldError(f"{transaction} is not found by its address {tail.address}")
    parts = [attached[transaction]]
    while parts[-1].current_index < parts[-1].last_index:
        parts.append(attached[str(parts[-1].trunk_transaction_hash)])
    (message,) = Bundle(parts).get_messages(errors="strict")
    return str(message)


def check_published(reading: Confirmed, published: Iterable[Mapping[str, Any]]) -> None:
    """Raise WorldError unless the reading is among those published."""
    wanted = (reading.entity_id, reading.state, reading.index)
    if wanted not in [
        (each["entity_id"], each["state"], each["index"]) for each in published
    ]:
        raise WorldError(f"{wanted} is not in the message of {reading.transaction}")
