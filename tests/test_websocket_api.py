"""What the card asks, over a real websocket and HTTP, of a log that is anchored on a private Tangle."""

from collections.abc import Callable
import json
from pathlib import Path
import time
from typing import Any

from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from custom_components.sensorchain.anchoring.entry import LogConfigEntry, signing_key
from custom_components.sensorchain.card import BundleView
from custom_components.sensorchain.transparency.checkpoint import SignedCheckpoint
from custom_components.sensorchain.transparency.proof import InclusionProof
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL, UrlManager
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component

from .common import eventually
from .log import DOMAIN, add_log, add_rule, rule_form, tangle_form, verify

FRIDGE, HIVE = "sensor.fridge", "sensor.hive"
ONLY_HIVE = {"entities": {"entity_ids": {HIVE: {"read": True}}}}

type Message = dict[str, Any]

# Home Assistant's own way with requests.
pytestmark = pytest.mark.filterwarnings(
    "ignore:It is recommended to use web.RequestKey instances for keys"
)


@pytest.fixture
async def entry(hass: HomeAssistant, tangle: PrivateTangle) -> LogConfigEntry:
    """Return a log with forty confirmed readings of two entities."""
    assert await async_setup_component(hass, "websocket_api", {})
    explorer = f"{tangle.url}/transaction/{{transaction}}"
    entry = await add_log(
        hass,
        tangle_form(tangle.url, seconds=3600, explorer=explorer),
        rule_form(FRIDGE, HIVE),
    )
    for number in range(20):
        hass.states.async_set(FRIDGE, str(number), {"unit_of_measurement": "°C"})
        hass.states.async_set(HIVE, str(number))
        await hass.async_block_till_done()
    service = entry.runtime_data
    await _written(entry)
    service.async_anchor_now()
    await eventually(
        lambda: (last := service.latest_confirmed(HIVE)) and last.reading.index == 39
    )
    return entry


@pytest.fixture
async def socket(
    entry: LogConfigEntry, hass_ws_client: WebSocketGenerator
) -> MockHAClientWebSocket:
    """Return the websocket of an administrator."""
    return await hass_ws_client()


@pytest.fixture
async def guest(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
    hass_read_only_user: MockUser,
) -> MockHAClientWebSocket:
    """Return the websocket of somebody who may see the hive, and nothing else."""
    hass_read_only_user.mock_policy(ONLY_HIVE)
    return await hass_ws_client(hass, hass_read_only_access_token)


async def _written(entry: LogConfigEntry) -> None:
    """Wait until all readings so far are in the log."""
    await entry.runtime_data.async_record(())


async def _ask(socket: MockHAClientWebSocket, kind: str, **fields: Any) -> Message:
    """Return the answer to a command."""
    await socket.send_json_auto_id({"type": f"sensorchain/{kind}", **fields})
    answer: Message = await socket.receive_json()
    return answer


async def _result(socket: MockHAClientWebSocket, kind: str, **fields: Any) -> Any:
    """Return the result of a command that must succeed."""
    answer = await _ask(socket, kind, **fields)
    assert answer["success"], answer
    return answer["result"]


async def _events(
    socket: MockHAClientWebSocket, until: Callable[[Message], Any]
) -> list[Message]:
    """Return events as they come, until one is as wanted."""
    events: list[Message] = []
    while not events or not until(events[-1]):
        events.append((await socket.receive_json())["event"])
    return events


