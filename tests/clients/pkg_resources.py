"""The one function of setuptools' former module that PyOTA 2.1.0 calls when it is imported."""

from importlib.metadata import Distribution, distribution


def require(name: str) -> list[Distribution]:
    """Return the installed distribution of this name, which knows its version."""
    return [distribution(name)]
