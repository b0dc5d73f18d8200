"""What is to be said of bundles, in words."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from ..transparency.findings import Findings, Series
from ..transparency.note import VerifierKey
from .anchors import AnchorFinding, Standing
from .examination import Comparison
from .verdict import Judgement, Outcome, Proof, Verdict, compared, told

MOST_TOLD = 20
"""Lines of one sort that are printed; --json has all of them."""

MOST_OF_TEXT = 300
"""Characters of a text from a bundle or a server that are printed."""

_HEADLINES = {
    Outcome.GENUINE: "GENUINE",
    Outcome.NOT_GENUINE: "NOT GENUINE",
    Outcome.UNDECIDED: "COULD NOT TELL",
}


def plain(text: str) -> str:
    """Return a text as it may be printed: nothing in it can steer or deceive a terminal."""
    shown = "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode()
        for each in text[:MOST_OF_TEXT]
    )
    return f"{shown}…" if len(text) > MOST_OF_TEXT else shown


def tell(judgement: Judgement) -> str:
    """Return what a person is told."""
    parts = [_told(verdict, judgement) for verdict in judgement.verdicts]
    if judgement.comparison:
        parts.append(_compared(judgement.comparison))
    elif len(judgement.verdicts) > 1:
        parts.append(["The bundles were not compared: one of them cannot be trusted."])
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _told(verdict: Verdict, judgement: Judgement) -> list[str]:
    """Return what is told of one bundle."""
    path = plain(verdict.examination.path)
    lines = [f"{_headline(verdict, judgement)}: {path}"]
    lines += [f"  {plain(reason.text)}" for reason in verdict.reasons]
    lines += [f"  {line}" for line in _on_trial(verdict)]
    findings = verdict.examination.findings
    if findings is None or verdict.examination.problem:
        return lines
    return [
        *lines,
        *_paragraph("What it says", _caption(findings)),
        *_paragraph("Readings", _readings(findings)),
        *_paragraph("Missing", _missing(findings)),
        *_paragraph("Since when", _since(verdict, judgement)),
        *_paragraph("Ledgers", _ledgers(verdict.anchors, judgement)),
        *_paragraph("Key", _key(findings.key, judgement)),
    ]


def _headline(verdict: Verdict, judgement: Judgement) -> str:
    """Return the outcome in a few words."""
    if verdict.outcome is Outcome.GENUINE and judgement.is_offline:
        return "GENUINE IN ITSELF (no ledger was asked)"
    if verdict.outcome is Outcome.GENUINE and verdict.on_trial:
        return "GENUINE, BUT ONLY ON A TRIAL NETWORK"
    findings = verdict.examination.findings
    if verdict.outcome is Outcome.UNDECIDED and verdict.proved and findings:
        return f"PROVED IN PART ({verdict.proved:,} of {told(findings.count)})"
    return _HEADLINES[verdict.outcome]


def _on_trial(verdict: Verdict) -> Iterator[str]:
    """Yield what it is worth that trial networks alone hold some of the readings."""
    if verdict.on_trial:
        yield (
            f"Only a trial network holds {told(verdict.on_trial)}. That proves to no"
            " stranger since when they exist: it is a network for tests, a private one,"
            " or one unknown to this program, and whoever runs it can make all of it"
            " anew, with any time"
        )


def _paragraph(title: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield lines with a title, no more than can be read."""
    first = list(islice(found := iter(lines), MOST_TOLD))
    yield ""
    yield f"  {title}"
    yield from (f"    {line}" for line in first)
    if more := sum(1 for _ in found):
        yield f"    … and {more:,} lines more; --json has them all"


def _caption(findings: Findings) -> Iterator[str]:
    """Yield what a bundle says of itself, which is signed but proved by nothing."""
    caption = findings.caption
    yield f'Log "{plain(caption.log)}", exported {_time(caption.created)}'
    if caption.start or caption.stop:
        start = _time(caption.start) if caption.start else "its beginning"
        stop = _time(caption.stop) if caption.stop else "its end"
        yield f"Asked for: readings from {start} until {stop}"
    if caption.is_partial:
        yield "It is partial: readings in between were left out on purpose"


