"""Who tells of Bitcoin's blocks: explorers, or a node of one's own.

    Esplora    GET …/block-height/903412             200 <hash>        404 no such block yet
               GET …/block/<hash>/header             200 <header in hexadecimal digits>
               GET …/blocks/tip/height               200 903420
    bitcoind   GET …/rest/blockhashbyheight/903412.hex   and  …/rest/headers/1/<hash>.hex
               GET …/rest/chaininfo.json             200 {"blocks": 903420, …}

(github.com/Blockstream/esplora, API.md; bitcoin/doc/REST-interface.md, `rest=1`.) None is
believed alone, unless it is the only one chosen, a node of one's own: two must agree. Each
header must have its proof of work.
"""

from abc import abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
import json
import re
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ..http import Transport
from ..ledger import LedgerError, LedgerRejectedError, LedgerUnavailableError, Reason
from ..nodes import Nodes
from .bitcoin import Header, MalformedHeaderError, Network, network
from .server import TIMEOUT, Server

Told = TypeVar("Told", str, bytes)

PUBLIC_EXPLORERS = ("https://mempool.space/api", "https://blockstream.info/api")
"""Esplora, by two operators, without an account."""

MAX_ANSWER = 10_000
"""Bytes of an answer; chaininfo.json, the longest, has about a thousand."""

AGREEING = 2
"""How many must say the same, where there are more than one."""

_HASH = re.compile(r"[0-9a-f]{64}")
_HEADER = re.compile(r"[0-9a-f]{160}")
_HEIGHT = re.compile(r"0|[1-9][0-9]{0,9}")
_REST = "/rest"
_NOT_FOUND = 404


class Source(Server):
    """A server that tells of blocks; all raise LedgerUnavailableError, whose text names it."""

    def __init__(
        self, transport: Transport, url: str, timeout: timedelta = TIMEOUT
    ) -> None:
        """Speak to the server at an http or https URL."""
        super().__init__(transport, url, MAX_ANSWER, timeout)

    @abstractmethod
    async def tip(self) -> int:
        """Return the height of the last block."""

    @abstractmethod
    async def hash_at(self, height: int) -> str | None:
        """Return the hash of the block at a height, None where there is none yet."""

    @abstractmethod
    async def header_of(self, block: str) -> Header:
        """Return the header of the block with a hash."""

    async def header_at(self, height: int, chain: Network) -> Header | None:
        """Return the header at a height, None where there is none yet.

        It is a header of that hash, with work enough for the chain.
        """
        if (block := await self.hash_at(height)) is None:
            return None
        header = await self.header_of(block)
        if header.hash != block:
            raise self.nonsense("the header of another block")
        try:
            header.check_work(chain)
        except MalformedHeaderError as error:
            raise self.nonsense(f"a header {error}") from error
        return header

    async def _matching(self, path: str, pattern: re.Pattern[str]) -> str:
        """Return the text at a path, which must be of a form."""
        return self._checked(await self.answer(path), pattern)

    async def _matching_or_none(
        self, path: str, pattern: re.Pattern[str]
    ) -> str | None:
        """Return the same, or None where there is nothing."""
        answer = await self.ask(path)
        if answer.status == _NOT_FOUND:
            return None
        if answer.status != 200:
            raise self.nonsense(f"HTTP status {answer.status}")
        return self._checked(answer.body, pattern)

    def _checked(self, body: bytes, pattern: re.Pattern[str]) -> str:
        """Return a text of a form, a newline behind it aside."""
        text = body.decode("latin-1").removesuffix("\n")
        if not pattern.fullmatch(text):
            raise self.nonsense("something that does not tell of blocks")
        return text


class Esplora(Source):
    """A block explorer."""

    async def tip(self) -> int:
        """Return the height of the last block."""
        return int(await self._matching("/blocks/tip/height", _HEIGHT))

    async def hash_at(self, height: int) -> str | None:
        """Return the hash of the block at a height, None where there is none yet."""
        return await self._matching_or_none(f"/block-height/{height}", _HASH)

    async def header_of(self, block: str) -> Header:
        """Return the header of the block with a hash."""
        return Header(
            bytes.fromhex(await self._matching(f"/block/{block}/header", _HEADER))
        )


