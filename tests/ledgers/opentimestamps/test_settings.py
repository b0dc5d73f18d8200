"""What can be chosen, and what cannot be."""

from typing import Any

import pytest

from custom_components.sensorchain.ledgers.ledger import SettingsError
from custom_components.sensorchain.ledgers.opentimestamps.settings import (
    OpenTimestampsSettings,
)

CALENDAR, NODE = "https://cal.example", "https://node.example/rest"


def test_as_stored() -> None:
    """Settings are read as they were written."""
    settings = OpenTimestampsSettings((CALENDAR,), 1, (NODE,), 3, "ab" * 32)
    assert OpenTimestampsSettings.from_json(settings.to_json()) == settings
    assert OpenTimestampsSettings.from_json({}) == OpenTimestampsSettings()


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"calendars": []}, "calendars"),
        ({"calendars": "https://a.example"}, "calendars"),
        ({"calendars": [CALENDAR, CALENDAR + "/"]}, "calendars"),
        ({"calendars": ["ftp://a.example"]}, "calendars"),
        ({"calendars": [f"https://{n}.example" for n in range(11)]}, "calendars"),
        ({"quorum": 0}, "quorum"),
        ({"quorum": 5}, "quorum"),
        ({"quorum": True}, "quorum"),
        ({"nodes": []}, "nodes"),
        ({"nodes": [1]}, "nodes"),
        ({"confirmations": 0}, "confirmations"),
        ({"confirmations": 101}, "confirmations"),
        ({"confirmations": 1.5}, "confirmations"),
        ({"network": "Bitcoin"}, "network"),
        ({"network": "AB" * 32}, "network"),
        ({"network": 1}, "network"),
    ],
)
def test_refused(changes: dict[str, Any], setting: str) -> None:
    """What cannot be is refused with the setting's name."""
    with pytest.raises(SettingsError) as caught:
        OpenTimestampsSettings.from_json(changes)
    assert caught.value.setting == setting


def test_for_strangers() -> None:
    """Neither a password nor a token leaves the house; two of one server become one."""
    settings = OpenTimestampsSettings(
        ("https://me:secret@cal.example/x?key=1", "https://cal.example/x?key=2"),
        2,
        ("http://me:secret@127.0.0.1:8332/rest",),
    )
    public = settings.public()
    assert public.calendars == ("https://cal.example/x",)
    assert public.quorum == 1
    assert public.nodes == ("http://127.0.0.1:8332/rest",)
    assert "secret" not in str(public.to_json())
