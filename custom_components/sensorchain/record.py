"""What is remembered of a Bluetooth sensor, for whoever has to find out what is wrong."""

from collections import deque
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from homeassistant.util import dt as dt_util

from .gatt.device import GattDevice

ERRORS = 20
"""How many of the last errors are remembered."""


@dataclass(slots=True)
class Record:
    """What a sensor showed, sent, and did wrong."""

    table: list[dict[str, Any]] = field(default_factory=list)
    """Its GATT table at the last connection."""
    received: dict[str, tuple[datetime, bytes]] = field(default_factory=dict)
    """The last bytes of each channel, sense or nonsense, and when they came."""
    faults: dict[str, str] = field(default_factory=dict)
    """What is wrong with a channel at the moment."""
    errors: deque[tuple[datetime, str]] = field(
        default_factory=lambda: deque(maxlen=ERRORS)
    )
    """Why the last connections failed or ended, the newest last."""

    def note(self, error: str) -> None:
        """Remember why a connection failed or ended."""
        self.errors.append((dt_util.utcnow(), error))

    def last(self, channel_id: str) -> dict[str, str | None]:
        """Return the last bytes of a channel in hex, and when they came."""
        if channel_id not in self.received:
            return {"bytes": None, "time": None}
        time, data = self.received[channel_id]
        return {"bytes": data.hex(" "), "time": time.isoformat()}

    def take_table(self, device: GattDevice, channels: AbstractSet[str]) -> None:
        """Remember a table, and nothing of channels that are not in it."""
        self.table = [
            {
                "service": service.uuid,
                "characteristics": [
                    {
                        "handle": characteristic.handle,
                        "uuid": characteristic.uuid,
                        "properties": list(characteristic.properties),
                        "descriptors": {
                            descriptor.handle: descriptor.uuid
                            for descriptor in characteristic.descriptors
                        },
                    }
                    for characteristic in service.characteristics
                ],
            }
            for service in device.services
        ]
        for known in (self.received, self.faults):
            for gone in known.keys() - channels:
                del known[gone]
