"""A log's key, checkpoints and readings to anchor, and settings to anchor them with."""

from datetime import UTC, datetime
from typing import Any

from custom_components.sensorchain.ledgers.tangle.settings import TangleSettings
from custom_components.sensorchain.transparency.checkpoint import (
    Checkpoint,
    SignedCheckpoint,
)
from custom_components.sensorchain.transparency.log import LoggedReading
from custom_components.sensorchain.transparency.note import SigningKey
from custom_components.sensorchain.transparency.reading import Leaf, Reading

KEY = SigningKey.from_seed("0f1e2d3c4b5a69788796a5b4c3d2e1f0", bytes(range(32)))
WEIGHT = 3


def checkpoint(size: int = 7, key: SigningKey = KEY) -> SignedCheckpoint:
    """Return the signed checkpoint of a log of this size."""
    return SignedCheckpoint.sign(Checkpoint(key.name, size, bytes(32)), key)


def reading(index: int) -> LoggedReading:
    """Return a public reading."""
    return LoggedReading(
        index,
        Leaf(
            Reading(
                "sensor.cold_room_temperature",
                f"{index / 10}",
                "°C",
                datetime(2026, 11, 22, 10, 0, 0, 123456, UTC),
            ),
            sequence=index,
            salt=bytes(16),
        ),
        public=True,
    )


def settings(*nodes: str, **changes: Any) -> TangleSettings:
    """Return settings of little work for these nodes."""
    return TangleSettings(
        **{"nodes": nodes, "minimum_weight_magnitude": WEIGHT} | changes
    )
