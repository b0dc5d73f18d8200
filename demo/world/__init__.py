"""The demo world: a private Tangle and a Home Assistant with a virtual radio, set up as a person would set them up.

    scripts/develop           python -m demo.world            until Ctrl-C
    scripts/develop --smoke   python -m demo.world --smoke    until a temperature of both sensors is read back

program (starts and stops the two) → home_assistant (its API) → furnish (fills in its forms) → smoke (reads the Tangle).
"""