def _readings(findings: Findings) -> Iterator[str]:
    """Yield which readings there are."""
    size = findings.checkpoint.checkpoint.size
    yield (
        f"{told(findings.count)}, each signed by the log's key and proved to be"
        f" among the {size:,} of its log, unchanged"
    )
    for series in findings.series.values():
        yield f"{_name(series)}: {_extent(series)}"


def _name(series: Series) -> str:
    """Return the name of an entity."""
    named = plain(series.name)
    return (
        f"{named} ({plain(series.entity_id)})"
        if named
        else f"{plain(series.entity_id)}"
    )


def _extent(series: Series) -> str:
    """Return how many readings of an entity there are, from which to which."""
    if series.first is None or series.last is None:
        return "no reading"
    first, last = series.first.leaf, series.last.leaf
    return (
        f"{told(series.count)}, {_numbers(first.sequence, last.sequence)},"
        f" {_time(first.reading.last_updated)} to {_time(last.reading.last_updated)}"
    )


def _numbers(first: int, last: int) -> str:
    """Return sequence numbers in words."""
    return f"number {first:,}" if first == last else f"number {first:,} to {last:,}"


def _missing(findings: Findings) -> Iterator[str]:
    """Yield which readings are not there."""
    if not findings.missing:
        yield "Nothing between the first and the last reading of each entity"
    for series in findings.series.values():
        for gap in series.gaps:
            yield (
                f"{_name(series)}: {told(gap.last - gap.first + 1)},"
                f" {_numbers(gap.first, gap.last)},"
                f" between {_time(gap.after)} and {_time(gap.before)}"
            )
    for series in findings.series.values():
        if series.first and series.first.leaf.sequence:
            before = told(series.first.leaf.sequence)
            yield f"{_name(series)}: the log has {before} from before the first one here"


def _since(verdict: Verdict, judgement: Judgement) -> Iterator[str]:
    """Yield since when at the latest the readings exist."""
    if judgement.is_offline:
        yield "NOT CHECKED (--offline): whether any ledger holds these readings, and"
        yield "so since when they exist. Without a ledger, the owner of the log could"
        yield "have made and signed all of them today."
        return
    yield from _all_since(verdict.proofs)
    for proof in verdict.proofs:
        yield f"{_period(proof)} {_proved(proof.anchor)}"


def _all_since(proofs: Sequence[Proof]) -> Iterator[str]:
    """Yield since when the latest of all readings exist, if a ledger tells of each."""
    times = [
        proof.anchor.existed_before
        for proof in proofs
        if proof.anchor and not proof.is_trial
    ]
    known = [time for time in times if time]
    if len(proofs) > 1 and len(known) == len(proofs):
        yield f"All of them existed at the latest {_time(max(known))}; in particular"


def _period(proof: Proof) -> str:
    """Return which readings a proof is of."""
    period = proof.period
    times = [_time(each) for each in (period.earliest, period.latest) if each]
    return f"{told(period.count)} of {' to '.join(times)}:"


def _proved(finding: AnchorFinding | None) -> str:
    """Return since when an anchor proves readings to exist."""
    if finding is None:
        return "not proved by any ledger"
    where = f"{plain(finding.anchor.record.name)}"
    if finding.place:
        where = f"{where}, {plain(finding.place)}"
    told = _told_since(finding.existed_before, is_trial=finding.is_trial)
    return f"{told} ({where}){_noted(finding)}"


def _told_since(time: datetime | None, *, is_trial: bool) -> str:
    """Return since when readings exist; of a trial network, no more than that it says so."""
    if is_trial:
        since = f", by its own clock since {_time(time)}" if time else ""
        return f"on a trial network{since}"
    if time is None:
        return "existed when the ledger was asked just now"
    return f"existed at the latest {_time(time)}"


