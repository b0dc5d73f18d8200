"""What programs leave behind, and how they fail."""

from contextlib import suppress
from hashlib import blake2b
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st
import iota_sdk as sdk
import pytest

from custom_components.sensorchain.ledgers.iota import bcs, programs
from custom_components.sensorchain.ledgers.iota.programs import (
    CLOCK,
    MOVE,
    Packages,
    Trail,
)
from custom_components.sensorchain.ledgers.iota.transaction import (
    Builder,
    MakeVector,
    Owned,
    Program,
    Shared,
    Transfer,
    Type,
)
from demo.iota.objects import LiveObject
from demo.iota.private_iota import PrivateIota
from demo.iota.refusals import RefusedError

from .conftest import Account, effects, reference


def found(account: Account, object_id: bytes) -> LiveObject:
    """Return an object that there is."""
    live = account.node.network.object(f"0x{object_id.hex()}")
    assert live
    return live


def add(account: Account, trail: Trail, message: str) -> Program:
    """Return what adds a record, with the account's only capability."""
    return programs.add_record(
        account.node.packages, trail, account.capability(), message
    )


def derived(digest: str, number: int) -> str:
    """Return the id of an object that a transaction makes (iota-types, base_types.rs: ObjectID::derive_id)."""
    name = sdk.TransactionDigest.from_base58(digest).to_bytes()
    data = b"\xf1" + name + number.to_bytes(8, "little")
    return f"0x{blake2b(data, digest_size=32).hexdigest()}"


async def test_trail(account: Account) -> None:
    """A trail is made as the Move package makes it: its fields, ids, and who has what."""
    program = programs.make_trail(account.node.packages, account.key.address, "A log")
    executed = account.run(program)
    (admin,) = account.owned("::Capability")
    trail_id, records, capability, revoked = (
        derived(executed.digest, number) for number in range(4)
    )
    assert admin.object_id == capability
    assert admin.value == {
        "id": capability,
        "target_key": trail_id,
        "role": "Admin",
        "issued_to": None,
        "valid_from": None,
        "valid_until": None,
    }
    trail = found(account, bytes.fromhex(trail_id[2:]))
    value = trail.value
    assert (trail.owner.form, int(trail.owner.value)) == ("Shared", trail.version)
    assert value["creator"] == account.address
    assert value["records"] == {"id": records, "size": 0, "head": None, "tail": None}
    assert value["roles"]["revoked_capabilities"]["id"] == revoked
    assert value["roles"]["initial_admin_cap_ids"] == {"contents": [capability]}
    assert value["immutable_metadata"] == {"name": "A log", "description": None}
    assert value["locking_config"] == {
        "delete_record_window": ("CountBased", {"count": 2**64 - 1}),
        "delete_trail_lock": ("Infinite", {}),
        "write_lock": ("None", {}),
    }


async def test_sealed_trail(account: Account) -> None:
    """After it is sealed nobody is its administrator, and the account may add records."""
    trail = account.trail()
    roles = found(account, trail.object_id).value["roles"]
    assert roles["initial_admin_cap_ids"] == {"contents": []}
    by_name = {each["key"]: each["value"] for each in roles["roles"]["contents"]}
    assert by_name["recorder"]["permissions"] == {"contents": [("AddRecord", {})]}
    (capability,) = account.owned("::Capability")
    assert capability.value["role"] == "recorder"


async def test_records(account: Account) -> None:
    """Records are entries of the trail's table that know those before and behind them."""
    trail = account.trail()
    digests = [account.run(add(account, trail, text)).digest for text in "abc"]
    network = account.node.network
    table = found(account, trail.object_id).value["records"]
    assert (table["size"], table["head"], table["tail"]) == (3, 0, 2)
    names = (number.to_bytes(8, "little") for number in range(3))
    entries = [network.field(table["id"], "u64", name) for name in names]
    nodes = [each.value["value"] for each in entries if each]
    assert [(each["prev"], each["next"]) for each in nodes] == [
        (None, 1),
        (0, 2),
        (1, None),
    ]
    assert [each["value"]["data"] for each in nodes] == [
        ("Text", {"0": text}) for text in "abc"
    ]
    assert [each["value"]["sequence_number"] for each in nodes] == [0, 1, 2]
    times = [each["value"]["added_at"] for each in nodes]
    assert times == sorted(times)
    assert [each.previous for each in entries if each] == [*digests[1:], digests[-1]]
    assert network.field(table["id"], "u64", bytes([3]) + bytes(7)) is None