async def test_overview(
    hass: HomeAssistant, entry: LogConfigEntry, socket: MockHAClientWebSocket
) -> None:
    """The overview has the log, its ledger and its entities; later what changes of them."""
    await _result(socket, "overview")
    [first] = await _events(socket, bool)
    assert first["logs"][entry.entry_id]["confirmed_size"] == 40
    [ledger] = first["ledgers"].values()
    assert (ledger["connected"], ledger["awaiting"], ledger["cadence"]) == (
        True,
        0,
        3600,
    )
    assert ledger["last_confirmed"]["size"] == 40
    fridge = first["entities"][f"{entry.entry_id}/{FRIDGE}"]
    assert (fridge["status"], fridge["public"]) == ("confirmed", True)
    assert (fridge["reading"]["state"], fridge["reading"]["unit"]) == ("19", "°C")
    anchor = fridge["reading"]["anchor"]
    assert anchor["transaction"] in anchor["explorer"]
    hass.states.async_set(FRIDGE, "20")
    [change] = await _events(socket, lambda event: event["entities"])
    [(key, row)] = change["entities"].items()
    assert key == f"{entry.entry_id}/{FRIDGE}"
    if row["status"] != "confirmed":
        assert row["confirmed"]["state"] == "19"
    entry.runtime_data.async_anchor_now()
    statuses = {
        row["status"]
        for event in await _events(
            socket,
            lambda event: any(
                row["status"] == "confirmed" for row in event["entities"].values()
            ),
        )
        for row in event["entities"].values()
    }
    assert statuses <= {"recorded", "submitted", "confirmed"}


async def test_overview_follows_a_log_that_starts_anew(
    hass: HomeAssistant, entry: LogConfigEntry, socket: MockHAClientWebSocket
) -> None:
    """What is gone is told as null, and what is back in full."""
    await _result(socket, "overview")
    await _events(socket, bool)
    assert await hass.config_entries.async_unload(entry.entry_id)
    gone = (await _events(socket, bool))[-1]
    assert gone["logs"] == {entry.entry_id: None}
    assert gone["entities"][f"{entry.entry_id}/{HIVE}"] is None
    assert await hass.config_entries.async_setup(entry.entry_id)
    back = await _events(socket, lambda event: event["entities"])
    assert back[-1]["entities"][f"{entry.entry_id}/{HIVE}"]["status"] == "confirmed"
    hass.states.async_set(HIVE, "20")
    await _events(socket, lambda event: event["entities"])


async def test_unreachable_ledger(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    socket: MockHAClientWebSocket,
    tangle: PrivateTangle,
) -> None:
    """A reading that waits for a ledger that does not answer says so."""
    await _result(socket, "overview")
    await tangle.stop()
    hass.states.async_set(FRIDGE, "20")
    await _written(entry)
    entry.runtime_data.async_anchor_now()
    events = await _events(
        socket,
        lambda event: any(
            row["status"] == "unreachable" for row in event["entities"].values()
        ),
    )
    [ledger] = events[-1]["ledgers"].values()
    assert ledger["connected"] is False
    assert ledger["error"]


async def test_nothing_is_told_after_the_end(
    hass: HomeAssistant, entry: LogConfigEntry, socket: MockHAClientWebSocket
) -> None:
    """Who unsubscribes is told no more."""
    await socket.send_json({"id": 5, "type": "sensorchain/overview"})
    await socket.receive_json()
    await _events(socket, bool)
    await socket.send_json({"id": 6, "type": "unsubscribe_events", "subscription": 5})
    assert (await socket.receive_json())["success"]
    hass.states.async_set(FRIDGE, "20")
    await hass.async_block_till_done()
    await socket.send_json({"id": 7, "type": "ping"})
    assert (await socket.receive_json())["type"] == "pong"


async def test_pages_of_readings(
    entry: LogConfigEntry, socket: MockHAClientWebSocket
) -> None:
    """Pages go from the newest reading to the oldest, without gap or repetition."""
    about = {"log": entry.entry_id, "entity_id": FRIDGE, "limit": 8}
    states, before, pages = list[str](), {}, 0
    while pages == 0 or before["before"] is not None:
        page = await _result(socket, "readings", **about, **before)
        before = {"before": page["next"]}
        states += [reading["state"] for reading in page["readings"]]
        pages += 1
        assert {reading["status"] for reading in page["readings"]} == {"confirmed"}
        assert all(reading["anchor"]["explorer"] for reading in page["readings"])
    assert states == [str(number) for number in reversed(range(20))]
    assert pages == 3


