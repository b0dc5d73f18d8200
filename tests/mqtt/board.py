"""A board with a sensor, as its firmware is: it publishes JSON, and knows of no ledger."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import json
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

TOPIC = "boards/nano2-1/climate"


@dataclass
class Board:
    """A connected board."""

    client: Client

    async def publish(self, topic: str, value: object, *, retain: bool = False) -> None:
        """Publish JSON; return once the broker has it (QoS 1)."""
        message = self.client.publish(topic, json.dumps(value), qos=1, retain=retain)
        await asyncio.to_thread(message.wait_for_publish, 10)

    async def announce(self, **changes: Any) -> None:
        """Tell Home Assistant what is measured (MQTT discovery), as a gateway would."""
        await self.publish(
            "homeassistant/sensor/nano2-1/temperature/config",
            {
                "name": "Temperature",
                "unique_id": "nano2-1-temperature",
                "state_topic": TOPIC,
                "value_template": "{{ value_json.temperature }}",
                "unit_of_measurement": "°C",
                "device_class": "temperature",
                "expire_after": 60,
                "device": {"identifiers": ["nano2-1"], "name": "Nano2"},
                **changes,
            },
            retain=True,
        )

    async def measure(self, temperature: float) -> None:
        """Publish a reading, in the form of the proof of concept's boards.

        The broker keeps it: Home Assistant may not listen to the topic yet.
        """
        reading = {"id": "nano2-1", "temperature": temperature}
        await self.publish(TOPIC, reading, retain=True)


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Board]:
    """Connect a board to a broker, as soon as that listens."""
    client = Client(CallbackAPIVersion.VERSION2, client_id="nano2-1")
    async with asyncio.timeout(20):
        while True:
            try:
                await asyncio.to_thread(client.connect, "127.0.0.1", port)
                break
            except ConnectionRefusedError:
                await asyncio.sleep(0.05)
    client.loop_start()
    try:
        yield Board(client)
    finally:
        client.disconnect()
        await asyncio.to_thread(client.loop_stop)
