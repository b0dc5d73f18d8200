"""Repair issues: what only a person can put right, told for as long as it is so."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .anchoring.entry import LogConfigEntry
from .const import DOMAIN


@callback
def async_watch_log(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """Tell of a log that cannot be written and of ledgers that refuse, until it is over."""
    service = entry.runtime_data

    @callback
    def tell() -> None:
        """Compare what is told with what is so."""
        _tell(
            hass,
            f"storage_{entry.entry_id}",
            "log_not_writable",
            service.storage_error,
            {"log": entry.title, "unwritten": str(service.unwritten)},
        )
        for anchorer in service.anchorers.values():
            error = anchorer.error if anchorer.is_rejected else None
            _tell(
                hass,
                f"ledger_{anchorer.ledger_id}",
                "ledger_refuses",
                error,
                {"log": entry.title, "ledger": anchorer.title},
            )

    @callback
    def withdraw() -> None:
        """Tell nothing of a log that is not running, or of a ledger that is gone."""
        ir.async_delete_issue(hass, DOMAIN, f"storage_{entry.entry_id}")
        for ledger_id in service.anchorers:
            ir.async_delete_issue(hass, DOMAIN, f"ledger_{ledger_id}")

    entry.async_on_unload(service.async_add_listener(tell))
    entry.async_on_unload(withdraw)


@callback
def _tell(
    hass: HomeAssistant,
    issue_id: str,
    translation_key: str,
    error: Exception | None,
    placeholders: dict[str, str],
) -> None:
    """Raise an issue for an error, or withdraw it."""
    if error is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=translation_key,
        translation_placeholders={**placeholders, "reason": str(error)},
    )
