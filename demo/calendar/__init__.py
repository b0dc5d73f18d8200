"""Calendars of OpenTimestamps and a chain of blocks of their own, on this machine alone: a timestamp's life in seconds.

    python -m demo.calendar --port 14788 --database calendar.db

or, inside a program (its blocks only on command):

    from demo.calendar.server import DemoCalendars

    async with DemoCalendars(database=folder / "calendar.db") as calendars:
        ... calendars.urls, calendars.explorer ...
        calendars.mine()

A request goes    server (HTTP) → calendar (digests, and what has become of them) → chain (blocks) → store (on disk).

The calendars answer as otsd does, the chain is told of as Esplora does, and as much of bitcoind's RPC is there as
`ots verify --bitcoin-node` asks for. What is not as in Bitcoin:
- A block is made every few seconds, with hardly any work. The chain proves nothing to anybody.
- Transactions are written as Bitcoin's, but spend nothing, and are kept nowhere: the headers are all there is.
- A calendar tells of a block as soon as it is made, not six blocks later.
"""
