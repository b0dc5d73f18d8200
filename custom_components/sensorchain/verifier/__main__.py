"""Run the verifier."""

import sys

from .program import main

sys.exit(main())