async def test_notarization(account: Account) -> None:
    """A notarization is an object of the account's that is locked for good."""
    account.run(programs.notarise(account.node.packages, "A message"))
    (made,) = account.owned("::Notarization")
    assert str(made.kind.parameters[0]) == "std::string::String"
    assert made.value["state"] == {"data": "A message", "metadata": None}
    assert made.value["method"] == ("Locked", {})
    assert made.value["immutable_metadata"]["locking"] == {
        "update_lock": ("UntilDestroyed", {}),
        "delete_lock": ("UnlockAt", {"0": 2**32 - 1}),
        "transfer_lock": ("UntilDestroyed", {}),
    }


async def test_versions_and_gas(account: Account) -> None:
    """All that changes gets one version above those of the inputs; the coin pays the fee."""
    trail = account.trail()
    before = account.owned("::Coin")[0]
    executed = account.run(add(account, trail, "A message"))
    told = effects(executed)
    version = int(told["lamport_version"])
    changed = {each["object_id"] for each in told["changed_objects"]}
    (capability,) = account.owned("::Capability")
    after = account.owned("::Coin")[0]
    assert {capability.object_id, after.object_id} < changed
    assert capability.version == after.version == version
    assert found(account, trail.object_id).version == version
    clock = told["unchanged_shared_objects"][0]["kind"]["ReadOnlyRoot"]
    assert version > max(int(clock["version"]), before.version)
    costs = {name: int(each) for name, each in told["gas_cost_summary"].items()}
    fee = costs["computation_cost"] + costs["storage_cost"] - costs["storage_rebate"]
    assert costs["computation_cost"] == 1_000_000
    assert before.balance - after.balance == fee
    whole = sdk.Object.from_bcs(after.bcs)
    assert whole.digest().to_base58() == after.digest
    # 129 bytes of a coin, as on all networks.
    assert whole.storage_rebate() == 980_400


async def test_other_packages(account: Account) -> None:
    """A node can have its packages where another network has them."""
    packages = Packages(*(bytes([number]) * 32 for number in (1, 2, 3, 4)))
    async with PrivateIota(chain="2304aa97", packages=packages) as node:
        await node.fund(account.key.address)
        elsewhere = Account(node, account.key)
        trail = elsewhere.trail()
        elsewhere.run(add(elsewhere, trail, "A message"))
        live = found(elsewhere, trail.object_id)
        assert node.network.identity.written(live.kind) == str(packages.trail)


def call(function: str, *values: bytes, types: tuple[Type, ...] = ()) -> Any:
    """Return what makes a program of one call on plain values."""

    def build(account: Account) -> Program:
        program = Builder()
        package = account.node.packages.trails
        inputs = [program.pure(each) for each in values]
        program.call(package, function, *inputs, types=types)
        return program.finish()

    return build


def wrong_kind(account: Account) -> Program:
    """Give a permission where a window is wanted."""
    program, packages = Builder(), account.node.packages
    permission = program.call(packages.trails, "permission::add_record")
    lock = program.call(packages.components, "timelock::none")
    program.call(packages.trails, "locking::new", permission, lock, lock)
    return program.finish()


def twice_taken(account: Account) -> Program:
    """Give one lock, which cannot be copied, twice."""
    program, packages = Builder(), account.node.packages
    window = program.call(packages.trails, "locking::window_none")
    lock = program.call(packages.components, "timelock::none")
    program.call(packages.trails, "locking::new", window, lock, lock)
    return program.finish()


def left_over(account: Account) -> Program:
    """Leave a lock of a notarization behind, which must not be lost."""
    program = Builder()
    program.call(account.node.packages.notarization, "timelock::none")
    return program.finish()


