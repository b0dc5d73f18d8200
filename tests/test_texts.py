"""The texts against the code: each one that is used is there, and none is left over."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any

import pytest
import yaml

from custom_components.sensorchain.ledgers.ledger import Reason
import homeassistant.components
from homeassistant.const import Platform

INTEGRATION = Path(__file__).parents[1] / "custom_components" / "sensorchain"
ENGLISH = json.loads((INTEGRATION / "translations" / "en.json").read_text())
ICONS = json.loads((INTEGRATION / "icons.json").read_text())
MANIFEST = json.loads((INTEGRATION / "manifest.json").read_text())
TREES = {path: ast.parse(path.read_text()) for path in INTEGRATION.rglob("*.py")}
ERRORS_OF_LEDGERS = {f"ledger_{reason.value}" for reason in Reason}

GAP = re.compile(r"\{\w+\}")

# What Home Assistant itself shows, or asks for by these names.
OF_HOME_ASSISTANT = {"user", "reconfigure", "init", "confirm", "already_configured"}
OF_HOME_ASSISTANT |= {"already_in_progress", "reauth_successful", "fix_flow"}

# Used without being set up: part of Home Assistant's core, or only helpers are imported.
ALWAYS_THERE = {platform.value for platform in Platform} | {
    "frontend",
    "http",
    "persistent_notification",
    "websocket_api",
}


def _strings(tree: ast.AST) -> Iterator[str]:
    """Yield the string constants of a module; of a formatted one what it begins or ends with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


STRINGS = {string for tree in TREES.values() for string in _strings(tree)}


def _calls(name: str) -> Iterator[ast.Call]:
    """Yield the calls of a function or method."""
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(name):
                yield node


def _keyword(call: ast.Call, name: str) -> str | None:
    """Return a constant that is given by keyword."""
    for keyword in call.keywords:
        if keyword.arg == name and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return None


def _is_used(key: str) -> bool:
    """Whether a key stands in the code, whole or as the fixed end of a formatted string."""
    return (
        key in STRINGS
        or key in OF_HOME_ASSISTANT | ERRORS_OF_LEDGERS
        or any(key.endswith(end) for end in STRINGS if end.startswith("_") and end[1:])
    )


@pytest.mark.parametrize(
    "path",
    [
        ("exceptions",),
        ("issues",),
        ("config", "error"),
        ("config", "abort"),
        ("config", "step"),
        ("options", "step"),
        ("selector",),
        ("config_subentries", "rule", "error"),
        ("config_subentries", "ledger", "error"),
        ("config_subentries", "ledger", "step"),
        ("system_health", "info"),
        *(("entity", platform) for platform in ENGLISH["entity"]),
    ],
    ids="/".join,
)
def test_no_text_is_left_over(path: tuple[str, ...]) -> None:
    """Every text is used by something."""
    found: dict[str, Any] = ENGLISH
    for key in path:
        found = found[key]
    assert [key for key in found if not _is_used(key)] == []


