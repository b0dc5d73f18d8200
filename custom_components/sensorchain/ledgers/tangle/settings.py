"""What a person chooses for a Tangle."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from ...transparency.jcs import JsonValue
from ..ledger import SettingsError
from .transaction import HASH_TRYTES
from .trytes import is_trytes

MOST_WEIGHT = 81
"""Trits; mainnet asked for 14, and each one more is three times the work."""

MOST_TRANSACTIONS = 20
"""In an anchor: 43 740 trytes, 21 870 characters."""

PLACEHOLDER = "{transaction}"
"""Stands in an explorer's URL where the transaction's hash goes."""

_PORTS = {"http": 80, "https": 443}


class ProofOfWork(StrEnum):
    """Who searches the nonces."""

    LOCAL = "local"
    NODE = "node"


@dataclass(frozen=True, slots=True)
class TangleSettings:
    """The nodes of a Tangle and how it is used; raises SettingsError for what cannot be.

    `coordinator` is the coordinator's address, the network's identity, or None to take
    the nodes' word; `transactions` is the most that an anchor takes.
    """

    nodes: tuple[str, ...]
    minimum_weight_magnitude: int = 14
    proof_of_work: ProofOfWork = ProofOfWork.LOCAL
    coordinator: str | None = None
    transactions: int = 4
    explorer: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if not self.nodes:
            raise SettingsError("nodes", "At least one node is needed")
        for node in self.nodes:
            _check_url("nodes", node)
        if len({_server(node) for node in self.nodes}) < len(self.nodes):
            raise SettingsError("nodes", "A node is given twice")
        _check_range(
            "minimum_weight_magnitude", self.minimum_weight_magnitude, MOST_WEIGHT
        )
        _check_range("transactions", self.transactions, MOST_TRANSACTIONS)
        if self.coordinator is not None and not is_trytes(
            self.coordinator, HASH_TRYTES
        ):
            raise SettingsError("coordinator", "A coordinator's address is 81 trytes")
        if self.explorer is not None:
            _check_explorer(self.explorer)

    def to_json(self) -> dict[str, JsonValue]:
        """Return the settings as they are stored."""
        return {
            "nodes": list(self.nodes),
            "minimum_weight_magnitude": self.minimum_weight_magnitude,
            "proof_of_work": self.proof_of_work.value,
            "coordinator": self.coordinator,
            "transactions": self.transactions,
            "explorer": self.explorer,
        }

    def public(self) -> "TangleSettings":
        """Return the settings without what lets somebody in: for strangers to see."""
        return replace(self, nodes=tuple(dict.fromkeys(map(_public_url, self.nodes))))

    @classmethod
    def from_json(cls, value: Mapping[str, JsonValue]) -> "TangleSettings":
        """Return the settings of a JSON object; what is missing is as by default."""
        given = {each.name: each.default for each in fields(cls)} | dict(value)
        return cls(
            nodes=_nodes(given["nodes"]),
            minimum_weight_magnitude=_number(given, "minimum_weight_magnitude"),
            proof_of_work=_proof_of_work(given["proof_of_work"]),
            coordinator=_optional_text(given, "coordinator"),
            transactions=_number(given, "transactions"),
            explorer=_optional_text(given, "explorer"),
        )


def _check_url(setting: str, text: str) -> None:
    """Refuse what is not the URL of a web server; what it says shows no password."""
    try:
        is_web = _is_web(urlsplit(text))
    except ValueError:
        is_web = False
    if not is_web or not text.isprintable() or text != text.strip():
        raise SettingsError(
            setting, "A URL begins with http:// or https:// and the name of a server"
        )


def _public_url(text: str) -> str:
    """Return a URL without a name, a password or a token in it."""
    url = urlsplit(text)
    host = url.netloc.rpartition("@")[2]
    return url._replace(netloc=host, query="", fragment="").geturl()


def _is_web(url: SplitResult) -> bool:
    """Whether a URL names a web server; raises ValueError for a port that cannot be."""
    host = url.hostname or ""
    return url.scheme in _PORTS and url.port != 0 and bool(host) and " " not in host


def _server(text: str) -> tuple[object, ...]:
    """Return what of a URL tells one server from another."""
    url = urlsplit(text)
    port = url.port or _PORTS[url.scheme]
    return url.scheme, url.hostname, port, url.path or "/", url.query


def _check_explorer(text: str) -> None:
    """Refuse what is not the URL of a page for a transaction."""
    _check_url("explorer", text.replace(PLACEHOLDER, "9"))
    if PLACEHOLDER not in text:
        raise SettingsError("explorer", f"An explorer's URL has {PLACEHOLDER} in it")


def _check_range(setting: str, value: int, most: int) -> None:
    """Refuse a number below 1 or above the most."""
    if not 1 <= value <= most:
        raise SettingsError(setting, f"Not a number from 1 to {most}: {value}")


def _nodes(value: object) -> tuple[str, ...]:
    """Return the URLs of a JSON list."""
    if not isinstance(value, list):
        raise SettingsError("nodes", "Nodes are a list of URLs")
    urls = tuple(node for node in value if isinstance(node, str))
    if len(urls) < len(value):
        raise SettingsError("nodes", "Nodes are a list of URLs")
    return urls


def _number(given: Mapping[str, object], setting: str) -> int:
    """Return a setting that is a whole number."""
    value = given[setting]
    if type(value) is not int:
        raise SettingsError(setting, "Not a whole number")
    return value


def _proof_of_work(value: object) -> ProofOfWork:
    """Return who searches the nonces."""
    if value not in list(ProofOfWork):
        raise SettingsError("proof_of_work", "Neither local nor node")
    return ProofOfWork(str(value))


def _optional_text(given: Mapping[str, object], setting: str) -> str | None:
    """Return a setting that is a text, or nothing."""
    value = given[setting]
    if value is not None and not isinstance(value, str):
        raise SettingsError(setting, "Not a text")
    return value
