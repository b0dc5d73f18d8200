"""Constants of SensorChain."""

from typing import Final

DOMAIN: Final = "sensorchain"

CONF_KIND: Final = "kind"
KIND_BLUETOOTH_SENSOR: Final = "bluetooth_sensor"
KIND_LOG: Final = "log"

# A Bluetooth sensor's config entry: its data, and its options.
CONF_PAIRED: Final = "paired"
CONF_DESCRIPTIONS: Final = "descriptions"
CONF_CONNECTION: Final = "connection"
CONF_POLL_EVERY: Final = "poll_every"

# A log's config entry: its data and options, and its subentries with their data.
CONF_ORIGIN: Final = "origin"
CONF_SIGNING_KEY: Final = "signing_key"
CONF_PREVIOUS_LOGS: Final = "previous_logs"
CONF_NEEDS_ALL_LEDGERS: Final = "needs_all_ledgers"
CONF_ARCHIVE_AFTER: Final = "archive_after"

SUBENTRY_LEDGER: Final = "ledger"
CONF_LEDGER: Final = "ledger"
CONF_CADENCE: Final = "cadence"
CONF_SETTINGS: Final = "settings"

SUBENTRY_RULE: Final = "rule"
CONF_ENTITY_IDS: Final = "entity_ids"
CONF_SCOPE: Final = "scope"
CONF_OCCASION: Final = "occasion"
CONF_AT_MOST_EVERY: Final = "at_most_every"
CONF_MOVED_BY: Final = "moved_by"
CONF_AT_LEAST_EVERY: Final = "at_least_every"
CONF_PUBLIC: Final = "public"
