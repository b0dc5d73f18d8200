"""When a state says something new."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from custom_components.sensorchain.anchoring.rule import Occasion, Rule, reading_of
from custom_components.sensorchain.transparency.reading import Reading
from homeassistant.core import State

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _reading(state: str, unit: str | None = "°C") -> Reading:
    return Reading("sensor.fridge", state, unit, NOON)


@pytest.mark.parametrize(
    ("moved_by", "last", "state", "is_news"),
    [
        ("0", "4.0", "4.1", True),
        ("0", "4.0", "4.0", False),
        (
            "0.1",
            "21.1",
            "21.2",
            True,
        ),  # as binary fractions they are less than 0.1 apart
        ("0.5", "4.0", "4.4", False),
        ("0.5", "4.0", "3.5", True),
        ("0.5", "4.0", "unavailable", True),
        ("0.5", "unavailable", "4.0", True),
        ("0.5", "unknown", "unavailable", True),
        ("0.5", "4.0", "nan", True),
        ("0.5", "4.0", "inf", True),
        ("0.5", "inf", "inf", False),
    ],
)
def test_news(moved_by: str, last: str, state: str, is_news: bool) -> None:
    """A state is news when it has moved far enough, and always when it is no number."""
    rule = Rule(entity_ids=(), moved_by=Decimal(moved_by))
    assert rule.is_news(_reading(state), _reading(last)) is is_news


def test_first_reading_and_new_unit_are_news() -> None:
    """The first reading is news, and so is the same number in another unit."""
    rule = Rule(entity_ids=(), moved_by=Decimal(100))
    assert rule.is_news(_reading("4.0"), None)
    assert rule.is_news(_reading("4.0", "°F"), _reading("4.0", "°C"))


def test_from_subentry() -> None:
    """A rule is what its subentry says."""
    rule = Rule.from_mapping(
        {
            "entity_ids": ["sensor.fridge"],
            "occasion": "request",
            "at_most_every": 10.0,
            "moved_by": 0.1,
            "at_least_every": 3600,
            "public": True,
        }
    )
    assert rule.entity_ids == ("sensor.fridge",)
    assert rule.occasion is Occasion.REQUEST
    assert rule.moved_by == Decimal("0.1")
    assert (rule.at_most_every.seconds, rule.at_least_every.seconds) == (10, 3600)
    assert rule.public


def test_reading_of_state() -> None:
    """A reading has the state exactly as Home Assistant holds it."""
    state = State(
        "sensor.fridge", "4.10", {"unit_of_measurement": "°C"}, last_updated=NOON
    )
    assert reading_of(state) == Reading("sensor.fridge", "4.10", "°C", NOON)
    assert reading_of(State("lock.door", "locked")).unit is None
