"""The legacy Tangle: bundles with Curl-P-81 proof of work, over the HTTP API of its nodes."""
