"""Pages that show the chain: the last blocks, and one block. Nothing on them comes from strangers."""

from collections.abc import Iterable

from aiohttp import web

from .chain import Chain
from .store import Store

_BLOCKS = 20
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · SensorChain demo chain</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
td, th {{ text-align: left; padding: .25rem 1rem .25rem 0; vertical-align: top }}
code {{ overflow-wrap: anywhere }}
</style>
</head>
<body>
<p><a href="/">Demo chain</a>: as Bitcoin's, with a block every few seconds and hardly any work. It proves nothing.</p>
<h1>{title}</h1>
<table>
{rows}
</table>
</body>
</html>
"""


def index(chain: Chain, store: Store) -> web.Response:
    """Return the page of the last blocks."""
    heights = range(chain.tip, max(-1, chain.tip - _BLOCKS), -1)
    rows = [("Block", "Time", "Timestamps", "Hash")]
    for height in heights:
        if header := chain.header_at(height):
            link = f'<a href="/block/{header.hash}"><code>{header.hash}</code></a>'
            rows.append(
                (
                    str(height),
                    f"{header.time:%Y-%m-%d %H:%M:%S} UTC",
                    str(store.messages_in(height)),
                    link,
                )
            )
    return _page("The last blocks", rows)


def block(chain: Chain, store: Store, height: int | None) -> web.Response:
    """Return the page of a block, or that there is none."""
    header = None if height is None else chain.header_at(height)
    if height is None or header is None:
        return _page("No such block", [], status=404)
    return _page(
        f"Block {height}",
        [
            ("Hash", f"<code>{header.hash}</code>"),
            ("Time", f"{header.time:%Y-%m-%d %H:%M:%S} UTC"),
            ("Merkle root", f"<code>{header.merkle_root[::-1].hex()}</code>"),
            ("Timestamps in it", str(store.messages_in(height))),
            ("Blocks from it to the last", str(chain.tip - height + 1)),
            ("Header", f"<code>{header.data.hex()}</code>"),
        ],
    )


def _page(
    title: str, rows: Iterable[Iterable[str]], *, status: int = 200
) -> web.Response:
    """Return a page with a table."""
    lines = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    return web.Response(
        status=status,
        text=_PAGE.format(
            title=title, rows="\n".join(f"<tr>{line}</tr>" for line in lines)
        ),
        content_type="text/html",
        headers=_HEADERS,
    )