def past(account: Account) -> Program:
    """Lock until a time that is over."""
    program = Builder()
    until = program.pure((1).to_bytes(4, "little"))
    program.call(
        account.node.packages.notarization,
        "timelock::unlock_at",
        until,
        program.input(CLOCK),
    )
    return program.finish()


def repeated(account: Account) -> Program:
    """Make a set with one permission twice."""
    program, packages = Builder(), account.node.packages
    may = program.call(packages.trails, "permission::add_record")
    kind = Type("Permission", packages.trails_origin, "permission")
    both = program.add(MakeVector(kind, (may, may)))
    program.call(packages.trails, "permission::from_vec", both)
    return program.finish()


def nothing_there(account: Account) -> Program:
    """Use the result of a command that does not exist."""
    program = Builder()
    missing = program.call(account.node.packages.trails, "locking::window_none")
    argument = type(missing)(2, 9)
    program.call(account.node.packages.trails, "record::new_text", argument)
    return program.finish()


NUMBER = (5).to_bytes(8, "little")


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (call("record::unheard_of"), "Function Not Found"),
        (call("record::new_text"), "Arity mismatch"),
        (call("main::new_trail_metadata", b"\1a", b"\2"), "cannot be deserialized"),
        (call("locking::window_count_based", NUMBER[1:]), "cannot be deserialized"),
        (call("locking::window_count_based", NUMBER + b"\0"), "cannot be deserialized"),
        (call("locking::window_count_based", bytes(8)), "abort code: 1"),
        (call("record::new_text", b"\1\xff"), "cannot be deserialized"),
        (call("permission::from_vec", b"\0"), "instantiated from raw bytes"),
        (call("record::new_text", b"\1a", types=(Type("u8"),)), "Type arity mismatch"),
        (wrong_kind, "does not match the expected type"),
        (twice_taken, "Taken values cannot be used again"),
        (left_over, "Unused result without the drop ability"),
        (past, "abort code: 0"),
        (repeated, "abort code: 0"),
        (nothing_there, "Out of bounds access"),
    ],
)
async def test_failures(account: Account, build: Any, words: str) -> None:
    """A program that cannot be executed fails with its effects: nothing but its gas is gone."""
    before = account.owned("::Coin")[0]
    executed = account.run(build(account))
    assert words in str(executed.words)
    assert executed.debug
    told = effects(executed)
    assert told["status"]["success"] is False
    after = account.owned("::Coin")[0]
    assert before.balance - after.balance == 1_000_000
    assert [each["object_id"] for each in told["changed_objects"]] == [after.object_id]


def role(account: Account, trail: Trail, name: str) -> Program:
    """Make a role, with the account's only capability."""
    program, packages = Builder(), account.node.packages
    permissions = program.call(packages.trails, "permission::record_admin_permissions")
    tags = Type("RoleTags", packages.trails_origin, "record_tags")
    program.call(
        packages.trails,
        "main::create_role",
        program.input(Shared(trail.object_id, trail.initial_version, True)),
        program.input(Owned(account.capability())),
        program.pure(bcs.text(name)),
        permissions,
        program.call(MOVE, "option::none", types=[tags]),
        program.input(CLOCK),
        types=[packages.data],
    )
    return program.finish()


async def test_permission_is_missing(account: Account) -> None:
    """The recorder of a sealed trail cannot make roles: the package aborts, and the trail stays as it is."""
    trail = account.trail()
    before = found(account, trail.object_id)
    executed = account.run(role(account, trail, "administrator"))
    assert "ECapabilityPermissionDenied" in str(executed.words)
    assert "MoveAbort(MoveLocation" in str(executed.debug)
    assert "in command 2" in str(executed.debug)
    after = found(account, trail.object_id)
    assert (after.contents, after.version > before.version) == (before.contents, True)


async def test_capability_of_another_trail(account: Account) -> None:
    """A capability is for its own trail alone."""
    first = account.trail()
    other = Account(
        account.node, type(account.key)(b"another one, with its own trail!")
    )
    await account.node.fund(other.key.address)
    other.trail()
    executed = other.run(add(other, first, "Not mine"))
    assert "ECapabilityTargetKeyMismatch" in str(executed.words)
    assert found(account, first.object_id).value["sequence_number"] == 0


