"""How much of what can be tried without end is tried."""

import os
from typing import Final

THOROUGH: Final = "THOROUGH" in os.environ
"""``make thorough``: all of it, which takes longer than whoever waits for CI has."""
