"""The Move functions that can be called, each with its Move signature.

What they do is that of the sources: the framework's (repository iotaledger/iota, crates/iota-framework/packages), audit
trails and notarization (iotaledger/notarization), time locks, capabilities and role maps (iotaledger/product-core).
A context in Move (&mut TxContext) is not an argument of a call; here it is the first one.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
import re
from typing import Any, Protocol

from .kinds import Kind, kind

type Value = Any
"""A value of Move: see kinds."""

FUNCTIONS: dict[str, Function] = {}

TRAILS_VERSION = 1
"""PACKAGE_VERSION of the audit trails."""

ADMIN = "Admin"
"""The role of who makes a trail."""

ENUM_NONE: Value = ("None", {})


class AbortedError(Exception):
    """A function has found something that must not be."""

    def __init__(self, where: str, reason: int | str, words: str = "") -> None:
        """Keep the function, and the constant it gives: a number, or a name with words."""
        super().__init__(where, reason, words)
        self.where, self.reason, self.words = where, reason, words


class Context(Protocol):
    """What a function knows of the transaction, and how it reaches objects."""

    sender: str
    types: Mapping[str, Kind]
    """What the letters of its signature stand for."""

    def new_id(self) -> str:
        """Return the id of a new object."""

    def delete(self, object_id: str) -> None:
        """Delete an object."""

    def share(self, of: Kind, value: Value) -> None:
        """Give a new object to everybody."""

    def transfer(self, of: Kind, value: Value, recipient: str) -> None:
        """Give an object to an address."""

    def field(self, parent: str, key: Kind, name: Value) -> Value | None:
        """Return the value of a dynamic field, which may be changed in place; None where there is none."""

    def add_field(
        self, parent: str, key: Kind, name: Value, of: Kind, value: Value
    ) -> None:
        """Add a dynamic field."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a function takes: a value, or a reference to one."""

    kind: Kind
    is_reference: bool = False
    is_mutable: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A Move function."""

    name: str
    letters: Mapping[str, frozenset[str]]
    """Its types, each with the abilities that it must have."""
    parameters: tuple[Parameter, ...]
    results: tuple[Kind, ...]
    run: Callable[..., Any]
    """Takes the context and the values; returns one result, or a tuple of several."""


_SIGNATURE = re.compile(r"([\w:]+)(?:<([^(]*)>)?\((.*?)\)(?:: (.*))?")


def move[**P, R](
    signature: str,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Put a function among those that can be called."""
    found = _SIGNATURE.fullmatch(signature)
    assert found, signature
    name, letters, parameters, results = found.groups()

    def add(run: Callable[P, R]) -> Callable[P, R]:
        FUNCTIONS[name] = Function(
            name,
            dict(map(_letter, _split(letters or ""))),
            tuple(map(_parameter, _split(parameters))),
            tuple(map(kind, _split((results or "").strip("()")))),
            run,
        )
        return run

    return add


def _split(text: str) -> list[str]:
    """Return what stands between the commas that are outside of angle brackets."""
    return [each for each in re.split(r", (?![^<]*>)", text) if each]


def _letter(text: str) -> tuple[str, frozenset[str]]:
    """Read a type parameter: D: store + copy."""
    name, _, needed = text.partition(": ")
    return name, frozenset(needed.split(" + ")) - {""}


def _parameter(text: str) -> Parameter:
    """Read a parameter: &mut AuditTrail<D>."""
    of = kind(text.removeprefix("&").removeprefix("mut "))
    return Parameter(of, text.startswith("&"), text.startswith("&mut "))


# Options


@move("std::option::none<T>(): Option<T>")
def _none(_context: Context) -> Value:
    return None


@move("std::option::some<T>(T): Option<T>")
def _some(_context: Context, value: Value) -> Value:
    return value


# Time locks of trails


