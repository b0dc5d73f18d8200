"""The forms of a log's parts: what a person fills in, and what becomes of it.

The same form stands in the flow that adds a log and in those that add or change a part.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import probatio as vol

from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorType,
)

SECTION_MORE = "more"


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that holds: the title and the data of a subentry, and what may exist once."""

    title: str
    data: dict[str, Any]
    unique_id: str | None = None


class FormError(Exception):
    """A form that does not hold; `errors` is what it shows, by field."""

    def __init__(self, errors: dict[str, str], reason: str = "") -> None:
        """Keep the errors, and the reason in words."""
        super().__init__(errors)
        self.errors = errors
        self.placeholders = {"reason": reason}


def number(
    least: float, most: float, step: float | Literal["any"] = 1
) -> NumberSelector:
    """Return a box for a number."""
    return NumberSelector(
        NumberSelectorConfig(
            min=least, max=most, step=step, mode=NumberSelectorMode.BOX
        )
    )


def choice(key: str, options: Iterable[str]) -> SelectSelector:
    """Return a choice whose options are translated under a key."""
    return SelectSelector(
        SelectSelectorConfig(options=list(options), translation_key=key)
    )


def without_secrets(schema: vol.Schema, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form shows again: nothing that was typed unseen, in sections neither."""
    fields = schema.schema
    return {
        key: _without_secrets(fields.get(key), value)
        for key, value in shown.items()
        if not _is_secret(fields.get(key))
    }


def _without_secrets(field: object, shown: Any) -> Any:
    """Return what a field shows again."""
    return without_secrets(field.schema, shown) if isinstance(field, section) else shown


def _is_secret(field: object) -> bool:
    """Whether what is typed into a field of a form is not shown."""
    return (
        isinstance(field, TextSelector)
        and field.config.get("type") == TextSelectorType.PASSWORD
    )


def seconds(duration: Mapping[str, float]) -> float:
    """Return the seconds of what a duration selector gives."""
    return timedelta(**duration).total_seconds()
