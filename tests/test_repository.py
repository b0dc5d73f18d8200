"""What hassfest, HACS and a person who installs SensorChain find in the repository."""

from collections.abc import Iterator
import json
from pathlib import Path
import re
import struct
import tomllib
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
INTEGRATION = ROOT / "custom_components" / "sensorchain"
TRANSLATIONS = INTEGRATION / "translations"
REQUIREMENTS = ["requirements_test.txt", "demo/requirements.txt"]
# https://www.hacs.xyz/docs/publish/start/#hacsjson: other keys are refused.
HACS_KEYS = {
    "content_in_root",
    "country",
    "filename",
    "hacs",
    "hide_default_branch",
    "homeassistant",
    "name",
    "persistent_directory",
    "render_readme",
    "zip_release",
}
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file."""
    return json.loads(path.read_text())


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path of each text in nested objects, with the text."""
    if isinstance(value, str):
        yield path, value
        return
    for key, inner in value.items():
        yield from texts(inner, f"{path}.{key}".lstrip("."))


def placeholders(text: str) -> set[str]:
    """Return the names that are filled in when the text is shown."""
    return set(re.findall(r"{(\w+)}", text))


def required(path: str) -> set[str]:
    """Return the lines of a requirements file that name a package."""
    lines = (ROOT / path).read_text().splitlines()
    return {line for line in lines if line and not line.startswith(("#", "-"))}


def pinned_home_assistant(path: str) -> str:
    """Return the version of Home Assistant in a requirements file."""
    [pin] = [line for line in required(path) if line.startswith("homeassistant==")]
    return pin.removeprefix("homeassistant==")


@pytest.fixture
def manifest() -> dict[str, Any]:
    """Return the integration's manifest."""
    return read_json(INTEGRATION / "manifest.json")


def test_one_integration() -> None:
    """HACS installs the only folder below custom_components, and the demo's own integration is not there."""
    folders = {
        path
        for path in INTEGRATION.parent.iterdir()
        if path.is_dir() and path.name != "__pycache__"
    }
    assert folders == {INTEGRATION}


def test_manifest_keys_are_sorted(manifest: dict[str, Any]) -> None:
    """Hassfest wants domain and name, then the rest by the alphabet."""
    assert list(manifest) == sorted(
        manifest, key=lambda key: (key != "domain", key != "name", key)
    )


def test_manifest_has_what_hacs_asks_for(manifest: dict[str, Any]) -> None:
    """HACS refuses an integration whose manifest lacks one of these."""
    assert manifest.keys() >= {
        "codeowners",
        "documentation",
        "domain",
        "issue_tracker",
        "name",
        "version",
    }
    assert manifest["domain"] == INTEGRATION.name


@pytest.mark.parametrize("path", REQUIREMENTS)
def test_environments_have_the_manifests_requirements(
    manifest: dict[str, Any], path: str
) -> None:
    """Tests and demo run on the very versions that a user gets."""
    assert required(path) >= set(manifest["requirements"])


def test_versions_agree(manifest: dict[str, Any]) -> None:
    """The changelog, the project file and the manifest speak of the same version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == manifest["version"]
    assert manifest["version"] in (ROOT / "CHANGELOG.md").read_text()


def test_hacs_json_has_known_keys_only() -> None:
    """A key that HACS does not know fails its validation."""
    hacs = read_json(ROOT / "hacs.json")
    assert {"name", "homeassistant"} <= hacs.keys() <= HACS_KEYS


def test_tests_run_on_the_oldest_home_assistant() -> None:
    """The month that HACS demands is the month the tests run on."""
    oldest = read_json(ROOT / "hacs.json")["homeassistant"]
    assert (
        pinned_home_assistant("requirements_test.txt").split(".")[:2]
        == oldest.split(".")[:2]
    )


@pytest.mark.parametrize("name", ["README.md", "LICENSE", "CHANGELOG.md"])
def test_document_is_there(name: str) -> None:
    """HACS shows the README and asks for a licence."""
    assert (ROOT / name).read_text().strip()


@pytest.mark.parametrize(("name", "side"), [("icon.png", 256), ("icon@2x.png", 512)])
def test_brand_icon_is_square(name: str, side: int) -> None:
    """Home Assistant shows the brand's images as they are: PNG, 256 and 512 pixels."""
    image = (INTEGRATION / "brand" / name).read_bytes()
    assert image.startswith(PNG_SIGNATURE)
    assert struct.unpack(">II", image[16:24]) == (side, side)


def test_english_is_complete() -> None:
    """No text is empty, and a custom integration carries no strings.json, which only Home Assistant's core has."""
    english = dict(texts(read_json(TRANSLATIONS / "en.json")))
    assert english
    assert not [path for path, text in english.items() if not text.strip()]
    assert not (INTEGRATION / "strings.json").exists()


def test_translations_match_english() -> None:
    """Every language says all that English says, and fills in the same names."""
    english = dict(texts(read_json(TRANSLATIONS / "en.json")))
    for path in TRANSLATIONS.glob("*.json"):
        translated = dict(texts(read_json(path)))
        assert translated.keys() == english.keys(), path.name
        assert {key: placeholders(text) for key, text in translated.items()} == {
            key: placeholders(text) for key, text in english.items()
        }, path.name


def test_lock_names_no_registry() -> None:
    """The JavaScript clients come from whichever registry the machine uses."""
    packages = read_json(ROOT / "tests/clients/package-lock.json")["packages"]
    assert len(packages) > 1
    assert not [name for name, package in packages.items() if "resolved" in package]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "scripts").iterdir()), ids=lambda path: path.name
)
def test_scripts_can_be_started(path: Path) -> None:
    """Whatever lies in scripts and is no module is a command."""
    assert path.suffix or path.is_dir() or path.stat().st_mode & 0o111
