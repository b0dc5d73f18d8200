"""The folder that holds the world's state: it may be deleted at any time, and the world begins anew."""

from dataclasses import dataclass
import json
from pathlib import Path
import shutil

from .ports import HOST

DEMO = Path(__file__).parents[1]

LINKS = {
    "configuration.yaml": DEMO / "config" / "configuration.yaml",
    "custom_components/virtual_radio": DEMO / "custom_components" / "virtual_radio",
    "custom_components/sensorchain": DEMO.parent / "custom_components" / "sensorchain",
}
"""What Home Assistant finds in its configuration folder, and where that really is."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of a world."""

    path: Path

    @property
    def home_assistant(self) -> Path:
        """Home Assistant's configuration folder."""
        return self.path / "home-assistant"

    @property
    def home_assistant_log(self) -> Path:
        """What Home Assistant prints."""
        return self.path / "home-assistant.log"

    @property
    def tangle(self) -> Path:
        """The folder of the Tangle's database."""
        return self.path / "tangle"

    @property
    def tangle_log(self) -> Path:
        """What the Tangle prints."""
        return self.path / "tangle.log"

    def ledger(self, kind: str) -> Path:
        """Return the folder of another ledger, made if it is not there."""
        folder = self.path / "ledgers" / kind
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def ledger_log(self, kind: str) -> Path:
        """Return the file of what another ledger prints, emptied."""
        log = self.path / f"{kind}.log"
        log.write_text("")
        return log

    def clear(self) -> None:
        """Forget the world."""
        for folder in (self.home_assistant, self.tangle, self.path / "ledgers"):
            shutil.rmtree(folder, ignore_errors=True)

    def prepare(self, port: int) -> None:
        """Lay out what has to be there before the first start, and the port that may differ from start to start."""
        self.tangle.mkdir(parents=True, exist_ok=True)
        (self.home_assistant / ".storage").mkdir(parents=True, exist_ok=True)
        (self.home_assistant / "automations.yaml").touch()
        for log in (self.home_assistant_log, self.tangle_log):
            log.write_text("")
        for name, target in LINKS.items():
            _link(self.home_assistant / name, target)
        self._store("http", 3, _http(port))
        # The demo announces itself to nobody; and a machine without any network cannot.
        self._store("core.network", 1, {"configured_adapters": ["lo"]})
        if not self._storage("onboarding").exists():
            # Only the owner is left to make: the other steps set up what needs the internet.
            done = ["core_config", "analytics", "integration"]
            self._store("onboarding", 4, {"done": done})

    def _storage(self, key: str) -> Path:
        """Return the file of one of Home Assistant's stores."""
        return self.home_assistant / ".storage" / key

    def _store(self, key: str, version: int, data: dict[str, object]) -> None:
        """Write one of Home Assistant's stores."""
        store = {"version": version, "minor_version": 1, "key": key, "data": data}
        self._storage(key).write_text(json.dumps(store))


def _link(name: Path, target: Path) -> None:
    """Make a link, or make it anew: the clone may have moved."""
    name.parent.mkdir(exist_ok=True)
    name.unlink(missing_ok=True)
    name.symlink_to(target)


def _http(port: int) -> dict[str, object]:
    """Return Home Assistant's own settings of its web server; those in YAML hold for five minutes only."""
    stable = {
        "server_host": [HOST],
        "server_port": port,
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": False,
        "ssl_profile": "intermediate_v6",
        "use_x_frame_options": True,
        "created_at": "2026-01-01T00:00:00+00:00",
        "error": None,
        "error_message": None,
    }
    return {"stable": stable, "pending": None, "yaml_migration_done": True}
