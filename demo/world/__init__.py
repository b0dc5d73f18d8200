"""The demo world: a private Tangle, other ledgers beside it, and a Home Assistant with a virtual radio, set up as a person would.

    scripts/develop           python -m demo.world            until Ctrl-C
    scripts/develop --smoke   python -m demo.world --smoke    until a temperature of both sensors is read back

program (starts and stops each; ledgers lists those beside the Tangle) → home_assistant (its API) → furnish (fills in its forms) → smoke (reads the Tangle).
"""