async def test_capability_of_somebody_else(account: Account) -> None:
    """A capability may be given away, and is then the other's to use."""
    trail = account.trail()
    other = Account(
        account.node, type(account.key)(b"who is given a capability, today")
    )
    await account.node.fund(other.key.address)
    program = Builder()
    capability = program.input(Owned(account.capability()))
    program.add(Transfer((capability,), program.pure(other.key.address)))
    assert account.run(program.finish()).words is None
    assert not account.owned("::Capability")
    assert other.run(add(other, trail, "Mine now")).words is None


async def test_read_only_trail(account: Account) -> None:
    """A trail that is only read cannot be written to."""
    trail = account.trail()
    program, packages = Builder(), account.node.packages
    text = program.call(packages.trails, "record::new_text", program.pure(b"\1a"))
    nothing = program.pure(b"\0")
    program.call(
        packages.trails,
        "main::add_record",
        program.input(Shared(trail.object_id, trail.initial_version)),
        program.input(Owned(account.capability())),
        *(text, nothing, nothing, program.input(CLOCK)),
        types=[packages.data],
    )
    executed = account.run(program.finish())
    assert "cannot be passed by mutable reference" in str(executed.words)


async def test_notarization_cannot_be_given_away(account: Account) -> None:
    """What has no `store` is not transferred by anybody but its package."""
    account.run(programs.notarise(account.node.packages, "A message"))
    (made,) = account.owned("::Notarization")
    program = Builder()
    mine = program.input(Owned(reference(made)))
    program.add(Transfer((mine,), program.pure(bytes(32))))
    executed = account.run(program.finish())
    assert "object does not have public transfer" in str(executed.words)


async def test_two_coins_pay(account: Account) -> None:
    """Coins that pay together become one."""
    await account.node.fund(account.key.address, 2_000_000)
    coins = sorted(account.owned("::Coin"), key=lambda each: each.balance)
    executed = account.run(
        programs.notarise(account.node.packages, "A message"),
        payment=tuple(map(reference, coins)),
    )
    assert executed.words is None
    (left,) = account.owned("::Coin")
    assert left.object_id == coins[0].object_id
    assert account.node.network.deleted(coins[1].object_id) is not None


async def test_out_of_gas(account: Account) -> None:
    """A budget that covers the computation but not the storage is used up as far as it goes."""
    program = programs.notarise(account.node.packages, "A message")
    before = account.owned("::Coin")[0].balance
    executed = account.run(program, budget=2_000_000)
    assert (executed.words, executed.debug) == ("Insufficient Gas.", "InsufficientGas")
    assert not account.owned("::Notarization")
    assert before - account.owned("::Coin")[0].balance == 1_000_000


def wealth(account: Account) -> int:
    """Return everything that the network's coins hold and its objects have paid for their storage, in NANOS."""
    everything = account.node.network.owned()
    return sum(each.balance + each.rebate for each in everything)


async def test_no_money_is_made(account: Account) -> None:
    """Whatever happens, nothing is lost but what computation costs."""
    trail = account.trail()
    for build in (
        lambda: programs.notarise(account.node.packages, "A message"),
        lambda: add(account, trail, "A record"),
        lambda: role(account, trail, "not allowed"),
    ):
        before = wealth(account)
        fee = effects(account.run(build()))["gas_cost_summary"]
        assert before - wealth(account) == int(fee["computation_cost"])


@given(st.data())
@settings(
    deadline=None,
    max_examples=300,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)
def test_any_bytes(account: Account, data: st.DataObject) -> None:
    """Whatever is sent is refused, or fails, or succeeds: the node lives on."""
    program = programs.notarise(account.node.packages, "A message")
    sent = bytearray(account.prepare(program).to_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        sent[data.draw(st.integers(0, len(sent) - 1))] = data.draw(st.integers(0, 255))
    with suppress(RefusedError):
        account.node.network.dry_run(bytes(sent))
