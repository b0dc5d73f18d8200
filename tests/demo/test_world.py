"""The pieces of the demo world that need no running world."""

from pathlib import Path
import socket

import pytest

from demo.world.__main__ import arguments, messages
from demo.world.errors import WorldError
from demo.world.folder import LINKS, Folder
from demo.world.ports import HOST, claim, free_ports, is_free
from demo.world.smoke import Confirmed, check_published

READING = Confirmed("sensor.fridge", "4.5", 41, "9" * 81, 12.5)


def test_folder_is_in_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """The world is kept outside the clone, where caches are."""
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert arguments([]).folder == Path("/somewhere/sensorchain/demo-world")


def test_default_ports() -> None:
    """Home Assistant and the node are where everybody expects them."""
    given = arguments([])
    assert (given.port, given.tangle_port) == (8123, 14265)


def test_free_ports_differ(socket_enabled: None) -> None:
    """Free ports are free, and not the same one twice."""
    ports = free_ports(3)
    assert len(set(ports)) == 3
    assert all(map(is_free, ports))


def test_taken_port_is_told(socket_enabled: None) -> None:
    """A port that is taken is named, with the option that chooses another."""
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
        with pytest.raises(WorldError, match=f"Port {port}, .* taken.* --port"):
            claim(port, "Home Assistant", "--port")


def test_folder_is_prepared_again(tmp_path: Path) -> None:
    """Links follow the clone, and the onboarding of an earlier start stays."""
    folder = Folder(tmp_path)
    folder.prepare(1234)
    onboarding = folder.home_assistant / ".storage" / "onboarding"
    onboarding.write_text("done")
    link = folder.home_assistant / "configuration.yaml"
    link.unlink()
    link.symlink_to("/a/clone/that/moved")
    folder.prepare(1235)
    assert link.samefile(LINKS["configuration.yaml"])
    assert onboarding.read_text() == "done"
    assert "1235" in (folder.home_assistant / ".storage" / "http").read_text()


def test_clear_forgets_the_world_alone(tmp_path: Path) -> None:
    """Beginning anew deletes what the world made, and nothing beside it."""
    beside = tmp_path / "thesis.txt"
    beside.touch()
    folder = Folder(tmp_path)
    folder.prepare(1234)
    folder.clear()
    assert not folder.home_assistant.exists()
    assert beside.exists()


def test_all_errors_are_told() -> None:
    """Each of several errors at once is told."""
    group = ExceptionGroup(
        "", [WorldError("one"), ExceptionGroup("", [WorldError("two")])]
    )
    assert list(messages(group)) == ["one", "two"]


def test_published_reading_is_accepted() -> None:
    """A message that holds the reading is what the smoke test looks for."""
    check_published(
        READING, [{"entity_id": "sensor.fridge", "state": "4.5", "index": 41}]
    )


@pytest.mark.parametrize(
    "other", [{"state": "4.6"}, {"index": 40}, {"entity_id": "sensor.freezer"}]
)
def test_other_reading_is_not_accepted(other: dict[str, object]) -> None:
    """A message without exactly that reading fails the smoke test."""
    published = {"entity_id": "sensor.fridge", "state": "4.5", "index": 41} | other
    with pytest.raises(WorldError, match=r"4\.5"):
        check_published(READING, [published])
