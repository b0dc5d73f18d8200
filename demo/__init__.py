"""A whole world without hardware or network: a Bluetooth radio, a private Tangle, a Home Assistant configuration."""
