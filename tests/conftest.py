"""Fixtures that all tests share."""

from collections.abc import AsyncIterator
import logging
from pathlib import Path

from hypothesis import HealthCheck, settings
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

# Before a test asks for `hass`, which comes with custom components of its own.
import custom_components
from homeassistant.core import HomeAssistant
from homeassistant.loader import DATA_CUSTOM_COMPONENTS

DEMO_COMPONENTS = Path(__file__).parents[1] / "demo" / "custom_components"
custom_components.__path__.append(str(DEMO_COMPONENTS))

# How long an example takes, and how long it takes to make one, tells how busy a machine is.
settings.register_profile(
    "patient",
    parent=settings(),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("patient")

# The test harness has every statement of the recorder told.
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)

from custom_components.virtual_radio.radio import VirtualRadio  # noqa: E402
from demo.tangle.private_tangle import PrivateTangle  # noqa: E402


@pytest.fixture
def hass(hass: HomeAssistant, tmp_path: Path) -> HomeAssistant:
    """Return a Home Assistant that finds SensorChain and what the demo adds.

    It keeps its files in a folder of its own, not in that of the test harness.
    """
    hass.data.pop(DATA_CUSTOM_COMPONENTS)
    hass.config.config_dir = str(tmp_path / "config")
    return hass


@pytest.fixture
async def radio(
    hass: HomeAssistant, enable_bluetooth: None
) -> AsyncIterator[VirtualRadio]:
    """Switch on a radio with two sensors that advertise often and keep their values."""
    logging.getLogger("bumble").setLevel(logging.WARNING)
    entry = MockConfigEntry(
        domain="virtual_radio",
        data={"advertising_interval": 0.03, "value_interval": 0},
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    yield entry.runtime_data
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()


@pytest.fixture
async def tangle(tmp_path: Path, socket_enabled: None) -> AsyncIterator[PrivateTangle]:
    """Run a private Tangle that asks for little work, with a milestone a moment."""
    async with PrivateTangle(
        database=tmp_path / "tangle.db",
        minimum_weight_magnitude=4,
        milestone_interval=0.2,
    ) as tangle:
        yield tangle


@pytest.fixture
async def demanding_tangle(
    tmp_path: Path, socket_enabled: None
) -> AsyncIterator[PrivateTangle]:
    """Run another Tangle that asks for more work than anybody reaches by luck.

    Of the hashes with one zero at the end every 243rd has six: a little more would not do.
    Milestones come on command, once it asks for less.
    """
    async with PrivateTangle(
        database=tmp_path / "demanding.db",
        minimum_weight_magnitude=4,
        coordinator_address="D" * 81,
    ) as tangle:
        tangle.minimum_weight_magnitude = 40
        yield tangle
