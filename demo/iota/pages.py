"""Pages of long lists, as GraphQL gives them: the first or the last so many, after or before a cursor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from graphql import GraphQLError

PAGE, MOST = 20, 50
"""Items of a page: unless told otherwise, and at the most."""


class BadInputError(GraphQLError):
    """A question that cannot be answered as it is put."""

    def __init__(self, message: str) -> None:
        """Keep what is wrong."""
        super().__init__(message, extensions={"code": "BAD_USER_INPUT"})


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is wanted."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no part; raises BadInputError."""
        if self.first is not None and self.last is not None:
            raise BadInputError("'first' and 'last' must not be used together")
        if self.size > MOST:
            raise BadInputError(
                f"Connection's page size of {self.size} exceeds max of {MOST}"
            )

    @property
    def is_backward(self) -> bool:
        """Whether it is counted from the end."""
        return self.last is not None

    @property
    def size(self) -> int:
        """How many items at the most."""
        size = self.last if self.last is not None else self.first
        return PAGE if size is None else size


@dataclass(frozen=True, slots=True)
class PageInfo:
    """What is before and behind a page."""

    has_previous_page: bool
    has_next_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class Edge[T]:
    """An item and its place."""

    node: T
    cursor: str


@dataclass(frozen=True, slots=True)
class Connection[T]:
    """A page."""

    page_info: PageInfo
    edges: Sequence[Edge[T]]

    @property
    def nodes(self) -> list[T]:
        """The items alone."""
        return [each.node for each in self.edges]


def page[T](
    items: Sequence[T],
    window: Window,
    cursor: Callable[[T], str],
    *,
    is_more_before: bool = False,
    is_more_after: bool = False,
) -> Connection[T]:
    """Return a part of a list in the order of its cursors, which may be a part itself."""
    edges = [Edge(item, cursor(item)) for item in items]
    if window.after is not None:
        behind = [each for each in edges if each.cursor > window.after]
        is_more_before |= len(behind) < len(edges)
        edges = behind
    if window.before is not None:
        ahead = [each for each in edges if each.cursor < window.before]
        is_more_after |= len(ahead) < len(edges)
        edges = ahead
    shown = edges[-window.size :] if window.is_backward else edges[: window.size]
    if not window.size:
        shown = []
    cut = len(shown) < len(edges)
    info = PageInfo(
        is_more_before or (cut and window.is_backward),
        is_more_after or (cut and not window.is_backward),
        shown[0].cursor if shown else None,
        shown[-1].cursor if shown else None,
    )
    return Connection(info, shown)