class Bitcoind(Source):
    """A node, at its URL that ends in /rest."""

    async def tip(self) -> int:
        """Return the height of the last block."""
        try:
            told: Any = json.loads(await self.answer("/chaininfo.json"))
            height = told["blocks"]
        except (KeyError, RecursionError, TypeError, ValueError) as error:
            raise self.nonsense("something that does not tell of blocks") from error
        if type(height) is not int:
            raise self.nonsense("a number of blocks that is none")
        return height

    async def hash_at(self, height: int) -> str | None:
        """Return the hash of the block at a height, None where there is none yet."""
        path = f"/blockhashbyheight/{height}.hex"
        return await self._matching_or_none(path, _HASH)

    async def header_of(self, block: str) -> Header:
        """Return the header of the block with a hash."""
        path = f"/headers/1/{block}.hex"
        return Header(bytes.fromhex(await self._matching(path, _HEADER)))


def source(transport: Transport, url: str, timeout: timedelta = TIMEOUT) -> Source:
    """Return a node, if its URL ends in /rest, else an explorer."""
    kind = Bitcoind if urlsplit(url).path.rstrip("/").endswith(_REST) else Esplora
    return kind(transport, url, timeout)


@dataclass(frozen=True, slots=True)
class Sight:
    """A block as the sources agree on it, and how many there are from it to the last."""

    header: Header
    confirmations: int
    """1 for the last block itself."""


class Sources(Nodes[Source]):
    """The servers that a person has chosen to tell of blocks."""

    def __init__(self, sources: Sequence[Source], genesis: str | None) -> None:
        """Hold them to a chain; without its first block's hash, to what they agree on."""
        super().__init__(sources)
        self._agreeing = min(AGREEING, len(sources))
        self._genesis = genesis
        self._chain: Network | None = None

    async def chain(self) -> Network:
        """Return the chain that they tell of, asked once; raises LedgerError.

        One of another chain is an error even where others are fit.
        """
        if self._chain is None:
            answers = await self.all(lambda each: each.hash_at(0))
            for each, answer in answers:
                if isinstance(answer, str) and self._genesis not in (None, answer):
                    raise _other_chain(each, answer)
            genesis = self._agreed(answers)
            if genesis is None:
                raise self.telling(
                    [each.nonsense("no first block") for each, _ in answers]
                )
            self._chain = network(genesis)
        return self._chain

    async def sight(self, height: int) -> Sight | None:
        """Return the block at a height, None where too few know one; raises LedgerError."""
        chain = await self.chain()

        async def look(each: Source) -> tuple[Header, int] | None:
            header = await each.header_at(height, chain)
            return (header, await each.tip()) if header else None

        answers = await self.all(look)
        headers = [
            (each, answer[0].data if isinstance(answer, tuple) else answer)
            for each, answer in answers
        ]
        if (data := self._agreed(headers)) is None:
            return None
        tips = [
            answer[1]
            for _, answer in answers
            if isinstance(answer, tuple) and answer[0].data == data
        ]
        return Sight(Header(data), min(tips) - height + 1)

    def _agreed(
        self, answers: Sequence[tuple[Source, Told | LedgerError | None]]
    ) -> Told | None:
        """Return what enough of them say, None where too few know; raises LedgerError."""
        said = [each for _, each in answers if not isinstance(each, LedgerError)]
        counts = Counter(each for each in said if each is not None)
        enough = [each for each, count in counts.items() if count >= self._agreeing]
        if len(enough) == 1:
            return enough[0]
        if len(counts) > 1:
            names = ", ".join(
                source.name
                for source, each in answers
                if isinstance(each, (str, bytes))
            )
            problem = f"These tell of different blocks: {names}"
            raise LedgerUnavailableError(Reason.NODES_DISAGREE, problem)
        if len(said) < self._agreeing:
            errors = [each for _, each in answers if isinstance(each, LedgerError)]
            raise self.telling(errors)
        return None


def _other_chain(source: Source, genesis: str) -> LedgerRejectedError:
    """Return the error for a server of another chain."""
    name = network(genesis).name or "Bitcoin itself"
    return LedgerRejectedError(
        Reason.WRONG_NETWORK, f"{source.name} tells of another chain: {name}"
    )
