"""The node of a private IOTA network."""
