"""What is to be said of bundles, once all of it is known."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum

from ..transparency.findings import Findings, Period
from .anchors import AnchorFinding, Standing
from .examination import Comparison, Examination, Reason


class Outcome(IntEnum):
    """What the verifier says; its exit code."""

    GENUINE = 0
    NOT_GENUINE = 1
    UNDECIDED = 2


@dataclass(frozen=True, slots=True)
class Proof:
    """Readings, and the anchor that proves best since when they exist, if any does.

    It is one on a trial network only where there is no other.
    """

    period: Period
    anchor: AnchorFinding | None

    @property
    def is_trial(self) -> bool:
        """Whether trial networks alone hold the readings."""
        return self.anchor is not None and self.anchor.is_trial


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of one bundle, and why if it is not that it is genuine."""

    examination: Examination
    outcome: Outcome
    reasons: list[Reason] = field(default_factory=list)
    anchors: tuple[AnchorFinding, ...] = ()
    proofs: tuple[Proof, ...] = ()

    @property
    def on_trial(self) -> int:
        """Return how many readings trial networks alone hold."""
        return sum(proof.period.count for proof in self.proofs if proof.is_trial)

    @property
    def proved(self) -> int:
        """Return how many readings a ledger proves to have existed at some time."""
        return sum(proof.period.count for proof in self.proofs if proof.anchor)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be said of all bundles."""

    outcome: Outcome
    verdicts: Sequence[Verdict]
    comparison: Comparison | None
    is_offline: bool
    is_key_demanded: bool


def judge(
    verdicts: Sequence[Verdict],
    comparison: Comparison | None,
    *,
    is_offline: bool,
    is_key_demanded: bool,
) -> Judgement:
    """Return what is to be said of all bundles together."""
    outcomes = {verdict.outcome for verdict in verdicts}
    if comparison:
        outcomes.add(compared(comparison))
    worst = (Outcome.NOT_GENUINE, Outcome.UNDECIDED, Outcome.GENUINE)
    outcome = next(each for each in worst if each in outcomes)
    return Judgement(outcome, verdicts, comparison, is_offline, is_key_demanded)


def compared(comparison: Comparison) -> Outcome:
    """Return what is to be said of two bundles against each other."""
    if comparison.contradictions:
        return Outcome.NOT_GENUINE
    return Outcome.UNDECIDED if comparison.unproved else Outcome.GENUINE


def decide(
    examination: Examination,
    anchors: tuple[AnchorFinding, ...],
    key: str | None,
    *,
    is_offline: bool,
) -> Verdict:
    """Return what is to be said of a bundle; `key` is the verifier key that is demanded."""
    findings = examination.findings
    if examination.problem or findings is None:
        outcome = Outcome.NOT_GENUINE if examination.is_false else Outcome.UNDECIDED
        problem = examination.problem
        return Verdict(examination, outcome, [problem] if problem else [])
    proofs = _proofs(findings.periods, anchors)
    false = [*_false(findings, key), *map(_refuted, _with(anchors, Standing.REFUTED))]
    if false:
        return Verdict(examination, Outcome.NOT_GENUINE, false, anchors, proofs)
    reasons = [] if is_offline else _unproved(proofs, anchors)
    outcome = Outcome.UNDECIDED if reasons else Outcome.GENUINE
    return Verdict(examination, outcome, reasons, anchors, proofs)


def _false(findings: Findings, key: str | None) -> list[Reason]:
    """Return what shows that a bundle is not what it says, or not what was demanded."""
    reasons = []
    if key not in (None, str(findings.key)):
        text = "It is signed with another key than the one you demand"
        reasons.append(Reason("other_key", text))
    if findings.missing and not findings.caption.is_partial:
        text = f"It claims to be whole, but lacks {told(findings.missing)} in between"
        reasons.append(Reason("readings_missing", text))
    return reasons


def told(count: int) -> str:
    """Return a number of readings in words."""
    return f"{count:,} reading{'' if count == 1 else 's'}"


def _refuted(finding: AnchorFinding) -> Reason:
    """Return why a receipt is false."""
    return Reason(
        "anchor_refuted",
        f"It claims an anchor of {finding.anchor.size:,} readings on the ledger"
        f" {finding.anchor.record.name}, which the ledger does not hold: {finding.problem}",
    )


def _unproved(
    proofs: Sequence[Proof], anchors: Sequence[AnchorFinding]
) -> list[Reason]:
    """Return why it cannot be told of some readings that they existed at some time."""
    count = sum(proof.period.count for proof in proofs if not proof.anchor)
    if not count and _with(anchors, Standing.CONFIRMED):
        return []
    text = f"No ledger was found to prove since when {told(count)} exist"
    problems = dict.fromkeys(
        f"{finding.anchor.record.name}: {finding.problem}"
        for finding in anchors
        if finding.problem and finding.standing is not Standing.CONFIRMED
    )
    return [
        Reason("not_proved", text),
        *(Reason("ledger_problem", problem) for problem in problems),
    ]


def _with(
    anchors: Sequence[AnchorFinding], standing: Standing
) -> tuple[AnchorFinding, ...]:
    """Return the anchors of a standing."""
    return tuple(each for each in anchors if each.standing is standing)


def _proofs(
    periods: Sequence[Period], anchors: Sequence[AnchorFinding]
) -> tuple[Proof, ...]:
    """Return the readings of each period with the best of the anchors that cover them.

    An anchor covers all that came before it: the later periods are looked at first.
    """
    left = sorted(_with(anchors, Standing.CONFIRMED), key=lambda each: each.anchor.size)
    best: AnchorFinding | None = None
    proofs = []
    for period in reversed(periods):
        while period.size is not None and left and left[-1].anchor.size >= period.size:
            best = min(filter(None, (left.pop(), best)), key=_when)
        if period.count:
            proofs.append(Proof(period, best))
    return tuple(reversed(proofs))


def _when(finding: AnchorFinding) -> tuple[bool, datetime, int]:
    """Return since when an anchor is there at the latest; of many at once, the first.

    What is on a trial network comes after all others.
    """
    latest = datetime.max.replace(tzinfo=UTC)
    return finding.is_trial, finding.existed_before or latest, finding.anchor.size
