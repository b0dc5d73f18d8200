"""The verifier as a program: anchors on IOTA, from the chain alone."""

from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
import pytest

from custom_components.sensorchain.ledgers.catalog import CATALOG
from custom_components.sensorchain.ledgers.http import AiohttpTransport
from custom_components.sensorchain.ledgers.iota.key import Key
from custom_components.sensorchain.ledgers.iota.ledger import IotaLedger
from custom_components.sensorchain.ledgers.iota.networks import NETWORKS, known
from custom_components.sensorchain.ledgers.iota.settings import (
    PACKAGES,
    AnchorForm,
    IotaSettings,
    Wire,
)
from custom_components.sensorchain.ledgers.iota.transaction import digest_of, written
from custom_components.sensorchain.transparency.bundle import AnchorRecord
from custom_components.sensorchain.transparency.log import Log
from demo.iota.private_iota import PrivateIota

from .test_program import saved, tell, verify
from .vectors import OTHER_KEY, SMALL, log_of

ACCOUNT = Key(bytes(range(32)))
MAINNET = NETWORKS["mainnet"]
FORMS = list(AnchorForm)


@pytest.fixture(autouse=True)
def direct(socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask no proxy."""
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
async def iota() -> AsyncIterator[PrivateIota]:
    """Run a node whose checkpoints come on command."""
    async with PrivateIota() as iota:
        await iota.fund(ACCOUNT.address)
        yield iota


@pytest.fixture
def log() -> Iterator[Log]:
    """Return the log of the vectors."""
    with log_of(SMALL) as log:
        yield log


def node_of(iota: PrivateIota, wire: Wire) -> str:
    """Return where a node is asked in some way."""
    return iota.graphql if wire is Wire.GRAPHQL else iota.json_rpc


async def anchored(
    log: Log,
    iota: PrivateIota,
    *sizes: int,
    form: AnchorForm = AnchorForm.AUDIT_TRAIL,
    wire: Wire = Wire.GRAPHQL,
) -> list[AnchorRecord]:
    """Return confirmed anchors of a log, one after the other."""
    own = {name: written(getattr(iota.packages, name)) for name in PACKAGES}
    settings = IotaSettings(
        nodes=(node_of(iota, wire),),
        chain=iota.chain,
        wire=wire,
        private_key=ACCOUNT.reveal(),
        form=form,
        **({} if known(iota.chain) else own),
    )
    async with ClientSession() as session:
        transport = AiohttpTransport(session)
        if form is AnchorForm.AUDIT_TRAIL:
            maker = IotaLedger(transport, settings, log.verifier_key)
            trail = await maker.make_trail()
            settings = replace(
                settings,
                trail=written(trail.object_id),
                trail_version=trail.initial_version,
            )
        ledger = IotaLedger(transport, settings, log.verifier_key)
        return [await _anchor(log, iota, ledger, settings, size) for size in sizes]


async def _anchor(
    log: Log, iota: PrivateIota, ledger: IotaLedger, settings: IotaSettings, size: int
) -> AnchorRecord:
    """Return a confirmed anchor of a log."""
    prepared = await ledger.prepare(log.checkpoint(size), [])
    submitted = await ledger.publish(prepared)
    await iota.checkpoint()
    receipt = await ledger.confirm(submitted)
    public = CATALOG["iota"].public(settings.to_json())
    return AnchorRecord(
        prepared.checkpoint, "iota", "Private IOTA", public, receipt.to_json()
    )


def with_details(anchor: AnchorRecord, **details: Any) -> AnchorRecord:
    """Return an anchor whose receipt says something else."""
    changed = {**anchor.receipt["details"], **details}
    return replace(anchor, receipt={**anchor.receipt, "details": changed})


async def standing(path: Path, *arguments: str) -> tuple[int, str, str | None]:
    """Return the exit code, and what is known of the last anchor, and why."""
    code, said = await verify(path, *arguments)
    anchor = said["bundles"][0]["anchors"][-1]
    return code, anchor["standing"], anchor["problem"]


@pytest.mark.parametrize("wire", Wire)
@pytest.mark.parametrize("form", FORMS)
async def test_genuine(
    log: Log, iota: PrivateIota, tmp_path: Path, form: AnchorForm, wire: Wire
) -> None:
    """The transactions prove it; once nodes have forgotten them, what they have made does."""
    anchors = await anchored(log, iota, 5, SMALL, form=form, wire=wire)
    path = saved(tmp_path / "bundle.json", log, *anchors)
    code, words = await tell(path)
    assert code == 0
    assert words.startswith(f"GENUINE, BUT ONLY ON A TRIAL NETWORK: {path}\n")
    assert "(Private IOTA, checkpoint " in words
    code, said = await verify(path)
    assert (code, said["bundles"][0]["on_trial"]) == (0, SMALL)
    before = said["bundles"][0]["periods"]

    await iota.prune()
    code, said = await verify(path)
    places = [each["place"] for each in said["bundles"][0]["anchors"]]
    if form is AnchorForm.AUDIT_TRAIL:
        trail = anchors[0].receipt["details"]["trail"]
        assert places == [f"record {each} of the trail {trail}" for each in (0, 1)]
    else:
        made = [each.receipt["details"]["object"] for each in anchors]
        assert places == [f"object {each}" for each in made]
    assert code == 0
    after = said["bundles"][0]["periods"]
    assert all(
        each["existed_before"] <= old["noted"]
        for each, old in zip(after, before, strict=True)
    )


async def test_on_the_main_network(log: Log, tmp_path: Path) -> None:
    """On the network that is everybody's, and with its packages, it is proved to strangers."""
    async with PrivateIota(chain=MAINNET.chain, packages=MAINNET.packages) as iota:
        await iota.fund(ACCOUNT.address)
        anchors = await anchored(log, iota, SMALL)
        path = saved(tmp_path / "bundle.json", log, *anchors)
        code, words = await tell(path)
        assert code == 0
        assert words.startswith(f"GENUINE: {path}\n")
        assert "trial" not in words
        assert f"Asked: {iota.graphql}\n" in words


@pytest.mark.parametrize("wire", Wire)
async def test_nodes_of_ones_own(
    log: Log, iota: PrivateIota, tmp_path: Path, wire: Wire
) -> None:
    """An auditor's node is asked in the way that it understands, whatever the bundle's are."""
    (anchor,) = await anchored(log, iota, SMALL, wire=wire)
    gone = replace(
        anchor, settings={**anchor.settings, "nodes": ["http://127.0.0.1:1"]}
    )
    path = saved(tmp_path / "bundle.json", log, gone)
    assert (await standing(path))[:2] == (2, "unknown")
    for each in Wire:
        node = node_of(iota, each)
        code, said = await verify(path, "--node", f"iota={node}")
        assert (code, said["bundles"][0]["anchors"][0]["asked"]) == (0, [node])
    assert (await standing(path, "--node", f"iota={iota.url}/nothing"))[:2] == (
        2,
        "unknown",
    )


def other_note(log: Log, anchor: AnchorRecord) -> AnchorRecord:
    """Say that it were an anchor of another checkpoint."""
    return replace(anchor, note=log.checkpoint(SMALL).note)


def other_trail(_: Log, anchor: AnchorRecord) -> AnchorRecord:
    """Say that it were in another trail."""
    return with_details(anchor, trail=f"0x{'ab' * 32}")


def other_message(_: Log, anchor: AnchorRecord) -> AnchorRecord:
    """Change a byte of the message in the transaction that is kept."""
    data = b64decode(anchor.receipt["details"]["bytes"])
    at = data.index(b'"readings":[]') + 3
    changed = data[:at] + b"X" + data[at + 1 :]
    return with_details(anchor, bytes=b64encode(changed).decode())


def other_transaction(log: Log, anchor: AnchorRecord) -> AnchorRecord:
    """Change it, and its name with it."""
    changed = other_message(log, anchor)
    data = b64decode(changed.receipt["details"]["bytes"])
    return replace(changed, receipt={**changed.receipt, "transaction": digest_of(data)})


TAMPERINGS = {
    "transaction": other_transaction,
    "checkpoint": other_note,
    "trail": other_trail,
    "message": other_message,
}


@pytest.mark.parametrize("is_forgotten", [False, True])
@pytest.mark.parametrize("change", TAMPERINGS)
async def test_tampered_receipts(
    log: Log, iota: PrivateIota, tmp_path: Path, change: str, is_forgotten: bool
) -> None:
    """Whatever a receipt says beside the truth is found, in the transaction or in the object."""
    (anchor,) = await anchored(log, iota, 5)
    if is_forgotten:
        await iota.prune()
    path = saved(tmp_path / "bundle.json", log, TAMPERINGS[change](log, anchor))
    code, found, problem = await standing(path)
    # While the transaction is known, what the receipt keeps of it does not matter.
    is_harmless = change == "message" and not is_forgotten
    expected = (2, "confirmed") if is_harmless else (1, "refuted")
    assert (code, found) == expected, problem


@pytest.mark.parametrize("form", FORMS)
async def test_what_never_was(
    log: Log, iota: PrivateIota, tmp_path: Path, form: AnchorForm
) -> None:
    """Of another log, of a trail or an object that is not there, or from another time."""
    with log_of(SMALL, OTHER_KEY) as other:
        (foreign,) = await anchored(other, iota, SMALL, form=form)
    (anchor,) = await anchored(log, iota, SMALL, form=form)
    stolen = replace(foreign, note=anchor.note)
    assert (await standing(saved(tmp_path / "stolen.json", log, stolen)))[:2] == (
        1,
        "refuted",
    )
    async with PrivateIota() as nothing:
        empty = replace(
            anchor, settings={**anchor.settings, "nodes": [nothing.graphql]}
        )
        path = saved(tmp_path / "empty.json", log, empty)
        code, found, problem = await standing(path)
        assert (code, found) == (1, "refuted")
        assert problem == f"No transaction {anchor.receipt['transaction']} is known"
    odd = with_details(anchor, bytes="AAAA")
    assert (await standing(saved(tmp_path / "odd.json", log, odd)))[1] == "unknown"


async def test_noted_before_its_time(
    log: Log, iota: PrivateIota, tmp_path: Path
) -> None:
    """A record is not found before the time that its receipt tells, if that is too early."""
    (anchor,) = await anchored(log, iota, SMALL)
    await iota.prune()
    early = replace(
        anchor, receipt={**anchor.receipt, "confirmed_at": "2020-01-01T00:00:00+00:00"}
    )
    path = saved(tmp_path / "bundle.json", log, early)
    assert (await standing(path))[:2] == (1, "refuted")


async def test_another_network(log: Log, iota: PrivateIota, tmp_path: Path) -> None:
    """A node of another network is not asked for more."""
    (anchor,) = await anchored(log, iota, SMALL)
    path = saved(tmp_path / "bundle.json", log, anchor)
    iota.chain = "01020304"
    code, found, problem = await standing(path)
    assert (code, found) == (2, "unknown")
    assert "belongs to the network 01020304" in str(problem)


def _failed(name: str, truth: Any) -> Any:
    """Say that a transaction had failed."""
    if name == "transactionBlock" and truth:
        truth["effects"] |= {"status": "FAILURE", "errors": "no"}
    return truth


def _earlier(name: str, truth: Any) -> Any:
    """Say that a transaction had been there years before."""
    if name == "transactionBlock" and truth:
        truth["effects"]["checkpoint"]["timestamp"] = "2020-01-01T00:00:00.000Z"
    return truth


def _changed(name: str, truth: Any) -> Any:
    """Show another transaction than the one that was asked for."""
    if name == "transactionBlock" and truth:
        data = b64decode(truth["bcs"])
        at = data.index(b'"readings":[]') + 3
        truth["bcs"] = b64encode(data[:at] + b"X" + data[at + 1 :]).decode()
    return truth


@pytest.mark.parametrize("lie", [_failed, _earlier, _changed])
async def test_a_lying_node(
    log: Log, iota: PrivateIota, tmp_path: Path, lie: Callable[[str, Any], Any]
) -> None:
    """One that lies among others is not believed; what it shows has to have its name."""
    (anchor,) = await anchored(log, iota, SMALL)
    path = saved(tmp_path / "bundle.json", log, anchor)
    async with iota.another(lie=lie) as liar, iota.another() as honest:
        nodes = [f"--node=iota={each.graphql}" for each in (iota, liar, honest)]
        code, found, problem = await standing(path, *nodes)
        if lie is _changed:
            # It shows nothing that hashes to the name, which is as if it did not answer.
            assert (code, found) == (0, "confirmed")
        else:
            assert (code, found) == (2, "unknown")
            assert "do not agree" in str(problem)
        code, found, problem = await standing(path, nodes[1])
        expected = {_failed: (1, "refuted"), _earlier: (0, "confirmed")}
        assert (code, found) == expected.get(lie, (2, "unknown")), problem
