"""The two functions of setuptools' former module that PyOTA 2.1.0 and its filters call when imported."""

from collections.abc import Iterator
from importlib.metadata import Distribution, distribution


def require(name: str) -> list[Distribution]:
    """Return the installed distribution of this name, which knows its version."""
    return [distribution(name)]


def iter_entry_points(group: str, name: str | None = None) -> Iterator[object]:
    """Yield nothing: no plug-in of PyOTA is installed."""
    return iter(())
