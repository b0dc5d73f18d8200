"""The programs that are run: a trail is made and sealed, a record added, a checkpoint notarised.

They call the packages that the IOTA Foundation has published: audit trails and notarization
(repository iotaledger/notarization), time locks (repository iotaledger/product-core).
"""

from dataclasses import dataclass

from . import bcs
from .transaction import (
    MOST_PURE,
    Builder,
    MakeVector,
    ObjectRef,
    Owned,
    Program,
    Pure,
    Shared,
    Transfer,
    Type,
)

MOST_TEXT = MOST_PURE - 2
"""Bytes of a message: an input has its length, in two bytes, before them."""

MOVE = (1).to_bytes(32, "big")
"""The package of Move's own library."""

TEXT = Type("String", MOVE, "string")
"""A text."""

CLOCK = Shared((6).to_bytes(32, "big"), 1)
"""The network's clock (iota-types, IOTA_CLOCK_OBJECT_ID)."""

ROLE = "recorder"
"""May add records, and nothing else."""

ALL_RECORDS = 2**64 - 1
"""So many of the newest records cannot be deleted."""

LOCKED_UNTIL = 2**32 - 1
"""A notarization cannot be deleted before: the year 2106, the last that it can say."""

_NOTHING = bcs.option(None)


@dataclass(frozen=True, slots=True)
class Packages:
    """Where a network has the packages: the newest versions, and what types are named after."""

    trails: bytes
    trails_origin: bytes
    components: bytes
    notarization: bytes

    @property
    def data(self) -> Type:
        """What a trail's records hold."""
        return Type("Data", self.trails_origin, "record")

    @property
    def capability(self) -> Type:
        """What lets an account write to a trail."""
        return Type("Capability", self.components, "capability")

    @property
    def trail(self) -> Type:
        """A trail."""
        return Type("AuditTrail", self.trails_origin, "main", (self.data,))

    @property
    def notarised(self) -> Type:
        """A notarization of a text."""
        return Type("Notarization", self.notarization, "notarization", (TEXT,))


@dataclass(frozen=True, slots=True)
class Trail:
    """An audit trail, and the version in which it began to be shared."""

    object_id: bytes
    initial_version: int


def make_trail(packages: Packages, sender: bytes, name: str) -> Program:
    """Return what makes a trail of no records yet, none of which can ever be deleted.

    The sender gets the capability of its administrator, for `seal_trail`.
    """
    program = Builder()
    call, trails = program.call, packages.trails
    first = Type("InitialRecord", packages.trails_origin, "record", (packages.data,))
    record = call(MOVE, "option::none", types=[first])
    count = program.pure(ALL_RECORDS.to_bytes(8, "little"))
    window = call(trails, "locking::window_count_based", count)
    trail_lock = call(packages.components, "timelock::infinite")
    write_lock = call(packages.components, "timelock::none")
    locks = call(trails, "locking::new", window, trail_lock, write_lock)
    named = call(
        trails,
        "main::new_trail_metadata",
        program.pure(bcs.text(name)),
        program.pure(_NOTHING),
    )
    metadata = Type("ImmutableMetadata", packages.trails_origin, "main")
    made = call(
        trails,
        "main::create",
        record,
        locks,
        call(MOVE, "option::some", named, types=[metadata]),
        program.pure(_NOTHING),
        # An empty vector, like an option of nothing.
        program.pure(_NOTHING),
        program.input(CLOCK),
        types=[packages.data],
    )
    program.add(Transfer((made.part(0),), program.pure(sender)))
    return program.finish()


def seal_trail(packages: Packages, trail: Trail, capability: ObjectRef) -> Program:
    """Return what lets the sender add records, and takes every other right from everybody."""
    program = Builder()
    call, trails = program.call, packages.trails
    shared = program.input(Shared(trail.object_id, trail.initial_version, True))
    admin = program.input(Owned(capability))
    clock = program.input(CLOCK)
    role = program.pure(bcs.text(ROLE))
    nothing = program.pure(_NOTHING)
    permission = Type("Permission", packages.trails_origin, "permission")
    may_add = call(trails, "permission::add_record")
    permissions = call(
        trails,
        "permission::from_vec",
        program.add(MakeVector(permission, (may_add,))),
    )
    tags = Type("RoleTags", packages.trails_origin, "record_tags")
    no_tags = call(MOVE, "option::none", types=[tags])
    of_data = [packages.data]
    call(
        trails,
        "main::create_role",
        *(shared, admin, role, permissions, no_tags, clock),
        types=of_data,
    )
    call(
        trails,
        "main::new_capability",
        *(shared, admin, role, nothing, nothing, nothing, clock),
        types=of_data,
    )
    call(trails, "main::destroy_initial_admin_capability", shared, admin, types=of_data)
    return program.finish()


def add_record(
    packages: Packages, trail: Trail, capability: ObjectRef, message: str
) -> Program:
    """Return what adds a record with a message to a trail."""
    program = Builder()
    shared = program.input(Shared(trail.object_id, trail.initial_version, True))
    may_add = program.input(Owned(capability))
    text = program.pure(bcs.text(message))
    data = program.call(packages.trails, "record::new_text", text)
    nothing = program.pure(_NOTHING)
    program.call(
        packages.trails,
        "main::add_record",
        *(shared, may_add, data, nothing, nothing, program.input(CLOCK)),
        types=[packages.data],
    )
    return program.finish()


def notarise(packages: Packages, message: str) -> Program:
    """Return what makes an object with a message, which cannot be changed or deleted."""
    program = Builder()
    nothing = program.pure(_NOTHING)
    state = program.call(
        packages.notarization,
        "notarization::new_state_from_string",
        program.pure(bcs.text(message)),
        nothing,
    )
    until = program.pure(LOCKED_UNTIL.to_bytes(4, "little"))
    clock = program.input(CLOCK)
    lock = program.call(packages.notarization, "timelock::unlock_at", until, clock)
    program.call(
        packages.notarization,
        "locked_notarization::create",
        *(state, nothing, nothing, lock, clock),
        types=[TEXT],
    )
    return program.finish()


def message_of(program: Program, packages: Packages) -> str | None:
    """Return the message that a program publishes; None where it is none of ours.

    A program is ours when it is, byte for byte, what is made here of its message.
    """
    for each in program.inputs:
        if not isinstance(each, Pure) or len(each.data) > MOST_PURE:
            continue
        message = _text_of(each.data)
        if message is not None and program in _with(program, packages, message):
            return message
    return None


def trail_of(program: Program) -> bytes | None:
    """Return the id of the trail that a program writes to, None where it writes to none."""
    for each in program.inputs:
        if isinstance(each, Shared) and each.is_mutable:
            return each.object_id
    return None


def _with(program: Program, packages: Packages, message: str) -> list[Program]:
    """Return our programs with a message, on the objects that a program uses."""
    programs = [notarise(packages, message)]
    shared = [each for each in program.inputs if isinstance(each, Shared)]
    owned = [each for each in program.inputs if isinstance(each, Owned)]
    if shared and owned:
        trail = Trail(shared[0].object_id, shared[0].initial_version)
        programs.append(add_record(packages, trail, owned[0].reference, message))
    return programs


def _text_of(data: bytes) -> str | None:
    """Return the text that bytes are the form of, if any."""
    try:
        reader = bcs.Reader(data)
        found = reader.text()
        reader.finish()
    except ValueError:
        return None
    return found