def test_every_exception_and_issue_has_a_text() -> None:
    """What the code raises or tells is translated."""
    raised = {
        key
        for name in ("Error", "NotReady", "AuthFailed", "UpdateFailed")
        for call in _calls(name)
        if (key := _keyword(call, "translation_key"))
    }
    raised |= {
        argument.value
        for call in _calls("_error")
        for argument in call.args[:1]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
    told = {
        key
        for call in _calls("async_create_issue")
        if (key := _keyword(call, "translation_key"))
    }
    assert raised
    assert raised <= ENGLISH["exceptions"].keys()
    assert told <= ENGLISH["issues"].keys()


def test_every_entity_has_a_text_and_an_icon() -> None:
    """What has a translation key has a name, and an icon unless its class has one."""
    used = {
        key
        for call in _calls("Description")
        if (key := _keyword(call, "translation_key"))
    }
    named = {key for texts in ENGLISH["entity"].values() for key in texts}
    assert used <= named
    drawn = {key for icons in ICONS["entity"].values() for key in icons}
    assert drawn <= named


def test_every_error_of_a_ledger_has_a_text() -> None:
    """A form can tell each reason that a ledger may give."""
    for texts in (ENGLISH["config"], ENGLISH["config_subentries"]["ledger"]):
        assert texts["error"].keys() >= ERRORS_OF_LEDGERS


@pytest.mark.parametrize("kind", ["services", "triggers", "conditions"])
def test_automations(kind: str) -> None:
    """Every action, trigger and condition has a name, an icon and texts for its fields."""
    described = yaml.safe_load((INTEGRATION / f"{kind}.yaml").read_text())
    described = {key: value for key, value in described.items() if key[0] != "."}
    assert described.keys() == ENGLISH[kind].keys()
    assert described.keys() == ICONS[kind].keys()
    for key, value in described.items():
        texts = ENGLISH[kind][key]
        assert {"name", "description"} <= texts.keys()
        fields = (value or {}).get("fields", {})
        assert fields.keys() == texts.get("fields", {}).keys(), key
        for field in texts.get("fields", {}).values():
            # As in Home Assistant itself, what a trigger waits for explains itself.
            wanted = {"name", "description"} if kind == "services" else {"name"}
            assert wanted <= field.keys()


@pytest.mark.parametrize(
    "path", sorted((INTEGRATION / "translations").glob("*.json")), ids=lambda p: p.stem
)
def test_every_language_says_the_same(path: Path) -> None:
    """It has the texts of English, in their order, with the same gaps to be filled."""
    ours, english = dict(_texts(json.loads(path.read_text()))), dict(_texts(ENGLISH))
    assert list(ours) == list(english)
    for key, text in english.items():
        assert sorted(GAP.findall(ours[key])) == sorted(GAP.findall(text)), key


def _texts(value: dict[str, Any], *path: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each text with the keys that lead to it."""
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from _texts(inner, *path, key)
        else:
            yield (*path, key), inner


@pytest.mark.parametrize(
    "path", sorted((INTEGRATION / "translations").glob("*.json")), ids=lambda p: p.stem
)
def test_no_text_has_an_address_in_it(path: Path) -> None:
    """Addresses change, and are filled in; hassfest refuses them."""
    assert not re.search(r"https?://[^\s\"]*\w\.\w", path.read_text())


def test_fields_of_forms_are_described() -> None:
    """Every field that a person fills in says what it is for."""

    def forms(texts: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if "data" in texts:
            yield texts
        for inner in texts.values():
            if isinstance(inner, dict):
                yield from forms(inner)

    for part in ("config", "options", "config_subentries"):
        for form in forms(ENGLISH[part]):
            assert form["data"].keys() == form.get("data_description", {}).keys()


def test_manifest_is_in_order() -> None:
    """As hassfest wants it: domain and name first, then by the alphabet; all that HACS needs."""
    keys = list(MANIFEST)
    assert keys == ["domain", "name", *sorted(set(keys) - {"domain", "name"})]
    required = {"codeowners", "documentation", "issue_tracker", "version"}
    assert required <= MANIFEST.keys()
    assert re.fullmatch(r"\d+\.\d+\.\d+", MANIFEST["version"])
    assert INTEGRATION.name == MANIFEST["domain"]


def test_dependencies_are_named() -> None:
    """Each of Home Assistant's components that is imported is set up first, or is ours."""
    imported = {
        node.module.split(".")[2]
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("homeassistant.components.")
    } | {
        alias.name
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "homeassistant.components"
        for alias in node.names
    }
    ours = {path.stem for path in INTEGRATION.glob("*.py")}
    named = _with_dependencies(MANIFEST["dependencies"])
    named |= set(MANIFEST.get("after_dependencies", ()))
    assert imported - ours - named - ALWAYS_THERE == set()


def _with_dependencies(domains: list[str]) -> set[str]:
    """Return components with all that they depend on."""
    found: set[str] = set()
    for domain in domains:
        folder = Path(homeassistant.components.__path__[0]) / domain
        manifest = json.loads((folder / "manifest.json").read_text())
        found |= {domain} | _with_dependencies(manifest.get("dependencies", []))
    return found


def test_quality_scale_is_whole() -> None:
    """Every rule is done, or exempt for a reason."""
    rules = yaml.safe_load((INTEGRATION / "quality_scale.yaml").read_text())["rules"]
    assert len(rules) == 54
    for rule, state in rules.items():
        status = state if isinstance(state, str) else state["status"]
        assert status in ("done", "exempt"), rule
        assert status == "done" or state["comment"], rule


def test_every_platform_says_how_many_updates_it_takes() -> None:
    """Home Assistant need not guess."""
    for platform in Platform:
        path = INTEGRATION / f"{platform.value}.py"
        if path.exists():
            assert re.search(
                r"^PARALLEL_UPDATES = \d+$", path.read_text(), re.MULTILINE
            ), path
