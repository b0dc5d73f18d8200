"""What a room is like: values that wander as those of a real one."""

from dataclasses import dataclass
import math
from random import Random
from typing import Final, Self

DAMPING: Final = 0.5
"""Between swinging on for long (0) and creeping back to the mean (1)."""


@dataclass(slots=True)
class Drift:
    """A value that wanders smoothly around a mean: a damped spring in a random wind.

    After a jump it comes back, as the cold room does when its door was open.
    """

    mean: float
    spread: float
    """Standard deviation in the long run."""
    period: float
    """Seconds that a swing takes."""
    random: Random
    value: float
    speed: float

    @classmethod
    def around(cls, mean: float, spread: float, period: float, seed: str) -> Self:
        """Start at the mean, on the move; the same seed gives the same values."""
        random = Random(seed)
        speed = random.gauss(0, spread * 2 * math.pi / period)
        return cls(mean, spread, period, random, mean, speed)

    def step(self, seconds: float) -> float:
        """Return the value after some more seconds."""
        steps = math.ceil(seconds / self.period * 20)
        for _ in range(steps):
            self._swing(seconds / steps)
        return self.value

    def _swing(self, seconds: float) -> None:
        """Move by a small part of a period."""
        pulse = 2 * math.pi / self.period
        wind = self.spread * math.sqrt(4 * DAMPING * pulse**3 * seconds)
        pull = pulse**2 * (self.mean - self.value) - 2 * DAMPING * pulse * self.speed
        self.speed += pull * seconds + self.random.gauss(0, wind)
        self.value += self.speed * seconds


def room(name: str, temperature: float, humidity: float) -> dict[str, Drift]:
    """Return what is measured in a room; all rooms of a house share the weather."""
    return {
        "temperature": Drift.around(temperature, 0.4, 300, f"{name} temperature"),
        "humidity": Drift.around(humidity, 2, 420, f"{name} humidity"),
        "pressure": Drift.around(1013.25, 2, 7200, "weather"),
        "battery": Drift.around(87, 0.4, 86400, f"{name} battery"),
    }
