"""A log with two entities, on a private Tangle."""

import pytest

from custom_components.sensorchain.anchoring.entry import LogConfigEntry
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.core import HomeAssistant
from tests.log import add_log, rule_form, tangle_form

from .common import FRIDGE, HIVE


@pytest.fixture
async def entry(hass: HomeAssistant, tangle: PrivateTangle) -> LogConfigEntry:
    """Return a log that has recorded nothing yet."""
    return await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE, HIVE))
