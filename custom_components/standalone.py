"""The rooms of SensorChain for programs that run without Home Assistant.

The package custom_components.sensorchain is the integration: importing it loads Home Assistant,
which takes seconds, or fails where there is none. Its rooms transparency and ledgers need
nothing but Python. A program of this repository begins with

    from custom_components.standalone import leave_out_home_assistant

    leave_out_home_assistant()

and then imports custom_components.sensorchain.ledgers and the like.
"""

from pathlib import Path
import sys
from types import ModuleType

_INTEGRATION = "sensorchain"


def leave_out_home_assistant() -> None:
    """Let the rooms be imported without the integration around them.

    To be called before anything of it is imported; afterwards it changes nothing.
    """
    package = ModuleType(f"{__package__}.{_INTEGRATION}")
    package.__path__ = [str(Path(__file__).with_name(_INTEGRATION))]
    sys.modules.setdefault(package.__name__, package)
