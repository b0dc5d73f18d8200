"""A log on a private Tangle."""

import pytest

from custom_components.sensorchain.anchoring.entry import LogConfigEntry
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.core import HomeAssistant
from tests.log import add_log, rule_form, tangle_form

from .common import FRIDGE, confirmed, record


@pytest.fixture
async def entry(hass: HomeAssistant, tangle: PrivateTangle) -> LogConfigEntry:
    """Add a log with three confirmed readings."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    await record(hass, range(3))
    await confirmed(entry, 3)
    return entry