async def test_readings_of_a_period(
    entry: LogConfigEntry, socket: MockHAClientWebSocket
) -> None:
    """A period begins with its start, and ends before its stop."""
    about = {"log": entry.entry_id, "entity_id": FRIDGE}
    all_of_them = (await _result(socket, "readings", **about))["readings"]
    times = {reading["state"]: reading["time"] for reading in all_of_them}
    page = await _result(socket, "readings", **about, start=times["5"], stop=times["9"])
    assert [reading["state"] for reading in page["readings"]] == ["8", "7", "6", "5"]
    assert page["next"] is None


async def test_status_of_old_and_new_readings(
    hass: HomeAssistant, entry: LogConfigEntry, socket: MockHAClientWebSocket
) -> None:
    """Each reading of a page has a status of its own."""
    hass.states.async_set(FRIDGE, "20")
    await _written(entry)
    page = await _result(
        socket, "readings", log=entry.entry_id, entity_id=FRIDGE, limit=2
    )
    newest, older = page["readings"]
    assert (newest["status"], newest["anchor"]) == ("recorded", None)
    assert older["status"] == "confirmed"


async def test_timeline(
    hass: HomeAssistant, entry: LogConfigEntry, socket: MockHAClientWebSocket
) -> None:
    """A timeline counts the readings in each slot, and tells those that come."""
    await _result(
        socket, "timeline", log=entry.entry_id, entity_id=FRIDGE, slot=600, hours=24
    )
    [first] = await _events(socket, bool)
    assert sum(count for _, count, *_ in first["slots"]) == 20
    assert first["slots"][0][2] == 0
    assert first["slots"][-1][3:] == [38, "19"]
    hass.states.async_set(FRIDGE, "20")
    [news] = await _events(socket, bool)
    [[number, *slot]] = news["slots"]
    assert slot == [1, 40, 40, "20"]
    assert number >= first["slots"][-1][0]


async def test_proof_holds(
    entry: LogConfigEntry, socket: MockHAClientWebSocket
) -> None:
    """A proof leads from the leaf to the checkpoint that was anchored."""
    proof = await _result(
        socket, "proof", log=entry.entry_id, entity_id=FRIDGE, index=10
    )
    key = signing_key(entry).verifier
    assert proof["verifier_key"] == str(key)
    InclusionProof.parse(proof["proof"]).verify(proof["leaf"].encode(), key)
    assert json.loads(proof["leaf"])["state"] == "5"
    [anchor] = proof["anchors"]
    note = InclusionProof.parse(proof["proof"]).note
    assert SignedCheckpoint.open(note, key).checkpoint.size == anchor["size"]
    assert anchor["proof"] == proof["proof"]
    assert anchor["receipt"]["status"] == "confirmed"


async def test_ledger_is_asked(
    entry: LogConfigEntry, socket: MockHAClientWebSocket, tangle: PrivateTangle
) -> None:
    """The ledger itself says whether it holds the anchor; or that it cannot be asked."""
    about = {"log": entry.entry_id, "entity_id": FRIDGE, "index": 0}
    [found] = (await _result(socket, "verify", **about))["ledgers"]
    assert (found["status"], found["error"]) == ("confirmed", None)
    assert found["is_trial"]
    assert found["existed_before"]
    await tangle.stop()
    [found] = (await _result(socket, "verify", **about))["ledgers"]
    assert found["status"] is None
    assert found["error"]


async def test_anchor_now(
    hass: HomeAssistant, entry: LogConfigEntry, socket: MockHAClientWebSocket
) -> None:
    """A ledger that is asked to anchor does so, whatever its cadence."""
    hass.states.async_set(FRIDGE, "20")
    await _written(entry)
    [ledger] = entry.get_subentries_of_type("ledger")
    answer = await _result(socket, "anchor", ledger=ledger.subentry_id)
    assert answer == {"size": 41}
    await eventually(lambda: entry.runtime_data.confirmed_size == 41)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("readings", {}),
        ("timeline", {"slot": 600}),
        ("proof", {"index": 1}),
        ("verify", {"index": 1}),
    ],
)
async def test_reading_takes_permission(
    entry: LogConfigEntry,
    guest: MockHAClientWebSocket,
    kind: str,
    fields: dict[str, Any],
) -> None:
    """Who may not see an entity is told nothing of its readings; of others everything."""
    answer = await _ask(
        guest, kind, log=entry.entry_id, entity_id=FRIDGE, **fields | {}
    )
    assert answer["error"]["code"] == "unauthorized"
    await _result(guest, kind, log=entry.entry_id, entity_id=HIVE, **fields)


