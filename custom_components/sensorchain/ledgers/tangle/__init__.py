"""The legacy Tangle: bundles of transactions with Curl-P-81 proof of work, spoken to over the IRI HTTP API."""