@move("components::timelock::none(): components::timelock::TimeLock")
@move("notarization::timelock::none(): notarization::timelock::TimeLock")
@move("trails::locking::window_none(): LockingWindow")
def _no_lock(_context: Context) -> Value:
    return ENUM_NONE


@move("components::timelock::infinite(): components::timelock::TimeLock")
def _infinite(_context: Context) -> Value:
    return "Infinite", {}


@move("components::timelock::until_destroyed(): components::timelock::TimeLock")
@move("notarization::timelock::until_destroyed(): notarization::timelock::TimeLock")
def _until_destroyed(_context: Context) -> Value:
    return "UntilDestroyed", {}


@move("components::timelock::unlock_at(u32, &Clock): components::timelock::TimeLock")
def _unlock_at(_context: Context, seconds: int, clock: Value) -> Value:
    return _unlock("components", seconds, clock)


@move(
    "notarization::timelock::unlock_at(u32, &Clock): notarization::timelock::TimeLock"
)
def _unlock_notarization_at(_context: Context, seconds: int, clock: Value) -> Value:
    return _unlock("notarization", seconds, clock)


def _unlock(package: str, seconds: int, clock: Value) -> Value:
    """Return the lock until a time that is to come."""
    if seconds <= clock["timestamp_ms"] // 1000 % 2**32:
        raise AbortedError(f"{package}::timelock::unlock_at", 0)
    return "UnlockAt", {"0": seconds}