async def test_reading_of_another_entity_is_refused(
    entry: LogConfigEntry, guest: MockHAClientWebSocket
) -> None:
    """An entity that somebody may see does not open another one's readings."""
    about = {"log": entry.entry_id, "entity_id": HIVE, "index": 0}
    for kind in ("proof", "verify"):
        assert not (await _ask(guest, kind, **about))["success"]


async def test_overview_takes_permission(
    hass: HomeAssistant, entry: LogConfigEntry, guest: MockHAClientWebSocket
) -> None:
    """The overview has the entities that somebody may see, and is quiet about others."""
    await _result(guest, "overview")
    [first] = await _events(guest, bool)
    assert list(first["entities"]) == [f"{entry.entry_id}/{HIVE}"]
    assert [ledger["can_anchor"] for ledger in first["ledgers"].values()] == [False]
    hass.states.async_set(FRIDGE, "20")
    hass.states.async_set(HIVE, "20")
    events = await _events(guest, lambda event: event["entities"])
    assert list(events[-1]["entities"]) == [f"{entry.entry_id}/{HIVE}"]


async def test_anchoring_takes_permission(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    guest: MockHAClientWebSocket,
    hass_read_only_user: MockUser,
) -> None:
    """Who may press a ledger's button may have it anchor, nobody else."""
    [ledger] = entry.get_subentries_of_type("ledger")
    answer = await _ask(guest, "anchor", ledger=ledger.subentry_id)
    assert answer["error"]["code"] == "unauthorized"
    button = er.async_get(hass).async_get_entity_id(
        "button", DOMAIN, f"{ledger.subentry_id}-anchor_now"
    )
    assert button
    hass_read_only_user.mock_policy(
        {"entities": {"entity_ids": {button: {"control": True}}}}
    )
    await _result(guest, "anchor", ledger=ledger.subentry_id)


async def test_unknown_things_are_refused(
    entry: LogConfigEntry, socket: MockHAClientWebSocket
) -> None:
    """What is not there is an error, and ends nothing."""
    fridge = {"log": entry.entry_id, "entity_id": FRIDGE}
    for kind, fields in (
        ("readings", {"log": "gone", "entity_id": FRIDGE}),
        ("proof", {**fridge, "index": 1}),
        ("proof", {**fridge, "index": 40}),
        ("verify", {**fridge, "index": 40}),
        ("anchor", {"ledger": "gone"}),
        ("timeline", {**fridge, "slot": 1}),
        ("readings", {**fridge, "limit": 100_000}),
    ):
        answer = await _ask(socket, kind, **fields)
        assert not answer["success"], kind
        assert answer["error"]["code"] != "unknown_error", answer
    page = await _result(socket, "readings", log=entry.entry_id, entity_id="sensor.no")
    assert page == {"readings": [], "next": None}


SPOIL = "UPDATE leaf SET data = x'00'"


async def _spoil(entry: LogConfigEntry) -> None:
    """Damage all readings of a log behind its back."""
    database = entry.runtime_data.database
    await database.run(database._connection.execute, SPOIL)


async def test_log_that_cannot_be_read(
    entry: LogConfigEntry, socket: MockHAClientWebSocket
) -> None:
    """Who asks for readings of a damaged log is told that, and can go on asking."""
    await _spoil(entry)
    fridge = {"log": entry.entry_id, "entity_id": FRIDGE}
    for kind, fields in (
        ("readings", {}),
        ("proof", {"index": 0}),
        ("verify", {"index": 0}),
    ):
        answer = await _ask(socket, kind, **fridge, **fields)
        assert answer["error"]["code"] == "home_assistant_error", answer
        assert "The log cannot be read" in answer["error"]["message"]
    await _result(socket, "overview")
    [first] = await _events(socket, bool)
    assert first["logs"][entry.entry_id]["confirmed_size"] == 40