def _ledgers(anchors: Sequence[AnchorFinding], judgement: Judgement) -> Iterator[str]:
    """Yield what the ledgers were asked and answered."""
    if not anchors:
        yield "The bundle has no anchor on any ledger"
        return
    if judgement.is_offline:
        yield "NOT CHECKED (--offline): these are the words of the log's owner"
    yield from _asked(anchors)
    groups: dict[tuple[str, Standing, str | None], list[AnchorFinding]] = {}
    for finding in anchors:
        trial = ", a trial network" if finding.is_trial else ""
        name = f"{plain(finding.anchor.record.name)}{trial}"
        alike = (name, finding.standing, finding.problem)
        groups.setdefault(alike, []).append(finding)
    for (name, *_), group in groups.items():
        yield f"{name}: {_standing(group)}"


def _asked(anchors: Sequence[AnchorFinding]) -> Iterator[str]:
    """Yield at which servers the ledgers were asked."""
    named = [each for each in anchors if each.standing is not Standing.NOT_CHECKED]
    for asked, is_own_choice in dict.fromkeys(
        (each.asked, each.is_own_choice) for each in named if each.asked
    ):
        yield f"Asked: {', '.join(map(plain, asked))}"
        if not is_own_choice:
            yield "which the bundle itself names; with --node you ask one that you trust"


def _standing(group: Sequence[AnchorFinding]) -> str:
    """Return what is known of anchors of one ledger that are alike."""
    last = max(group, key=lambda finding: finding.anchor.size)
    covers = f"the log's first {told(last.anchor.size)}"
    what = f"{len(group):,} anchors, up to" if len(group) > 1 else "an anchor of"
    problem = plain(last.problem or "it could not tell")
    return {
        Standing.NOT_CHECKED: f"is said to hold {what} {covers}{_noted(last)}",
        Standing.CONFIRMED: f"holds {what} {covers}",
        Standing.PENDING: f"does not hold {what} {covers}, or not yet ({problem})",
        Standing.REFUTED: f"does NOT hold {what} {covers}, as the bundle says ({problem})",
        Standing.UNKNOWN: f"could not tell of {what} {covers} ({problem})",
    }[last.standing]


def _noted(finding: AnchorFinding) -> str:
    """Return what the receipt says, which is the word of the log's owner."""
    receipt = finding.receipt
    if receipt.confirmed_at is None:
        return ""
    place = f", {plain(receipt.place)}" if receipt.place else ""
    return f"; its owner noted {_time(receipt.confirmed_at)}{place}"


def _key(key: VerifierKey, judgement: Judgement) -> Iterator[str]:
    """Yield whose signature it is."""
    yield f"{key.key_id.hex()}: {plain(str(key))}"
    if judgement.is_key_demanded:
        yield "It is the one you demand"
    else:
        yield "It was taken from the bundle. Compare it with what the log's owner gave you,"
        yield "or demand it with --key: anybody can make a bundle with a key of their own"


def _compared(comparison: Comparison) -> list[str]:
    """Return what is told of two bundles against each other."""
    outcome = compared(comparison)
    if outcome is Outcome.NOT_GENUINE:
        problems = [f"  {plain(each.text)}" for each in comparison.contradictions]
        return ["CONTRADICTION between the two bundles", *problems]
    headline = {
        Outcome.GENUINE: "CONSISTENT with each other",
        Outcome.UNDECIDED: "COULD NOT TELL whether they are consistent with each other",
    }[outcome]
    return [headline, *(f"  {line}" for line in _consistent(comparison))]


def _consistent(comparison: Comparison) -> Iterator[str]:
    """Yield what is known of two bundles that do not contradict each other."""
    common, overlap = comparison.common, comparison.overlap
    yield f"{told(comparison.shared)} in both, the same"
    if common:
        yield f"The log's first {told(common)} are proved to be the same for both"
    if common < overlap:
        yield (
            f"Of the log's readings from {common:,} to {overlap:,} no checkpoint is in"
            " both: what neither bundle shows of them cannot be compared"
        )
    if comparison.unproved:
        yield f"{told(comparison.unproved)} of these are in one bundle alone"


def _time(time: datetime) -> str:
    """Return a time for people: in UTC, to the second."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
