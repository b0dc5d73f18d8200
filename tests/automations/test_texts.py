"""What the automation editor shows: each trigger, condition and action has words and an icon."""

import json
from typing import Any

import pytest

from custom_components.sensorchain.condition import CONDITIONS
from custom_components.sensorchain.trigger import TRIGGERS
from homeassistant.util.yaml import load_yaml_dict
from tests.log import DOMAIN, ROOT

FOLDER = ROOT / "custom_components" / DOMAIN
KINDS = {"triggers": "trigger", "conditions": "condition", "services": "service"}


def _described(kind: str) -> dict[str, Any]:
    """Return what the descriptions of a kind say, without what they share."""
    described = load_yaml_dict(str(FOLDER / f"{kind}.yaml"))
    return {name: each for name, each in described.items() if not name.startswith(".")}


def _json(name: str, kind: str) -> Any:
    """Return what a file says of a kind."""
    return json.loads((FOLDER / name).read_text())[kind]


def test_all_are_described() -> None:
    """There is a description of each one, and of nothing else."""
    assert set(_described("triggers")) == set(TRIGGERS)
    assert set(_described("conditions")) == set(CONDITIONS)


@pytest.mark.parametrize("kind", KINDS)
def test_words_and_icons(kind: str) -> None:
    """Each has a name, a description and an icon; each of its fields has a name."""
    described, texts = _described(kind), _json("translations/en.json", kind)
    icons = _json("icons.json", kind)
    assert set(described) == set(texts) == set(icons)
    for name, text in texts.items():
        assert text["name"] and text["description"].endswith(".")
        assert icons[name][KINDS[kind]].startswith("mdi:")
        fields = described[name].get("fields") or {}
        assert set(fields) == set(text.get("fields", {}))
        assert all(each["name"] for each in text.get("fields", {}).values())
