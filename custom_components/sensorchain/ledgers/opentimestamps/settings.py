"""What a person chooses for Bitcoin through OpenTimestamps: nothing, as a rule."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
import re

from ...transparency.jcs import JsonValue
from ..given import (
    check_nodes,
    check_range,
    check_servers,
    number,
    optional_text,
    public_url,
    urls,
)
from ..ledger import SettingsError
from .calendar import PUBLIC_CALENDARS
from .sources import PUBLIC_EXPLORERS

MOST_CALENDARS = 10
MOST_CONFIRMATIONS = 100

_GENESIS = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class OpenTimestampsSettings:
    """Calendars and who tells of blocks; raises SettingsError for what cannot be.

    A checkpoint counts as submitted once `quorum` calendars have taken it, at least 1.
    `nodes` are explorers (Esplora), or nodes, whose URLs end in /rest; of several two must
    agree. A block counts once it is the last one but `confirmations` - 1. `network` is the
    hash of the chain's first block, or None to take the nodes' word.
    """

    calendars: tuple[str, ...] = PUBLIC_CALENDARS
    quorum: int = 2
    nodes: tuple[str, ...] = PUBLIC_EXPLORERS
    confirmations: int = 6
    network: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        check_servers("calendars", "calendar", self.calendars)
        if len(self.calendars) > MOST_CALENDARS:
            raise SettingsError("calendars", f"More than {MOST_CALENDARS} calendars")
        check_nodes(self.nodes)
        check_range("confirmations", self.confirmations, 1, MOST_CONFIRMATIONS)
        if not 1 <= self.quorum <= len(self.calendars):
            problem = f"There are {len(self.calendars)} calendars: {self.quorum} of them cannot answer"
            raise SettingsError("quorum", problem)
        if self.network is not None and not _GENESIS.fullmatch(self.network):
            raise SettingsError("network", "A block's hash is 64 hexadecimal digits")

    def to_json(self) -> dict[str, JsonValue]:
        """Return the settings as they are stored."""
        return {
            "calendars": list(self.calendars),
            "quorum": self.quorum,
            "nodes": list(self.nodes),
            "confirmations": self.confirmations,
            "network": self.network,
        }

    def public(self) -> "OpenTimestampsSettings":
        """Return the settings without what lets somebody in: for strangers to see."""
        calendars = tuple(dict.fromkeys(map(public_url, self.calendars)))
        return replace(
            self,
            calendars=calendars,
            quorum=min(self.quorum, len(calendars)),
            nodes=tuple(dict.fromkeys(map(public_url, self.nodes))),
        )

    @classmethod
    def from_json(cls, value: Mapping[str, JsonValue]) -> "OpenTimestampsSettings":
        """Return the settings of a JSON object; what is missing is as by default."""
        given = {name: _json(default) for name, default in _DEFAULTS.items()}
        given |= dict(value)
        return cls(
            calendars=urls(given, "calendars"),
            quorum=number(given, "quorum"),
            nodes=urls(given, "nodes"),
            confirmations=number(given, "confirmations"),
            network=optional_text(given, "network"),
        )


_DEFAULTS = {each.name: each.default for each in fields(OpenTimestampsSettings)}


def _json(default: object) -> object:
    """Return a default as it stands in JSON."""
    return list(default) if isinstance(default, tuple) else default
