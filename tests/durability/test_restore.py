"""A log that is put back from an older copy never contradicts what it has published."""

from collections.abc import Callable
from pathlib import Path
import shutil

import pytest

from custom_components.sensorchain.anchoring import succession
from custom_components.sensorchain.anchoring.entry import LogConfigEntry, signing_key
from custom_components.sensorchain.anchoring.mark import SUFFIX
from custom_components.sensorchain.ledgers.tangle import history
from custom_components.sensorchain.transparency.note import VerifierKey
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.core import HomeAssistant
from tests.common import eventually, never
from tests.log import add_ledger, published, tangle_form

from .common import (
    check_first_leaf,
    confirmed,
    issue_of,
    readings,
    record,
    states,
    stopped,
    successor,
)


def forget_mark(path: Path) -> None:
    """Do as a restored backup does, which leaves the mark out."""
    path.with_suffix(SUFFIX).unlink(missing_ok=True)


async def take_copy(hass: HomeAssistant, entry: LogConfigEntry) -> Callable[[], None]:
    """Copy the file of a log that stops for it; return how to put it back."""
    path = await stopped(hass, entry)
    copy = path.with_suffix(".copy")
    shutil.copy(path, copy)
    assert await hass.config_entries.async_setup(entry.entry_id)

    def put_back() -> None:
        shutil.copy(copy, path)
        forget_mark(path)

    return put_back


async def sizes(tangle: PrivateTangle, key: VerifierKey) -> list[int]:
    """Return the sizes of a log's checkpoints on a Tangle."""
    return [anchor.size for anchor in await published(tangle.url, key)]


async def test_an_older_copy(
    hass: HomeAssistant, tangle: PrivateTangle, entry: LogConfigEntry
) -> None:
    """The ledger knows more than the file: a new log takes over, and says so."""
    old = signing_key(entry).verifier
    put_back = await take_copy(hass, entry)
    await record(hass, range(3, 6))
    await confirmed(entry, 6)
    path = await stopped(hass, entry)
    put_back()
    assert await hass.config_entries.async_setup(entry.entry_id)
    new = await successor(entry, old)
    await record(hass, range(6, 8))
    await confirmed(entry, entry.runtime_data.size)
    logged = await readings(entry)
    check_first_leaf(logged[0], old, 6)
    # The value 5 is there again, as the state that the log meets at its start.
    assert states(logged[1:])[-3:] == ["5", "6", "7"]
    assert max(await sizes(tangle, old)) == 6
    assert max(await sizes(tangle, new)) == len(logged)
    assert path.exists()
    issue = issue_of(hass, f"succession_{entry.entry_id}")
    assert issue and issue.translation_key == "log_rolled_back"
    assert issue.translation_placeholders
    assert issue.translation_placeholders["size"] == "6"


async def test_an_older_copy_grown_past_the_ledger(
    hass: HomeAssistant, tangle: PrivateTangle, entry: LogConfigEntry
) -> None:
    """No node answers at first: what is recorded meanwhile is carried, nothing published."""
    old = signing_key(entry).verifier
    put_back = await take_copy(hass, entry)
    await record(hass, range(3, 6))
    await confirmed(entry, 6)
    await stopped(hass, entry)
    put_back()
    before = await published(tangle.url, old)
    await tangle.stop()
    assert await hass.config_entries.async_setup(entry.entry_id)
    meanwhile = [f"meanwhile {number}" for number in range(10)]
    await record(hass, meanwhile)
    await eventually(lambda: entry.runtime_data.size == 3 + 1 + len(meanwhile))
    # Still down after another start.
    assert await hass.config_entries.async_reload(entry.entry_id)
    await tangle.start()
    entry.runtime_data.async_anchor_now()
    new = await successor(entry, old)
    await confirmed(entry, entry.runtime_data.size)
    logged = await readings(entry)
    check_first_leaf(logged[0], old, 6)
    assert states(logged[1:]) == ["5", *meanwhile]
    assert [each.leaf.sequence for each in logged[1:]] == list(range(len(logged) - 1))
    assert await published(tangle.url, old) == before
    assert max(await sizes(tangle, new)) == len(logged)


async def test_an_older_copy_beside_its_mark(
    hass: HomeAssistant, tangle: PrivateTangle, entry: LogConfigEntry
) -> None:
    """What this machine remembers is enough: no ledger needs to answer."""
    old = signing_key(entry).verifier
    path = await stopped(hass, entry)
    shutil.copy(path, copy := path.with_suffix(".copy"))
    assert await hass.config_entries.async_setup(entry.entry_id)
    await record(hass, range(3, 6))
    await confirmed(entry, 6)
    await stopped(hass, entry)
    shutil.copy(copy, path)
    await tangle.stop()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await successor(entry, old)
    check_first_leaf((await readings(entry))[0], old, 6)


