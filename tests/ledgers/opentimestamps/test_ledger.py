"""The life of an anchor: submitted, in a block, confirmed; lost, taken back, found again."""

from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import timedelta
import json
from pathlib import Path
from typing import Any

from aiohttp import web
import pytest

from custom_components.sensorchain.ledgers.catalog import CATALOG
from custom_components.sensorchain.ledgers.http import Transport
from custom_components.sensorchain.ledgers.ledger import (
    AnchorStatus,
    LedgerRejectedError,
    LedgerUnavailableError,
    PreparedAnchor,
    Reason,
    Receipt,
)
from custom_components.sensorchain.ledgers.opentimestamps.ledger import (
    MOST_PROOF,
    ots_file,
)
from custom_components.sensorchain.ledgers.opentimestamps.timestamp import (
    InBlock,
    Pending,
    from_file,
    to_file,
)
from demo.calendar.calendar import Mood
from demo.calendar.server import DemoCalendars
from tests.ledgers.common import KEY, checkpoint, reading
from tests.ledgers.conftest import Serve

from .common import CONFIRMATIONS, SOON, TIMEOUT, chosen, clock, ledger_of, submitted


def attested(receipt: Receipt) -> list[Any]:
    """Return the attestations in a receipt's proof."""
    data = b64decode(str(receipt.details["proof"]))
    return [each for _, each in from_file(data).attested()]


def blocks(receipt: Receipt) -> set[int]:
    """Return the heights that a receipt's proof names."""
    return {each.height for each in attested(receipt) if isinstance(each, InBlock)}


def named(receipt: Receipt) -> set[str]:
    """Return the calendars that a receipt's proof names."""
    return {each.uri for each in attested(receipt) if isinstance(each, Pending)}


async def test_a_whole_life(transport: Transport, calendars: DemoCalendars) -> None:
    """Submitted at once; in a block, but not confirmed; confirmed once it is deep enough."""
    ledger = ledger_of(transport, chosen(calendars))
    assert await ledger.check() == calendars.chain.genesis
    prepared = await ledger.prepare(checkpoint(), [reading(1)])
    receipt = await ledger.publish(prepared)
    assert receipt.status is AnchorStatus.SUBMITTED
    assert named(receipt) == set(calendars.urls)
    assert await ledger.confirm(receipt) == receipt
    calendars.mine()
    included = await ledger.confirm(receipt)
    assert included.status is AnchorStatus.SUBMITTED
    assert blocks(included) == {1}
    assert included.confirmed_at is included.place is None
    calendars.mine(CONFIRMATIONS - 1)
    confirmed = await ledger.confirm(included)
    header = calendars.chain.header_at(1)
    assert header
    assert confirmed.status is AnchorStatus.CONFIRMED
    assert confirmed.confirmed_at == header.time
    chain = f"the test chain {calendars.chain.genesis[:8]}"
    assert confirmed.place == f"block 1 of {chain}, which proves nothing"
    assert confirmed.details["block"] == header.hash
    assert Receipt.from_json(json.loads(json.dumps(confirmed.to_json()))) == confirmed
    assert await ledger.confirm(confirmed) == confirmed
    assert ledger.explorer_url(confirmed) == f"{calendars.url}/block/{header.hash}"
    assert ledger.explorer_url(receipt) is None
    verification = await ledger.verify(confirmed, checkpoint())
    assert (verification.status, verification.existed_before, verification.problem) == (
        AnchorStatus.CONFIRMED,
        header.time,
        None,
    )
    assert verification.is_trial
    assert (ledger.unit, await ledger.account(), ledger.fee(confirmed)) == (None,) * 3


async def test_all_bytes_are_fixed_before_they_are_sent(
    transport: Transport, calendars: DemoCalendars
) -> None:
    """The same prepared anchor is the same digest, whenever it is sent; another one is not."""
    ledger = ledger_of(transport, chosen(calendars))
    prepared = await ledger.prepare(checkpoint(), [])
    stored = PreparedAnchor.from_json(json.loads(json.dumps(prepared.to_json())))
    first, again = await ledger.publish(prepared), await ledger.publish(stored)
    renewed = await ledger.publish(await ledger.renew(stored))
    assert first.transaction == again.transaction == renewed.transaction
    assert (await submitted(ledger)).transaction != first.transaction
    damaged = replace(prepared, content={"nonce": "x"})
    with pytest.raises(LedgerRejectedError, match="damaged"):
        await ledger.publish(damaged)


