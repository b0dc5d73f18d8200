"""Why a transaction fails while it is executed: its gas is paid, and its effects tell the reason.

Each reason has three forms: as the library reads it (JSON of ExecutionError), as JSON-RPC shows it (Rust's Debug) and
in GraphQL's words (iota-types, execution_status.rs; iota-graphql-rpc, transaction_block_effects.rs).
"""

from dataclasses import dataclass
from typing import Any, Self

from .functions import AbortedError
from .identity import Identity


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason."""

    form: Any
    debug: str
    words: str


INSUFFICIENT_GAS = Problem("InsufficientGas", "InsufficientGas", "Insufficient Gas.")

FUNCTION_NOT_FOUND = Problem(
    "FunctionNotFound", "FunctionNotFound", "Function Not Found."
)

ARITY_MISMATCH = Problem(
    "ArityMismatch",
    "ArityMismatch",
    "Arity mismatch for Move function. The number of arguments does not match the number of parameters",
)

TYPE_ARITY_MISMATCH = Problem(
    "TypeArityMismatch",
    "TypeArityMismatch",
    "Type arity mismatch for Move function. Mismatch between the number of actual versus expected type arguments.",
)

INVALID_TRANSFER = Problem(
    "InvalidTransferObject",
    "InvalidTransferObject",
    "Invalid Transfer Object, object does not have public transfer.",
)

INSUFFICIENT_COIN = Problem(
    "InsufficientCoinBalance",
    "InsufficientCoinBalance",
    "Insufficient coin balance for operation.",
)

NOT_SUPPORTED = Problem(
    "FeatureNotYetSupported",
    "FeatureNotYetSupported",
    "Attempted to used feature that is not supported yet",
)

_ARGUMENT = {
    "TypeMismatch": "The type of the value does not match the expected type",
    "InvalidBcsBytes": "The argument cannot be deserialized into a value of the specified type",
    "InvalidUsageOfPureArgument": "The argument cannot be instantiated from raw bytes",
    "InvalidGasCoinUsage": "Invalid taking of the Gas coin. It can only be used by-value with TransferObjects",
    "InvalidValueUsage": "Invalid usage of value. Mutably borrowed values require unique usage. Immutably borrowed values cannot be taken or borrowed mutably. Taken values cannot be used again.",
    "InvalidObjectByMutRef": "Immutable objects cannot be passed by mutable reference, &mut.",
    "SharedObjectOperationNotAllowed": "Shared object operations such a wrapping, freezing, or converting to owned are not allowed.",
}
_RUST_NAMES = {
    "InvalidBcsBytes": "InvalidBCSBytes",
    "InvalidUsageOfPureArgument": "InvalidUsageOfPureArg",
}


def argument_problem(number: int, kind: str) -> Problem:
    """Return that an argument of a command is not as it must be."""
    return _argument(number, kind, _RUST_NAMES.get(kind, kind), _ARGUMENT[kind])


def index_problem(number: int, index: int) -> Problem:
    """Return that an argument names an input or a result that does not exist."""
    return _argument(
        number,
        {"IndexOutOfBounds": {"index": index}},
        f"IndexOutOfBounds {{ idx: {index} }}",
        f"Out of bounds access to input or result vector {index}",
    )


def result_problem(number: int, index: int) -> Problem:
    """Return that an argument names the one result of a command that has none, or several."""
    return _argument(
        number,
        {"InvalidResultArity": {"result": index}},
        f"InvalidResultArity {{ result_idx: {index} }}",
        f"Invalid usage of result {index}, expected a single result but found either no return values or multiple.",
    )


def _argument(number: int, kind: Any, debug: str, words: str) -> Problem:
    """Return what is wrong with an argument of a command."""
    return Problem(
        {"CommandArgumentError": {"argument": number, "kind": kind}},
        f"CommandArgumentError {{ arg_idx: {number}, kind: {debug} }}",
        f"Invalid command argument at {number}. {words}",
    )


def type_problem(number: int, *, is_known: bool) -> Problem:
    """Return that a type is not one that a function takes, or that there is none of this name."""
    kind, words = (
        ("ConstraintNotSatisfied", "A type provided did not match the specified constraints.")
        if is_known
        else ("TypeNotFound", "A type was not found in the module specified.")
    )  # fmt: skip
    form = "constraint_not_satisfied" if is_known else "type_not_found"
    return Problem(
        {"TypeArgumentError": {"type_argument": number, "kind": form}},
        f"TypeArgumentError {{ argument_idx: {number}, kind: {kind} }}",
        f"Error for type argument at index {number}: {words}",
    )


def unused_problem(command: int, result: int) -> Problem:
    """Return that a value was left over which must not be."""
    return Problem(
        {"UnusedValueWithoutDrop": {"result": command, "subresult": result}},
        f"UnusedValueWithoutDrop {{ result_idx: {command}, secondary_idx: {result} }}",
        f"Unused result without the drop ability. Command result {command}, return value {result}",
    )


_CLEVER = 1 << 63
"""Says that an abort code names a constant (move-binary-format, errors: ErrorBitset)."""


def abort_problem(identity: Identity, abort: AbortedError) -> Problem:
    """Return that a function has aborted: its module, and a number or the name of a constant."""
    package, module, function = abort.where.split("::")
    address = identity.types[package]
    named = isinstance(abort.reason, str)
    code = _CLEVER | 1 << 32 if named else int(abort.reason)
    location = f'MoveLocation {{ module: ModuleId {{ address: {address[2:]}, name: Identifier("{module}") }}, function: 0, instruction: 0, function_name: Some("{function}") }}'
    at = f"from '{address}::{module}::{function}'"
    return Problem(
        {
            "MoveAbort": {
                "location": {
                    "package": address,
                    "module": module,
                    "function": 0,
                    "instruction": 0,
                    "function_name": function,
                },
                "code": str(code),
            }
        },
        f"MoveAbort({location}, {code})",
        f"{at} (line 1), abort '{abort.reason}': {abort.words}"
        if named
        else f"{at} (instruction 0), abort code: {code}",
    )


class FailedError(Exception):
    """A program has failed, in a command or at its end."""

    def __init__(self, problem: Problem, command: int | None) -> None:
        """Keep the reason, and the number of the command."""
        super().__init__(problem.words)
        self.problem, self.command = problem, command


@dataclass(frozen=True, slots=True)
class Status:
    """How a transaction has ended."""

    problem: Problem | None = None
    command: int | None = None

    @classmethod
    def failed(cls, error: FailedError) -> Self:
        """Return that it has failed."""
        return cls(error.problem, error.command)

    def to_sdk(self) -> Any:
        """Return it as the library reads it."""
        if self.problem is None:
            return {"success": True}
        status = {"error": self.problem.form, "command": self.command}
        return {"success": False, "status": status}

    def to_rpc(self) -> dict[str, str]:
        """Return it as JSON-RPC shows it."""
        if self.problem is None:
            return {"status": "success"}
        where = "" if self.command is None else f" in command {self.command}"
        return {"status": "failure", "error": self.problem.debug + where}

    def to_words(self) -> str | None:
        """Return it in GraphQL's words; None where it has succeeded."""
        if self.problem is None:
            return None
        if self.command is None:
            return self.problem.words
        number = self.command + 1
        ordinal = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"Error in {number}{ordinal} command, {self.problem.words}"
