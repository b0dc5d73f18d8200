"""A private Tangle: one node and its coordinator, with the HTTP API of the IOTA Reference Implementation (IRI) 1.8.6.

    python -m demo.tangle --port 14265 --database tangle.db

or, inside a program (its milestones only on command):

    from demo.tangle.private_tangle import PrivateTangle

    async with PrivateTangle(folder / "tangle.db") as tangle:
        ... TangleClient(session, tangle.url) ...
        await tangle.issue_milestone()

A request goes    api (parameters, as IRI reads them) → admission (one transaction alone) → store (the DAG, on disk).
The coordinator puts milestones on top; the explorer shows all of it at `/`.

What is not as in IRI:
- It has no neighbours and no tokens: bundles that move value are refused, every balance is 0.
- What it will not keep it refuses at once, with a 400, when it is stored or broadcast: a transaction whose trunk or branch
  is unknown (IRI keeps it and asks its neighbours), a tail whose bundle is invalid (IRI keeps it and never confirms it).
  broadcastTransactions stores, as IRI does later in its pipeline.
- Milestones carry no signature; see coordinator.
"""