async def test_timeline_of_a_log_that_stops(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    socket: MockHAClientWebSocket,
    tangle: PrivateTangle,
) -> None:
    """A timeline is quiet while its log is stopped, goes on with it, and is of no other log."""
    about = {"log": entry.entry_id, "entity_id": FRIDGE, "slot": 600}
    await _result(socket, "timeline", **about)
    await _events(socket, bool)
    await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE), "Another")
    assert await hass.config_entries.async_unload(entry.entry_id)
    hass.states.async_set(FRIDGE, "while it is stopped")
    assert await hass.config_entries.async_setup(entry.entry_id)
    hass.states.async_set(FRIDGE, "afterwards")
    events = await _events(socket, lambda event: event["slots"][-1][-1] == "afterwards")
    assert not any(event["full"] for event in events)
    counted = sum(slot[1] for event in events for slot in event["slots"])
    assert counted == 2


async def test_timeline_that_is_shorter_than_the_log(
    hass: HomeAssistant, entry: LogConfigEntry, socket: MockHAClientWebSocket
) -> None:
    """Readings that came late, with an old time, are not in a timeline that begins after it."""
    about = {"log": entry.entry_id, "entity_id": FRIDGE, "slot": 600}
    await _result(socket, "timeline", **about, hours=24)
    await _events(socket, bool)
    days_ago = time.time() - 3 * 24 * 3600
    hass.states.async_set(FRIDGE, "late", timestamp=days_ago)
    hass.states.async_set(FRIDGE, "now")
    [news] = await _events(socket, bool)
    [[_, count, _, _, state]] = news["slots"]
    assert (count, state) == (1, "now")


async def test_overview_follows_rules(
    hass: HomeAssistant, entry: LogConfigEntry, socket: MockHAClientWebSocket
) -> None:
    """What a new rule selects is in the overview from then on, without a restart of the log."""
    await _result(socket, "overview")
    await _events(socket, bool)
    await add_rule(hass, entry, rule_form("sensor.door"))
    key = f"{entry.entry_id}/sensor.door"
    hass.states.async_set("sensor.door", "shut")
    events = await _events(
        socket, lambda event: event["entities"].get(key, {}).get("reading")
    )
    assert events[-1]["entities"][key]["reading"]["state"] == "shut"
    hass.states.async_set("sensor.door", "open")
    await _events(
        socket,
        lambda event: (
            event["entities"].get(key, {}).get("reading", {}).get("state") == "open"
        ),
    )


async def test_overview_of_nothing(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    guest: MockHAClientWebSocket,
    hass_read_only_user: MockUser,
) -> None:
    """Who may see no entity of a log is not even told that there is one."""
    hass_read_only_user.mock_policy({})
    await _result(guest, "overview")
    [first] = await _events(guest, bool)
    assert (first["logs"], first["ledgers"], first["entities"]) == ({}, {}, {})


async def test_anchoring_without_a_button(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    socket: MockHAClientWebSocket,
    guest: MockHAClientWebSocket,
    hass_read_only_user: MockUser,
) -> None:
    """Where a ledger's button was removed only an administrator may have it anchor."""
    [ledger] = entry.get_subentries_of_type("ledger")
    registry = er.async_get(hass)
    button = registry.async_get_entity_id(
        "button", DOMAIN, f"{ledger.subentry_id}-anchor_now"
    )
    assert button
    hass_read_only_user.mock_policy({"entities": True})
    registry.async_remove(button)
    await hass.async_block_till_done()
    answer = await _ask(guest, "anchor", ledger=ledger.subentry_id)
    assert answer["error"]["code"] == "unauthorized"
    await _result(socket, "anchor", ledger=ledger.subentry_id)


# The download of bundles


@pytest.fixture
async def browser(
    hass: HomeAssistant, entry: LogConfigEntry, hass_client: ClientSessionGenerator
) -> TestClient[Any, Any]:
    """Return a browser that is signed in as an administrator."""
    hass.http.register_view(BundleView)
    return await hass_client()


