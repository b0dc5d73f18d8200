"""A figure: what was measured, and what it must reach."""

from dataclasses import dataclass
import operator

_COMPARISONS = {"<": operator.lt, "<=": operator.le, ">=": operator.ge}


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value beside its limit, written as "< 15", "<= 1.2" or ">= 0.25"."""

    name: str
    value: float
    unit: str
    must: str

    @property
    def ok(self) -> bool:
        """Whether the value is what it must be."""
        comparison, limit = self.must.split()
        return bool(_COMPARISONS[comparison](self.value, float(limit)))

    def to_json(self) -> dict[str, object]:
        """Return the figure as a JSON object."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "must": self.must,
            "ok": self.ok,
        }