@pytest.mark.parametrize(
    "mood",
    [Mood.STALLING, Mood.FAULTY, Mood.FOREIGN, Mood.GARBLED, Mood.HUGE],
    ids=lambda mood: mood.name,
)
async def test_a_calendar_that_does_not_take_it(
    transport: Transport, calendars: DemoCalendars, mood: Mood
) -> None:
    """One that stalls, fails or answers nonsense is done without; two are too many."""
    timeout = SOON if mood is Mood.STALLING else TIMEOUT
    ledger = ledger_of(transport, chosen(calendars), timeout=timeout)
    calendars.calendars["alice"].mood = mood
    receipt = await submitted(ledger)
    assert named(receipt) == set(calendars.urls[1:])
    calendars.mine(CONFIRMATIONS)
    assert (await ledger.confirm(receipt)).status is AnchorStatus.CONFIRMED
    calendars.calendars["bob"].mood = mood
    error = LedgerRejectedError if mood is Mood.FOREIGN else LedgerUnavailableError
    with pytest.raises(error, match=r"1 of 3 calendars have taken .*, 2 are needed"):
        await submitted(ledger)


@pytest.mark.parametrize(
    "mood",
    [
        Mood.ALWAYS_PENDING,
        Mood.FORGETFUL,
        Mood.STALLING,
        Mood.FAULTY,
        Mood.INVENTIVE,
        Mood.PROPHETIC,
        Mood.DEEP,
        Mood.GARBLED,
        Mood.HUGE,
    ],
    ids=lambda mood: mood.name,
)
async def test_a_calendar_that_goes_bad(
    transport: Transport, calendars: DemoCalendars, mood: Mood
) -> None:
    """Whatever becomes of one calendar: another one's word, found in the chain, is enough."""
    timeout = SOON if mood is Mood.STALLING else TIMEOUT
    ledger = ledger_of(transport, chosen(calendars), timeout=timeout)
    receipt = await submitted(ledger)
    calendars.mine(1)
    for name in ("alice", "bob"):
        calendars.calendars[name].mood = mood
    calendars.calendars["carol"].mood = Mood.ALWAYS_PENDING
    receipt = await ledger.confirm(receipt)
    assert receipt.status is AnchorStatus.SUBMITTED
    assert 1 not in blocks(receipt)
    calendars.mine(CONFIRMATIONS)
    calendars.calendars["carol"].mood = Mood.HONEST
    receipt = await ledger.confirm(receipt)
    assert receipt.status is AnchorStatus.CONFIRMED
    assert min(blocks(receipt)) == 1


async def test_a_proof_stays_readable(
    transport: Transport, calendars: DemoCalendars
) -> None:
    """What calendars add cannot make a proof so deep that it is refused ever after."""
    ledger = ledger_of(transport, chosen(calendars))
    calendars.calendars["alice"].mood = Mood.DEEP
    receipt = await submitted(ledger)
    calendars.mine(CONFIRMATIONS)
    receipt = await ledger.confirm(receipt)
    assert receipt.status is AnchorStatus.CONFIRMED
    assert await ledger.confirm(receipt) == receipt


