"""The house at the end of the wire."""

from pathlib import Path

import pytest

from demo.world.ports import free_ports

from .house import House, Wire, real_python


@pytest.fixture
def house(tmp_path: Path, wire: Wire) -> House:
    """Build a house whose power the wire can cut."""
    house = House(tmp_path, *free_ports(1), real_python())
    house.prepare()
    wire.call = house.cut_power
    return house
