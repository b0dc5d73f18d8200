"""How large a query may be, as the GraphQL service counts it (iota-graphql-rpc, query_limits_checker.rs)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

from .pages import PAGE, BadInputError

MOST_BYTES = 5_000
MOST_DEPTH = 20
MOST_NODES = 300
MOST_OUTPUT = 100_000

_CONNECTION = {"edges", "nodes"}


def check_length(query: str) -> None:
    """Refuse a query that is too long, without its variables; raises BadInputError."""
    if len(query.encode()) > MOST_BYTES:
        raise BadInputError(
            f"Query payload is too large. The maximum allowed is {MOST_BYTES} bytes"
        )


def check_size(document: DocumentNode, variables: Mapping[str, Any]) -> None:
    """Refuse a query that asks for too much; raises BadInputError."""
    fragments = {
        each.name.value: each.selection_set
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    for each in document.definitions:
        if isinstance(each, OperationDefinitionNode):
            size = _Size(fragments, variables)
            size.check_nodes(each.selection_set)
            size.check_output(each.selection_set, 1, None)


@dataclass(slots=True)
class _Size:
    """What is left for one operation."""

    fragments: Mapping[str, SelectionSetNode]
    variables: Mapping[str, Any]
    output: int = MOST_OUTPUT

    def _inner(self, selection: SelectionNode) -> Iterable[SelectionNode]:
        """Return what stands within a selection."""
        match selection:
            case FragmentSpreadNode():
                # That there is no such fragment is told when the query is validated.
                named = self.fragments.get(selection.name.value)
                return named.selections if named else ()
            case FieldNode(selection_set=SelectionSetNode() as inside):
                return inside.selections
            case InlineFragmentNode():
                return selection.selection_set.selections
        return ()

    def check_nodes(self, selections: SelectionSetNode) -> None:
        """Refuse too many selections, or too many levels of them."""
        level, count = list(selections.selections), 0
        for _ in range(MOST_DEPTH):
            count += len(level)
            if count > MOST_NODES:
                raise BadInputError(f"Query has over {MOST_NODES} nodes")
            level = [inner for each in level for inner in self._inner(each)]
        if level:
            raise BadInputError(f"Query nesting is over {MOST_DEPTH}")

    def check_output(
        self, selections: SelectionSetNode, times: int, page: int | None
    ) -> None:
        """Refuse an answer that may become too large: each item of a page counts."""
        for each in selections.selections:
            self._count(each, times, page)

    def _count(self, selection: SelectionNode, times: int, page: int | None) -> None:
        if isinstance(selection, FieldNode):
            self.output -= times
            if self.output < 0:
                raise BadInputError(f"Estimated output nodes exceeds {MOST_OUTPUT}")
            if page is not None and selection.name.value in _CONNECTION:
                times *= page
            page = self._page(selection)
        for each in self._inner(selection):
            self._count(each, times, page)

    def _page(self, field: FieldNode) -> int | None:
        """Return how many items a field lists at the most, None where it is no list."""
        if not any(map(self._is_connection, self._inner(field))):
            return None
        arguments = {each.name.value: each.value for each in field.arguments}
        sizes = [self._number(arguments.get(name)) for name in ("first", "last")]
        return max((size for size in sizes if size is not None), default=PAGE)

    def _is_connection(self, selection: SelectionNode) -> bool:
        """Tell whether a selection is of what only lists have."""
        if isinstance(selection, FieldNode):
            return selection.name.value in _CONNECTION
        return any(map(self._is_connection, self._inner(selection)))

    def _number(self, value: ValueNode | None) -> int | None:
        """Return a number that is given in the query or as a variable."""
        if isinstance(value, VariableNode):
            given = self.variables.get(value.name.value)
            return given if isinstance(given, int) else None
        return int(value.value) if isinstance(value, IntValueNode) else None
