"""A private IOTA network: a node on loopback that speaks GraphQL and JSON-RPC, and checks everything that it is sent.

    python -m demo.iota --port 9000 --state iota.db

or, inside a program (its checkpoints only on command):

    from demo.iota.private_iota import PrivateIota

    async with PrivateIota() as iota:
        await iota.fund(address, 10**9)
        ... GraphqlClient(transport, iota.graphql) ...
        await iota.checkpoint()

A transaction goes    wire (graphql, json_rpc) → submitted (read and verified with IOTA's own library) → admission
(objects, gas, locks) → execution (its program, on the Move functions of `functions`) → settlement (fee, effects) →
network (epochs, checkpoints) → store (on disk). The faucet, a gas station and an explorer stand on the network, too.

What goes wrong on a network goes wrong here on command: see the attributes and methods of PrivateIota.

What is not as on a real network:
- One validator, whose word is final; no stake, no committee, no proofs of objects or checkpoints.
- No bytecode. The functions of the packages for audit trails and notarization that can be called are written out in
  `functions`, after their Move sources; any other call fails as one of a function that does not exist.
- A program costs the smallest amount of computation there is: 1,000 units.
"""