async def test_bundle_download(
    entry: LogConfigEntry,
    browser: TestClient[Any, Any],
    tmp_path: Path,
    tangle: PrivateTangle,
) -> None:
    """What is downloaded is genuine to a stranger who asks the ledger."""
    answer = await browser.get(
        f"/api/sensorchain/bundle/{entry.entry_id}", params={"entity_id": FRIDGE}
    )
    assert answer.status == 200
    assert answer.content_type == "application/json"
    assert ".json" in answer.headers["Content-Disposition"]
    file = tmp_path / "bundle.json"
    file.write_bytes(await answer.read())
    found = await verify(file, "--node", tangle.url)
    assert found["outcome"] == "genuine"
    bundle = json.loads(file.read_text())
    assert len(bundle["readings"]) == 20
    assert bundle["caption"]["entities"] == {FRIDGE: "fridge"}


async def test_bundle_of_one_reading(
    entry: LogConfigEntry, browser: TestClient[Any, Any]
) -> None:
    """A bundle may be of one reading alone; what no ledger has confirmed is wished for."""
    url = f"/api/sensorchain/bundle/{entry.entry_id}"
    answer = await browser.get(url, params={"entity_id": FRIDGE, "index": "10"})
    [reading] = json.loads(await answer.read())["readings"]
    assert (reading["index"], reading["leaf"]["state"]) == (10, "5")


@pytest.mark.parametrize(
    ("entry_id", "params", "status"),
    [
        ("gone", {}, 404),
        (None, {"entity_id": "sensor.other"}, 403),
        (None, {"entity_id": FRIDGE, "index": "1000"}, 404),
        (None, {"start": "yesterday"}, 400),
    ],
)
async def test_bundle_that_is_not_there(
    entry: LogConfigEntry,
    browser: TestClient[Any, Any],
    entry_id: str | None,
    params: dict[str, str],
    status: int,
) -> None:
    """What cannot be had is refused."""
    url = f"/api/sensorchain/bundle/{entry_id or entry.entry_id}"
    assert (await browser.get(url, params=params)).status == status


async def test_bundle_of_a_damaged_log(
    entry: LogConfigEntry, browser: TestClient[Any, Any]
) -> None:
    """Of a log that cannot be read no file begins."""
    await _spoil(entry)
    url = f"/api/sensorchain/bundle/{entry.entry_id}"
    answer = await browser.get(url, params={"entity_id": FRIDGE})
    assert answer.status == 503
    assert "Content-Disposition" not in answer.headers


async def test_bundle_takes_permission(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    browser: TestClient[Any, Any],
    hass_client: ClientSessionGenerator,
    hass_read_only_access_token: str,
    hass_read_only_user: MockUser,
) -> None:
    """Who may not see an entity gets no bundle of it; by default what they may see."""
    hass_read_only_user.mock_policy(ONLY_HIVE)
    guest = await hass_client(hass_read_only_access_token)
    url = f"/api/sensorchain/bundle/{entry.entry_id}"
    assert (await guest.get(url, params={"entity_id": FRIDGE})).status == 403
    bundle = json.loads(await (await guest.get(url)).read())
    assert list(bundle["caption"]["entities"]) == [HIVE]
    browser.session.headers.pop("Authorization")
    assert (await browser.get(url)).status == 401


async def test_frontend_loads_the_card(
    hass: HomeAssistant, socket_enabled: None, hass_client: ClientSessionGenerator
) -> None:
    """The frontend is told of the card, under an address that changes with the file."""
    assert await async_setup_component(hass, "http", {})
    extra = hass.data[DATA_EXTRA_MODULE_URL] = UrlManager(lambda *_: None, [])
    hass.config.components.add("frontend")
    assert await async_setup_component(hass, "sensorchain", {})
    [url] = extra.urls
    assert "?v=" in url
    answer = await (await hass_client()).get(url)
    assert answer.status == 200
    assert "max-age" in answer.headers["Cache-Control"]
    assert "sensorchain-ledger-card" in await answer.text()