async def test_foreign_servers_are_not_asked(
    transport: Transport, calendars: DemoCalendars, serve: Serve
) -> None:
    """An answer can name a router at home, or anybody: only chosen calendars are asked."""
    asked = []

    async def router(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response()

    url = await serve(router)
    receipt = await submitted(ledger_of(transport, chosen(calendars)))
    elsewhere = chosen(calendars, calendars=(f"{url}/other",), quorum=1)
    waiting = await ledger_of(transport, elsewhere).confirm(receipt)
    assert waiting == receipt
    assert not asked
    assert not any(each.asked > 1 for each in calendars.calendars.values())


async def test_the_lowest_block_counts(
    transport: Transport, calendars: DemoCalendars
) -> None:
    """Of several blocks that hold a timestamp the first one tells since when it exists."""
    ledger = ledger_of(transport, chosen(calendars))
    prepared = await ledger.prepare(checkpoint(), [])
    proofs = []
    for _ in range(2):
        receipt = await ledger.publish(prepared)
        calendars.mine(2)
        receipt = await ledger.confirm(receipt)
        proofs.append(from_file(b64decode(str(receipt.details["proof"]))))
    both = b64encode(to_file(proofs[1].merged(proofs[0]))).decode()
    calendars.mine(CONFIRMATIONS)
    confirmed = await ledger.confirm(
        replace(receipt, details={**receipt.details, "proof": both})
    )
    assert blocks(confirmed) == {1, 3}
    assert confirmed.place
    assert confirmed.place.startswith("block 1 ")


async def test_a_block_that_is_taken_back(
    transport: Transport, calendars: DemoCalendars
) -> None:
    """A reorganisation takes the confirmation back; the next block gives it again."""
    ledger = ledger_of(transport, chosen(calendars))
    receipt = await submitted(ledger)
    calendars.mine(CONFIRMATIONS)
    confirmed = await ledger.confirm(receipt)
    assert confirmed.status is AnchorStatus.CONFIRMED
    calendars.reorganise(CONFIRMATIONS)
    verification = await ledger.verify(confirmed, checkpoint())
    assert verification.status is AnchorStatus.LOST
    assert verification.problem == "Block 1 does not hold it"
    back = await ledger.confirm(confirmed)
    assert back.status is AnchorStatus.SUBMITTED
    assert back.confirmed_at is back.place is None
    assert "block" not in back.details
    assert not blocks(back)
    calendars.mine(CONFIRMATIONS)
    again = await ledger.confirm(back)
    assert again.status is AnchorStatus.CONFIRMED
    assert blocks(again) == {CONFIRMATIONS + 2}
    assert (await ledger.verify(again, checkpoint())).problem is None


async def test_forgotten_by_all_calendars(
    transport: Transport, calendars: DemoCalendars
) -> None:
    """What no calendar knows any more is lost after an hour, and submitted again."""
    time = clock()
    ledger = ledger_of(transport, chosen(calendars), time)
    prepared = await ledger.prepare(checkpoint(), [])
    receipt = await ledger.publish(prepared)
    for calendar in calendars.calendars.values():
        calendar.mood = Mood.FORGETFUL
    assert (await ledger.confirm(receipt)).status is AnchorStatus.SUBMITTED
    time.pass_by(hours=2)
    calendars.calendars["carol"].mood = Mood.FAULTY
    assert (await ledger.confirm(receipt)).status is AnchorStatus.SUBMITTED
    calendars.calendars["carol"].mood = Mood.FORGETFUL
    lost = await ledger.confirm(receipt)
    assert lost.status is AnchorStatus.LOST
    assert "no calendar knows" in str(lost.details["problem"]).lower()
    for calendar in calendars.calendars.values():
        calendar.mood = Mood.HONEST
    renewed = await ledger.publish(await ledger.renew(prepared))
    calendars.mine(CONFIRMATIONS)
    assert (await ledger.confirm(renewed)).status is AnchorStatus.CONFIRMED


async def test_pending_for_ever(transport: Transport, calendars: DemoCalendars) -> None:
    """After two weeks without a block an anchor is lost; before, fees may just be high."""
    time = clock()
    ledger = ledger_of(transport, chosen(calendars), time)
    receipt = await submitted(ledger)
    time.pass_by(days=13)
    assert await ledger.confirm(receipt) == receipt
    time.pass_by(days=2)
    lost = await ledger.confirm(receipt)
    assert lost.status is AnchorStatus.LOST
    assert "14 days" in str(lost.details["problem"])
    calendars.mine()
    included = await ledger.confirm(receipt)
    assert included.status is AnchorStatus.SUBMITTED, "a block that is not deep enough"


async def test_blocks_that_never_come(
    transport: Transport, calendars: DemoCalendars
) -> None:
    """A calendar that names a block in the future is waited for two weeks, and no longer."""
    time = clock()
    ledger = ledger_of(transport, chosen(calendars), time)
    receipt = await submitted(ledger)
    for calendar in calendars.calendars.values():
        calendar.mood = Mood.PROPHETIC
    receipt = await ledger.confirm(receipt)
    assert receipt.status is AnchorStatus.SUBMITTED
    verification = await ledger.verify(receipt, checkpoint())
    assert verification.problem == "Its block is not known yet"
    time.pass_by(days=15)
    assert (await ledger.confirm(receipt)).status is AnchorStatus.LOST


async def test_calendars_that_are_gone(
    transport: Transport, calendars: DemoCalendars
) -> None:
    """With all calendars gone an anchor waits; what they have told before is enough."""
    ledger = ledger_of(transport, chosen(calendars))
    waiting, included = await submitted(ledger), await submitted(ledger, 9)
    calendars.mine(1)
    included = await ledger.confirm(included)
    for calendar in calendars.calendars.values():
        calendar.mood = Mood.FAULTY
    calendars.mine(CONFIRMATIONS)
    assert await ledger.confirm(waiting) == waiting
    assert (await ledger.confirm(included)).status is AnchorStatus.CONFIRMED
    with pytest.raises(LedgerUnavailableError, match="0 of 3 calendars have taken"):
        await submitted(ledger)


async def test_check(
    transport: Transport, calendars: DemoCalendars, dead_url: str
) -> None:
    """Calendars are asked once an hour, and again as soon as one has failed."""
    time = clock()
    ledger = ledger_of(transport, chosen(calendars), time)
    alice, bob = calendars.calendars["alice"], calendars.calendars["bob"]
    for _ in range(5):
        await ledger.check()
    assert alice.asked == 1
    time.pass_by(minutes=61)
    await ledger.check()
    assert alice.asked == 2
    time.pass_by(minutes=50)
    await submitted(ledger)
    time.pass_by(minutes=50)
    await ledger.check()
    assert alice.asked == 3, "who has taken something is there"
    alice.mood = bob.mood = Mood.FAULTY
    time.pass_by(minutes=61)
    with pytest.raises(LedgerUnavailableError, match="1 of 3 calendars are there"):
        await ledger.check()
    with pytest.raises(LedgerUnavailableError):
        await ledger.check()
    alice.mood = Mood.HONEST
    assert await ledger.check() == calendars.chain.genesis
    away = chosen(calendars, nodes=(dead_url,))
    assert await ledger_of(transport, away).check() == calendars.chain.genesis
    with pytest.raises(LedgerUnavailableError, match="cannot be reached"):
        await ledger_of(transport, replace(away, network=None)).check()


async def test_what_is_no_calendar(
    transport: Transport, calendars: DemoCalendars, serve: Serve
) -> None:
    """A web page is told from a calendar before anything is submitted."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(
            status=404, text="<html>404</html>", content_type="text/html"
        )

    settings = chosen(calendars, calendars=(await serve(page),), quorum=1)
    with pytest.raises(LedgerUnavailableError, match="no calendar") as caught:
        await ledger_of(transport, settings).check()
    assert caught.value.reason is Reason.NOT_A_NODE


_PENDING = b"\x00" + Pending.tag + b"\x02\x01a"


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (400, b"digest too long", "HTTP status 400"),
        (404, b"<html>404</html>", "HTTP status 404"),
        (200, b"\x00" + bytes(8) + b"\x00", "0 attestations"),
        (
            200,
            b"".join(b"\xff\xf0\x01" + bytes([i]) + _PENDING for i in range(16))
            + _PENDING,
            "17 attestations",
        ),
        (200, b"\x08" * 254 + _PENDING, "too long"),
    ],
)
async def test_what_is_no_promise(
    transport: Transport,
    calendars: DemoCalendars,
    serve: Serve,
    status: int,
    body: bytes,
    problem: str,
) -> None:
    """Nothing that was refused, attests nothing, or is beyond measure counts as taken."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body)

    settings = chosen(calendars, calendars=(await serve(answer),), quorum=1)
    with pytest.raises(LedgerUnavailableError, match=problem) as caught:
        await submitted(ledger_of(transport, settings))
    assert caught.value.reason is Reason.NOT_A_NODE


async def test_a_calendar_that_has_closed(
    transport: Transport, calendars: DemoCalendars, serve: Serve
) -> None:
    """It says neither that it knows a timestamp nor that it does not: the anchor waits."""
    url = ""

    async def answer(request: web.Request) -> web.Response:
        if request.method == "GET":
            return web.Response(status=410)
        uri = url.encode()
        payload = bytes([len(uri)]) + uri
        head = b"\x00" + Pending.tag + bytes([len(payload)])
        return web.Response(body=head + payload)

    url = await serve(answer)
    time = clock()
    settings = chosen(calendars, calendars=(url,), quorum=1)
    ledger = ledger_of(transport, settings, time)
    receipt = await submitted(ledger)
    assert named(receipt) == {url}
    time.pass_by(hours=2)
    assert await ledger.confirm(receipt) == receipt


async def test_another_chain(
    transport: Transport, calendars: DemoCalendars, tmp_path: Path
) -> None:
    """Who tells of another chain is refused."""
    settings = chosen(calendars, network="0" * 63 + "1")
    with pytest.raises(LedgerRejectedError, match="another chain") as caught:
        await ledger_of(transport, settings).check()
    assert caught.value.reason is Reason.WRONG_NETWORK


async def test_another_checkpoint(
    transport: Transport, calendars: DemoCalendars
) -> None:
    """A timestamp proves nothing of another checkpoint, nor does one that was changed."""
    ledger = ledger_of(transport, chosen(calendars))
    receipt = await submitted(ledger)
    calendars.mine(CONFIRMATIONS)
    confirmed = await ledger.confirm(receipt)
    other = await ledger.verify(confirmed, checkpoint(8))
    assert (other.status, other.existed_before) == (AnchorStatus.LOST, None)
    too_long = b64encode(bytes(MOST_PROOF + 1)).decode()
    cut_off = str(confirmed.details["proof"])[:-4]
    for proof in (None, "", "AAAA", cut_off, "ß", too_long):
        changed = replace(confirmed, details={**confirmed.details, "proof": proof})
        verification = await ledger.verify(changed, checkpoint())
        assert verification.status is AnchorStatus.LOST
        with pytest.raises(LedgerRejectedError):
            await ledger.confirm(changed)


@pytest.mark.parametrize("blocks", [0, CONFIRMATIONS])
@pytest.mark.parametrize(
    "time", [None, 5, "", "yesterday", "0001-01-01T00:00:00+01:00"]
)
async def test_receipt_without_its_time(
    transport: Transport, calendars: DemoCalendars, blocks: int, time: Any
) -> None:
    """It is refused in plain words, however far the anchor has come; what it proves stays."""
    ledger = ledger_of(transport, chosen(calendars))
    receipt = await submitted(ledger)
    calendars.mine(blocks)
    damaged = replace(receipt, details={**receipt.details, "submitted_at": time})
    with pytest.raises(LedgerRejectedError, match="when it was submitted"):
        await ledger.confirm(damaged)
    assert await ledger.verify(damaged, checkpoint()) == await ledger.verify(
        receipt, checkpoint()
    )


async def test_verifying_what_was_pending(
    transport: Transport, calendars: DemoCalendars
) -> None:
    """A proof that was exported too early is completed by its calendars."""
    ledger = ledger_of(transport, chosen(calendars))
    receipt = await submitted(ledger)
    early = await ledger.verify(receipt, checkpoint())
    assert early.status is AnchorStatus.SUBMITTED
    assert early.problem == "It is in no block yet"
    calendars.mine()
    shallow = await ledger.verify(receipt, checkpoint())
    assert shallow.problem == "Its block is not deep enough in the chain yet"
    calendars.mine(CONFIRMATIONS)
    assert (await ledger.verify(receipt, checkpoint())).status is AnchorStatus.CONFIRMED


async def test_a_log_cannot_be_searched(
    transport: Transport, calendars: DemoCalendars
) -> None:
    """Hashes alone are published: nobody finds a log's by its key."""
    ledger = ledger_of(transport, chosen(calendars))
    for ask in (ledger.latest(), ledger.published(5)):
        with pytest.raises(LedgerRejectedError) as caught:
            await ask
        assert caught.value.reason is Reason.UNSEARCHABLE


async def test_files(transport: Transport, calendars: DemoCalendars) -> None:
    """An anchor is two files: the note, and the timestamp of just that."""
    ledger = ledger_of(transport, chosen(calendars))
    receipt = await submitted(ledger)
    note, proof = ots_file(receipt, checkpoint())
    assert note == checkpoint().note.encode()
    assert b64decode(str(receipt.details["proof"])) == proof
    with pytest.raises(LedgerRejectedError):
        ots_file(receipt, checkpoint(8))


def test_in_the_catalog() -> None:
    """Nothing need be filled in: hourly, public calendars, two explorers."""
    kind = CATALOG["opentimestamps"]
    assert kind.cadence == timedelta(hours=1)
    assert kind.settles >= timedelta(days=1)
    assert kind.public({}) == {
        "calendars": [
            "https://a.pool.opentimestamps.org",
            "https://b.pool.opentimestamps.org",
            "https://a.pool.eternitywall.com",
            "https://ots.btc.catallaxy.com",
        ],
        "quorum": 2,
        "nodes": ["https://mempool.space/api", "https://blockstream.info/api"],
        "confirmations": 6,
        "network": None,
    }
    assert kind.create(None, {}, KEY.verifier)  # type: ignore[arg-type]
