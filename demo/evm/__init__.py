"""A private chain of the Ethereum kind: anvil, a real node with accounts that have money.

Inside a program (its blocks only on command):

    from demo.evm.private_chain import PrivateChain

    async with PrivateChain(port) as chain:
        ... EvmClient(transport, chain.url) ...
        await chain.mine()

anvil comes from npm: `scripts/setup anvil` prints where it is.
"""
