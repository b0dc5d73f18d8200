"""What can be set, and what cannot."""

import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.sensorchain.ledgers.ledger import SettingsError
from custom_components.sensorchain.ledgers.message import Message, compose
from custom_components.sensorchain.ledgers.tangle.address import address_of
from custom_components.sensorchain.ledgers.tangle.settings import (
    ProofOfWork,
    TangleSettings,
)
from custom_components.sensorchain.transparency.errors import MalformedError
from custom_components.sensorchain.transparency.note import SigningKey

from .common import KEY, checkpoint, reading
from .pyota import Kerl, hash_with, iota

URL = "http://127.0.0.1:14265"


def test_settings_come_back() -> None:
    """They are stored as JSON."""
    settings = TangleSettings(
        nodes=(URL, "https://node.example/iri"),
        minimum_weight_magnitude=9,
        proof_of_work=ProofOfWork.NODE,
        coordinator="A" * 81,
        transactions=2,
        explorer="https://explorer.example/{transaction}",
    )
    assert (
        TangleSettings.from_json(json.loads(json.dumps(settings.to_json()))) == settings
    )


def test_nodes_are_enough() -> None:
    """The rest has defaults, those of the public network."""
    assert TangleSettings.from_json({"nodes": [URL]}) == TangleSettings(nodes=(URL,))
    assert TangleSettings(nodes=(URL,)).minimum_weight_magnitude == 14


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("nodes", []),
        ("nodes", None),
        ("nodes", URL),
        ("nodes", [5]),
        ("nodes", [""]),
        ("nodes", ["127.0.0.1:14265"]),
        ("nodes", ["ftp://node.example"]),
        ("nodes", ["http://"]),
        ("nodes", ["http://node.example:99999"]),
        ("nodes", ["http://[::1"]),
        ("nodes", [" " + URL]),
        ("nodes", [URL, URL]),
        ("nodes", [URL, URL + "/"]),
        ("minimum_weight_magnitude", 0),
        ("minimum_weight_magnitude", 82),
        ("minimum_weight_magnitude", 9.0),
        ("minimum_weight_magnitude", True),
        ("proof_of_work", "cloud"),
        ("proof_of_work", None),
        ("coordinator", "A"),
        ("coordinator", 5),
        ("transactions", 0),
        ("transactions", 1000),
        ("explorer", "https://explorer.example/"),
        ("explorer", "javascript:{transaction}"),
        ("explorer", 5),
    ],
)
def test_what_cannot_be_is_refused(setting: str, value: Any) -> None:
    """The error names the setting."""
    with pytest.raises(SettingsError) as raised:
        TangleSettings.from_json({"nodes": [URL], setting: value})
    assert raised.value.setting == setting


def test_password_is_not_told() -> None:
    """An error about a URL does not show it."""
    with pytest.raises(SettingsError) as raised:
        TangleSettings(nodes=("http://anna:secret@",))
    assert "secret" not in str(raised.value)


def test_address_is_derived_from_the_verifier_key() -> None:
    """Known answer, and by PyOTA's Kerl: every client can find a log's anchors."""
    trytes = str(iota.TryteString.from_unicode(str(KEY.verifier)))
    padded = trytes + "9" * (-len(trytes) % 81)
    assert address_of(KEY.verifier) == hash_with(Kerl(), padded)
    assert address_of(KEY.verifier) == (
        "YJSJJH9SPCLDDVPL9TBZQDODDGIMLMGIYYEYKWUWUUKRRENVEJRFHAZTGRDCWDGORPGHMINB9HKKPUXRW"
    )
    other = SigningKey.from_seed(KEY.name, bytes(32))
    assert address_of(other.verifier) != address_of(KEY.verifier)


def test_message_looks_like_this() -> None:
    """Pure ASCII, keys sorted, no spaces."""
    text = compose(checkpoint().note, [reading(41)], 2000).to_text()
    assert text.isascii()
    assert text == json.dumps(
        {
            "checkpoint": checkpoint().note,
            "readings": [
                {
                    "entity_id": "sensor.cold_room_temperature",
                    "index": 41,
                    "last_updated": "2026-11-22T10:00:00.123456Z",
                    "salt": "0" * 32,
                    "sequence": 41,
                    "state": "4.1",
                    "unit": "°C",
                }
            ],
        },
        separators=(",", ":"),
    )
    assert Message.parse(text).readings == ((41, reading(41).leaf),)


@given(st.integers(0, 4000), st.integers(0, 12))
def test_message_fits(most: int, count: int) -> None:
    """As many readings as fit, and not one more."""
    readings = [reading(index) for index in range(count)]
    bare = len(Message(checkpoint().note, ()).to_text())
    message = compose(checkpoint().note, readings, most)
    taken = len(message.readings)
    assert len(message.to_text()) <= max(most, bare)
    assert [index for index, _ in message.readings] == list(range(count - taken, count))
    if taken < count:
        more = tuple((each.index, each.leaf) for each in readings[count - taken - 1 :])
        assert len(Message(checkpoint().note, more).to_text()) > most


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value | {"extra": 1},
        lambda value: {"checkpoint": value["checkpoint"]},
        lambda value: value | {"checkpoint": 5},
        lambda value: value | {"readings": {}},
        lambda value: value | {"readings": [5]},
        lambda value: value | {"readings": [{}]},
        lambda value: value | {"readings": [value["readings"][0] | {"index": -1}]},
        lambda value: value | {"readings": [value["readings"][0] | {"index": "1"}]},
        lambda value: [value],
    ],
)
def test_other_messages_are_refused(change: Any) -> None:
    """Only the canonical form is a message."""
    value = json.loads(compose(checkpoint().note, [reading(1)], 2000).to_text())
    with pytest.raises(MalformedError):
        Message.parse(json.dumps(change(value), sort_keys=True, separators=(",", ":")))


def test_other_spellings_are_refused() -> None:
    """Neither spaces, nor another order, nor text that is not JSON."""
    text = compose(checkpoint().note, [reading(1)], 2000).to_text()
    for other in (text.replace(":", ": ", 1), text + " ", text[:-1], "", "[" * 50_000):
        with pytest.raises(MalformedError):
            Message.parse(other)
