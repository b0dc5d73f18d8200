"""What settings of ledgers are made of, checked: URLs, numbers and texts from JSON.

All raise SettingsError, whose text shows no password.
"""

from collections.abc import Mapping, Sequence, Set as AbstractSet
from enum import StrEnum
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from .ledger import SettingsError

Choice = TypeVar("Choice", bound=StrEnum)

PLACEHOLDER = "{transaction}"
"""Stands in an explorer's URL where the transaction's name goes."""

_PORTS = {"http": 80, "https": 443}


def check_url(setting: str, text: str) -> None:
    """Refuse what is not the URL of a web server."""
    try:
        is_web = _is_web(urlsplit(text))
    except ValueError:
        is_web = False
    if not is_web or not text.isprintable() or text != text.strip():
        raise SettingsError(
            setting, "A URL begins with http:// or https:// and the name of a server"
        )


def check_nodes(nodes: Sequence[str]) -> None:
    """Refuse nodes that are none, and one that is given twice."""
    check_servers("nodes", "node", nodes)


def check_servers(setting: str, kind: str, servers: Sequence[str]) -> None:
    """Refuse servers of a kind that are none, and one that is given twice."""
    if not servers:
        raise SettingsError(setting, f"At least one {kind} is needed")
    for server in servers:
        check_url(setting, server)
    if len({_server(server) for server in servers}) < len(servers):
        raise SettingsError(setting, f"A {kind} is given twice")


def check_explorer(text: str | None) -> None:
    """Refuse what is not the URL of a page for a transaction; there need be none."""
    if text is None:
        return
    check_url("explorer", text.replace(PLACEHOLDER, "9"))
    if PLACEHOLDER not in text:
        raise SettingsError("explorer", f"An explorer's URL has {PLACEHOLDER} in it")


def check_range(setting: str, value: int, least: int, most: int) -> None:
    """Refuse a number below the least or above the most."""
    if not least <= value <= most:
        raise SettingsError(setting, f"Not a number from {least} to {most}: {value}")


def public_url(text: str) -> str:
    """Return a URL without a name, a password or a token in it."""
    url = urlsplit(text)
    host = url.netloc.rpartition("@")[2]
    return url._replace(netloc=host, query="", fragment="").geturl()


def without_tokens(
    nodes: Sequence[str], known: Sequence[str], harmless: AbstractSet[str] = frozenset()
) -> tuple[str, ...]:
    """Return the URLs of nodes without what lets somebody in: for strangers to see.

    Providers put a customer's token into the path, unless it is a harmless one. Where no
    node is without, public ones that are known stand in their place, or the servers' names.
    """
    cleaned = [public_url(node) for node in nodes]
    bare = [
        each
        for each in cleaned
        if each in known or urlsplit(each).path.strip("/") in {"", *harmless}
    ]
    named = [urlsplit(each)._replace(path="").geturl() for each in cleaned]
    return tuple(dict.fromkeys(bare or known or named))


def urls(given: Mapping[str, object], setting: str) -> tuple[str, ...]:
    """Return a setting that is a list of URLs."""
    value = given[setting]
    items = value if isinstance(value, list) else [None]
    found = tuple(each for each in items if isinstance(each, str))
    if len(found) < len(items):
        raise SettingsError(setting, "Not a list of URLs")
    return found


def number(given: Mapping[str, object], setting: str) -> int:
    """Return a setting that is a whole number."""
    value = given[setting]
    if type(value) is not int:
        raise SettingsError(setting, "Not a whole number")
    return value


def text(given: Mapping[str, object], setting: str) -> str:
    """Return a setting that is a text."""
    value = given[setting]
    if not isinstance(value, str):
        raise SettingsError(setting, "Not a text")
    return value


def optional_text(given: Mapping[str, object], setting: str) -> str | None:
    """Return a setting that is a text, or nothing."""
    return None if given[setting] is None else text(given, setting)


def choice(given: Mapping[str, object], setting: str, kind: type[Choice]) -> Choice:
    """Return a setting that is one of a few words."""
    value = given[setting]
    if value not in list(kind):
        raise SettingsError(setting, f"None of {', '.join(kind)}")
    return kind(str(value))


def _is_web(url: SplitResult) -> bool:
    """Whether a URL names a web server; raises ValueError for a port that cannot be."""
    host = url.hostname or ""
    return url.scheme in _PORTS and url.port != 0 and bool(host) and " " not in host


def _server(text: str) -> tuple[object, ...]:
    """Return what of a URL tells one server from another."""
    url = urlsplit(text)
    port = url.port or _PORTS[url.scheme]
    return url.scheme, url.hostname, port, url.path or "/", url.query