async def test_a_copy_that_is_not_older(
    hass: HomeAssistant, tangle: PrivateTangle, entry: LogConfigEntry
) -> None:
    """What is put back and knows all that was published goes on."""
    key = signing_key(entry).verifier
    put_back = await take_copy(hass, entry)
    await stopped(hass, entry)
    put_back()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await record(hass, range(3, 6))
    await confirmed(entry, 6)
    assert signing_key(entry).verifier == key
    assert max(await sizes(tangle, key)) == 6
    assert not issue_of(hass, f"succession_{entry.entry_id}")


async def test_another_ledger_knows_more(
    hass: HomeAssistant,
    tangle: PrivateTangle,
    entry: LogConfigEntry,
    tmp_path: Path,
) -> None:
    """Without a mark no ledger is used before every one of them has been asked."""
    old = signing_key(entry).verifier
    async with PrivateTangle(
        database=tmp_path / "other.db",
        minimum_weight_magnitude=4,
        milestone_interval=0.2,
        coordinator_address="B" * 81,
    ) as other:
        await add_ledger(hass, entry, tangle_form(other.url))
        put_back = await take_copy(hass, entry)
        await tangle.stop()
        await record(hass, range(3, 6))
        await confirmed(entry, 6)
        await stopped(hass, entry)
        put_back()
        await other.stop()
        await tangle.start()
        before = await published(tangle.url, old)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await record(hass, range(6, 9))
        asked, unasked = entry.runtime_data.anchorers.values()
        await eventually(lambda: asked.is_connected and unasked.error)
        issue_id = f"unasked_{unasked.ledger_id}"
        await eventually(lambda: issue_of(hass, issue_id))
        entry.runtime_data.async_anchor_now()
        await never(lambda: asked.submitted, 1)
        assert await published(tangle.url, old) == before
        await other.start()
        entry.runtime_data.async_anchor_now()
        await successor(entry, old)
        await confirmed(entry, entry.runtime_data.size)
        check_first_leaf((await readings(entry))[0], old, 6)
        await eventually(lambda: not issue_of(hass, issue_id))


async def test_with_its_mark_one_ledger_does_not_wait_for_another(
    hass: HomeAssistant,
    tangle: PrivateTangle,
    entry: LogConfigEntry,
    tmp_path: Path,
) -> None:
    """After an ordinary start a ledger that is down holds up no other."""
    async with PrivateTangle(
        database=tmp_path / "other.db",
        minimum_weight_magnitude=4,
        coordinator_address="B" * 81,
    ) as other:
        await add_ledger(hass, entry, tangle_form(other.url))
    assert await hass.config_entries.async_reload(entry.entry_id)
    await record(hass, range(3, 6))
    await confirmed(entry, 6)


async def test_ledger_that_cannot_be_searched(
    hass: HomeAssistant,
    tangle: PrivateTangle,
    entry: LogConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The mark decides; without one, only a new log is safe."""
    old = signing_key(entry).verifier
    put_back = await take_copy(hass, entry)
    monkeypatch.setattr(history, "MOST_SEARCHED", 0)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await record(hass, range(3, 6))
    await confirmed(entry, 6)
    assert signing_key(entry).verifier == old
    await stopped(hass, entry)
    put_back()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await successor(entry, old)
    check_first_leaf((await readings(entry))[0], old, 3)
    assert max(await sizes(tangle, old)) == 6


async def test_power_cut_before_the_entry_is_stored(
    hass: HomeAssistant, tangle: PrivateTangle, entry: LogConfigEntry
) -> None:
    """The new log is found again, though the entry still names the old one."""
    old, data = signing_key(entry).verifier, dict(entry.data)
    put_back = await take_copy(hass, entry)
    await record(hass, range(3, 6))
    await confirmed(entry, 6)
    await stopped(hass, entry)
    put_back()
    assert await hass.config_entries.async_setup(entry.entry_id)
    new = await successor(entry, old)
    await stopped(hass, entry)
    hass.config_entries.async_update_entry(entry, data=data)
    assert signing_key(entry).verifier == old
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert signing_key(entry).verifier == new
    assert max(await sizes(tangle, old)) == 6


async def test_a_new_log_that_cannot_be_made_yet(
    hass: HomeAssistant,
    tangle: PrivateTangle,
    entry: LogConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What is recorded while the disk does not allow a new log is in it once it does."""
    monkeypatch.setattr(succession, "RETRY_SECONDS", 0.05)
    old = signing_key(entry).verifier
    put_back = await take_copy(hass, entry)
    await record(hass, range(3, 6))
    await confirmed(entry, 6)
    path = await stopped(hass, entry)
    put_back()
    obstacle = path.with_suffix(".successor")
    obstacle.mkdir()
    before = await published(tangle.url, old)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await eventually(lambda: caplog.text.count("No new log can be made") > 1)
    await record(hass, range(6, 8))
    obstacle.rmdir()
    await successor(entry, old)
    await confirmed(entry, entry.runtime_data.size)
    logged = await readings(entry)
    check_first_leaf(logged[0], old, 6)
    assert states(logged[1:])[-3:] == ["5", "6", "7"]
    assert await published(tangle.url, old) == before