def _is_locked(lock: Value, clock: Value) -> bool:
    """Tell whether a lock of a trail is shut."""
    form, until = lock
    if form == "UnlockAt":
        return bool(until["0"] > clock["timestamp_ms"] // 1000 % 2**32)
    if form == "UnlockAtMs":
        return bool(until["0"] > clock["timestamp_ms"])
    return form in {"UntilDestroyed", "Infinite"}


# Locks of trails


@move("trails::locking::window_count_based(u64): LockingWindow")
def _window_count_based(_context: Context, count: int) -> Value:
    if not count:
        raise AbortedError("trails::locking::window_count_based", 1)
    return "CountBased", {"count": count}


@move("trails::locking::window_time_based(u64): LockingWindow")
def _window_time_based(_context: Context, seconds: int) -> Value:
    return "TimeBased", {"seconds": seconds}


@move(
    "trails::locking::new(LockingWindow, components::timelock::TimeLock, components::timelock::TimeLock): LockingConfig"
)
def _locking(
    _context: Context, window: Value, trail_lock: Value, write_lock: Value
) -> Value:
    if trail_lock[0] == "UntilDestroyed":
        raise AbortedError("trails::locking::new", 0)
    return {
        "delete_record_window": window,
        "delete_trail_lock": trail_lock,
        "write_lock": write_lock,
    }


# Permissions

_PERMISSIONS = {
    "delete_audit_trail": "DeleteAuditTrail",
    "delete_all_records": "DeleteAllRecords",
    "add_record": "AddRecord",
    "delete_record": "DeleteRecord",
    "correct_record": "CorrectRecord",
    "update_locking_config": "UpdateLockingConfig",
    "update_locking_config_for_delete_record": "UpdateLockingConfigForDeleteRecord",
    "update_locking_config_for_delete_trail": "UpdateLockingConfigForDeleteTrail",
    "update_locking_config_for_write": "UpdateLockingConfigForWrite",
    "add_roles": "AddRoles",
    "update_roles": "UpdateRoles",
    "delete_roles": "DeleteRoles",
    "add_capabilities": "AddCapabilities",
    "revoke_capabilities": "RevokeCapabilities",
    "update_metadata": "UpdateMetadata",
    "delete_metadata": "DeleteMetadata",
    "migrate_audit_trail": "Migrate",
    "add_record_tags": "AddRecordTags",
    "delete_record_tags": "DeleteRecordTags",
}

_SETS = {
    "empty": (),
    "admin_permissions": (
        *("AddCapabilities", "RevokeCapabilities", "AddRecordTags"),
        *("DeleteRecordTags", "AddRoles", "UpdateRoles", "DeleteRoles", "Migrate"),
    ),
    "record_admin_permissions": ("AddRecord", "DeleteRecord", "CorrectRecord"),
}


def _constant(signature: str, value: Value) -> None:
    """Put a function of no arguments among those that can be called."""
    move(signature)(lambda _context: deepcopy(value))


for _function, _permission in _PERMISSIONS.items():
    _constant(f"trails::permission::{_function}(): Permission", (_permission, {}))


def _permissions(*names: str) -> Value:
    """Return a set of permissions."""
    return {"contents": [(name, {}) for name in names]}


for _function, _names in _SETS.items():
    _constant(
        f"trails::permission::{_function}(): VecSet<Permission>", _permissions(*_names)
    )


@move("trails::permission::from_vec(vector<Permission>): VecSet<Permission>")
def _from_vec(_context: Context, permissions: list[Value]) -> Value:
    found: list[Value] = []
    for each in permissions:
        if each in found:
            raise AbortedError("iota::vec_set::insert", 0)
        found.append(each)
    return {"contents": found}


# Records


@move("trails::record::new_text(String): Data")
def _new_text(_context: Context, text: str) -> Value:
    return "Text", {"0": text}


@move("trails::record::new_bytes(vector<u8>): Data")
def _new_bytes(_context: Context, data: bytes) -> Value:
    return "Bytes", {"0": data}


@move(
    "trails::record::new_initial_record<D: store + copy>(D, Option<String>, Option<String>): InitialRecord<D>"
)
def _initial_record(
    _context: Context, data: Value, metadata: str | None, tag: str | None
) -> Value:
    return {"data": data, "metadata": metadata, "tag": tag}


@move("trails::record_tags::new_role_tags(vector<String>): RoleTags")
def _role_tags(_context: Context, tags: list[str]) -> Value:
    if len(set(tags)) != len(tags):
        raise AbortedError("iota::vec_set::insert", 0)
    return {"tags": {"contents": tags}}


# Tables: entries that know those before and behind them


def _new_table(context: Context) -> Value:
    """Return a table without entries."""
    return {"id": context.new_id(), "size": 0, "head": None, "tail": None}


def _push_back(
    context: Context, table: Value, key: Kind, name: Value, of: Kind, value: Value
) -> None:
    """Add an entry at the end."""
    node = Kind("iota::linked_table::Node", (key, of))
    before = table["tail"]
    if before is None:
        table["head"] = name
    else:
        last = context.field(table["id"], key, before)
        assert last is not None
        last["next"] = name
    table["tail"] = name
    entry = {"prev": before, "next": None, "value": value}
    context.add_field(table["id"], key, name, node, entry)
    table["size"] += 1


# Roles and capabilities

_ROLE_MAP = "components::role_map"


def _refuse(where: str, name: str, words: str) -> AbortedError:
    """Return an abort of the role map."""
    return AbortedError(f"{_ROLE_MAP}::{where}", name, words)


def _role(roles: Value, name: str, where: str = "get_role_permissions") -> Value:
    """Return a role of a map."""
    for entry in roles["roles"]["contents"]:
        if entry["key"] == name:
            return entry["value"]
    raise _refuse(
        where,
        "ERoleDoesNotExist",
        "The specified role, directly specified or specified by a capability, does not exist in the `RoleMap` mapping",
    )


def _check(
    context: Context, roles: Value, capability: Value, needed: Value, clock: Value
) -> None:
    """Refuse a capability that is of another trail, or does not allow what is wanted."""
    where, now = "assert_capability_valid", clock["timestamp_ms"]
    if roles["target_key"] != capability["target_key"]:
        raise _refuse(
            where,
            "ECapabilityTargetKeyMismatch",
            "The target_key associated with the provided capability does not match the target_key of the `RoleMap`",
        )
    allowed = _role(roles, capability["role"])["permissions"]["contents"]
    if needed not in allowed:
        raise _refuse(
            where,
            "ECapabilityPermissionDenied",
            "The role associated with provided capability does not have the required permission",
        )
    begin, end = capability["valid_from"], capability["valid_until"]
    if (begin is not None and now < begin) or (end is not None and now > end):
        raise _refuse(
            where,
            "ECapabilityTimeConstraintsNotMet",
            "The capability's time constraints are not currently met either due to `valid_from` or `valid_until` restrictions",
        )
    if capability["issued_to"] not in {None, context.sender}:
        raise _refuse(
            where,
            "ECapabilityIssuedToMismatch",
            "The capability is restricted to a specific address which does not match the caller's address",
        )


def _new_capability(
    context: Context,
    trail: str,
    role: str,
    issued_to: str | None = None,
    valid_from: int | None = None,
    valid_until: int | None = None,
) -> Value:
    """Return a capability, which is somebody's only when it is transferred."""
    if valid_from is not None and valid_until is not None and valid_from > valid_until:
        raise AbortedError(
            "components::capability::new_capability",
            "EValidityPeriodInconsistent",
            "Validity period is inconsistent: valid_from must be before or equal to valid_until",
        )
    return {
        "id": context.new_id(),
        "target_key": trail,
        "role": role,
        "issued_to": issued_to,
        "valid_from": valid_from,
        "valid_until": valid_until,
    }


# Trails

_MAIN = "trails::main"


def _trail_abort(where: str, name: str, words: str) -> AbortedError:
    """Return an abort of the trail's own module."""
    return AbortedError(f"{_MAIN}::{where}", name, words)


def _check_version(trail: Value, where: str) -> None:
    """Refuse a trail of another version of the package."""
    if trail["version"] != TRAILS_VERSION:
        raise _trail_abort(
            where,
            "EPackageVersionMismatch",
            "The package version of the trail does not match the expected version",
        )


def _undefined_tag(where: str) -> AbortedError:
    """Return the abort for a tag that the trail has not."""
    return _trail_abort(
        where,
        "ERecordTagNotDefined",
        "The requested tag is not defined for this audit trail",
    )


def _count_tag(trail: Value, tag: str) -> None:
    """Note that a tag is used once more."""
    for entry in trail["tags"]["tag_map"]["contents"]:
        if entry["key"] == tag:
            entry["value"] += 1


def _tags(trail: Value) -> list[str]:
    """Return the tags that a trail has."""
    return [entry["key"] for entry in trail["tags"]["tag_map"]["contents"]]


@move(
    "trails::main::new_trail_metadata(String, Option<String>): trails::main::ImmutableMetadata"
)
def _trail_metadata(_context: Context, name: str, description: str | None) -> Value:
    return {"name": name, "description": description}


@move(
    "trails::main::create<D: store + copy>(Option<InitialRecord<D>>, LockingConfig, Option<trails::main::ImmutableMetadata>, Option<String>, vector<String>, &Clock): (Capability, ID)"
)
def _create(
    context: Context,
    first: Value | None,
    locking: Value,
    metadata: Value | None,
    updatable: str | None,
    tags: list[str],
    clock: Value,
) -> tuple[Value, Value]:
    if len(set(tags)) != len(tags):
        raise AbortedError("iota::vec_map::insert", 0)
    trail_id = context.new_id()
    trail: dict[str, Value] = {
        "id": trail_id,
        "creator": context.sender,
        "created_at": clock["timestamp_ms"],
        "sequence_number": 0,
        "records": _new_table(context),
        "tags": {"tag_map": {"contents": [{"key": each, "value": 0} for each in tags]}},
        "locking_config": locking,
        "immutable_metadata": metadata,
        "updatable_metadata": updatable,
        "version": TRAILS_VERSION,
    }
    if first is not None:
        if first["tag"] is not None and first["tag"] not in tags:
            raise _undefined_tag("create")
        _append(context, trail, clock, first["data"], first["metadata"], first["tag"])
    admin = _new_capability(context, trail_id, ADMIN)
    trail["roles"] = _new_roles(context, trail_id, admin["id"])
    context.share(Kind("trails::main::AuditTrail", (context.types["D"],)), trail)
    return admin, trail_id


def _new_roles(context: Context, trail: str, admin: str) -> Value:
    """Return the roles of a new trail: its administrator's."""
    role = {"permissions": _permissions(*_SETS["admin_permissions"]), "data": None}
    return {
        "target_key": trail,
        "roles": {"contents": [{"key": ADMIN, "value": role}]},
        "initial_admin_role_name": ADMIN,
        "revoked_capabilities": _new_table(context),
        "initial_admin_cap_ids": {"contents": [admin]},
        "role_admin_permissions": {
            "add": ("AddRoles", {}),
            "delete": ("DeleteRoles", {}),
            "update": ("UpdateRoles", {}),
        },
        "capability_admin_permissions": {
            "add": ("AddCapabilities", {}),
            "revoke": ("RevokeCapabilities", {}),
        },
    }


def _append(
    context: Context,
    trail: Value,
    clock: Value,
    data: Value,
    metadata: str | None,
    tag: str | None,
) -> int:
    """Add a record; return its number."""
    number = int(trail["sequence_number"])
    if tag is not None:
        _count_tag(trail, tag)
    record = {
        "data": data,
        "metadata": metadata,
        "tag": tag,
        "sequence_number": number,
        "added_by": context.sender,
        "added_at": clock["timestamp_ms"],
        "correction": {"replaces": {"contents": []}, "is_replaced_by": None},
    }
    of = Kind("trails::record::Record", (context.types["D"],))
    _push_back(context, trail["records"], Kind("u64"), number, of, record)
    trail["sequence_number"] += 1
    return number


@move(
    "trails::main::add_record<D: store + copy>(&mut AuditTrail<D>, &Capability, D, Option<String>, Option<String>, &Clock): RecordAdded"
)
def _add_record(
    context: Context,
    trail: Value,
    capability: Value,
    data: Value,
    metadata: str | None,
    tag: str | None,
    clock: Value,
) -> Value:
    _check_version(trail, "add_record")
    _check(context, trail["roles"], capability, ("AddRecord", {}), clock)
    if _is_locked(trail["locking_config"]["write_lock"], clock):
        raise _trail_abort(
            "add_record", "ETrailWriteLocked", "The audit trail is write-locked"
        )
    if tag is not None:
        _check_tag(trail, capability, tag)
    number = _append(context, trail, clock, data, metadata, tag)
    return {
        "trail_id": trail["id"],
        "sequence_number": number,
        "added_by": context.sender,
        "timestamp": clock["timestamp_ms"],
    }


def _check_tag(trail: Value, capability: Value, tag: str) -> None:
    """Refuse a tag that a capability's role does not allow."""
    if tag not in _tags(trail):
        raise _undefined_tag("is_record_tag_allowed")
    allowed = _role(trail["roles"], capability["role"], "get_role_data")["data"]
    if allowed is None or tag not in allowed["tags"]["contents"]:
        raise _trail_abort(
            "add_record",
            "ERecordTagNotAllowed",
            "The provided capability cannot create records with the requested tag",
        )


@move(
    "trails::main::create_role<D: store + copy>(&mut AuditTrail<D>, &Capability, String, VecSet<Permission>, Option<RoleTags>, &Clock)"
)
def _create_role(
    context: Context,
    trail: Value,
    capability: Value,
    name: str,
    permissions: Value,
    tags: Value | None,
    clock: Value,
) -> None:
    _check_version(trail, "create_role")
    wanted = [] if tags is None else tags["tags"]["contents"]
    if not set(wanted) <= set(_tags(trail)):
        raise _undefined_tag("create_role")
    roles = trail["roles"]
    needed = roles["role_admin_permissions"]["add"]
    _check(context, roles, capability, needed, clock)
    if any(entry["key"] == name for entry in roles["roles"]["contents"]):
        raise AbortedError("iota::vec_map::insert", 0)
    role = {"permissions": permissions, "data": tags}
    roles["roles"]["contents"].append({"key": name, "value": role})
    for tag in wanted:
        _count_tag(trail, tag)


@move(
    "trails::main::new_capability<D: store + copy>(&mut AuditTrail<D>, &Capability, String, Option<address>, Option<u64>, Option<u64>, &Clock): CapabilityIssuedReceipt"
)
def _issue(
    context: Context,
    trail: Value,
    capability: Value,
    role: str,
    issued_to: str | None,
    valid_from: int | None,
    valid_until: int | None,
    clock: Value,
) -> Value:
    _check_version(trail, "new_capability")
    roles = trail["roles"]
    needed = roles["capability_admin_permissions"]["add"]
    _check(context, roles, capability, needed, clock)
    _role(roles, role, "new_capability")
    made = _new_capability(
        context, trail["id"], role, issued_to, valid_from, valid_until
    )
    if role == roles["initial_admin_role_name"]:
        roles["initial_admin_cap_ids"]["contents"].append(made["id"])
    to = context.sender if issued_to is None else issued_to
    receipt = {name: each for name, each in made.items() if name != "id"}
    context.transfer(kind("Capability"), made, to)
    return {"capability_id": made["id"], **receipt}


@move(
    "trails::main::destroy_initial_admin_capability<D: store + copy>(&mut AuditTrail<D>, Capability)"
)
def _destroy_admin(context: Context, trail: Value, capability: Value) -> None:
    _check_version(trail, "destroy_initial_admin_capability")
    roles, where = trail["roles"], "destroy_initial_admin_capability"
    if roles["target_key"] != capability["target_key"]:
        raise _refuse(
            where,
            "ECapabilityTargetKeyMismatch",
            "The target_key associated with the provided capability does not match the target_key of the `RoleMap`",
        )
    admins = roles["initial_admin_cap_ids"]["contents"]
    if capability["id"] not in admins:
        raise _refuse(
            where,
            "ECapabilityIsNotInitialAdmin",
            "This capability is not an initial admin capability",
        )
    admins.remove(capability["id"])
    context.delete(capability["id"])


# Notarizations


@move(
    "notarization::notarization::new_state_from_string(String, Option<String>): State<String>"
)
@move(
    "notarization::notarization::new_state_from_bytes(vector<u8>, Option<String>): State<vector<u8>>"
)
def _state(_context: Context, data: Value, metadata: str | None) -> Value:
    return {"data": data, "metadata": metadata}


@move(
    "notarization::locked_notarization::create<D: store + drop + copy>(State<D>, Option<String>, Option<String>, notarization::timelock::TimeLock, &Clock)"
)
def _notarise(
    context: Context,
    state: Value,
    description: str | None,
    updatable: str | None,
    delete_lock: Value,
    clock: Value,
) -> None:
    if delete_lock[0] == "UntilDestroyed":
        raise AbortedError("notarization::notarization::new_lock_metadata", 3)
    forever: Value = ("UntilDestroyed", {})
    locking = {
        "update_lock": forever,
        "delete_lock": delete_lock,
        "transfer_lock": forever,
    }
    notarization = {
        "id": context.new_id(),
        "state": state,
        "immutable_metadata": {
            "created_at": clock["timestamp_ms"],
            "description": description,
            "locking": locking,
        },
        "updatable_metadata": updatable,
        "last_state_change_at": clock["timestamp_ms"],
        "state_version_count": 0,
        "method": ("Locked", {}),
    }
    of = Kind("notarization::notarization::Notarization", (context.types["D"],))
    context.transfer(of, notarization, context.sender)
