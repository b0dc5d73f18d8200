"""A private chain of the Ethereum kind: anvil, a real node with accounts that have money.

    python -m demo.evm --port 8545 --state chain.json

or, inside a program (its blocks only on command):

    from demo.evm.private_chain import PrivateChain

    async with PrivateChain(port) as chain:
        ... EvmClient(transport, chain.url) ...
        await chain.mine()

anvil comes from npm: `scripts/setup anvil` prints where it is.
"""
