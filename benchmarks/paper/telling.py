"""What was measured, as tables of Markdown with exact 95 % intervals."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from benchmarks.paper.scoring import ADDED, NAMED, Score
from nok.interval import clopper_pearson

Rows = Mapping[str, Mapping[str, Score]]
NAMES = {
    "scan": "scans, clean",
    "spoiled": "scans, spoiled",
    "all scans": "both scans",
    "hard": "scans, hard answers",
    "photo": "photographs",
    "chromium": "drawn by Chromium",
    "faded": "ink lost twice (see below)",
}


def table(rows: Rows) -> str:
    """Every row, both readers; what the list names and what was added; then by defect and by the kind of truth."""
    parts = (_by(rows, group) for group in ("defect: ", "truth: ", "hand: "))
    return "\n\n".join((_whole(rows), _split(rows), _hard(rows), *parts))


def goals(rows: Rows) -> dict[str, float]:
    """The figures that have goals."""
    scans, photos = rows["all scans"]["careful"], rows["photo"]["careful"]
    return {
        "scan_silent_in_20000_boxes": 20_000 * scans.silent_boxes / max(1, scans.boxes),
        "scan_to_review": _share(scans.counted("all", "review"), scans.counted("all", "questions")),
        "clean_scan_to_review": _share(
            rows["scan"]["careful"].counted("all", "review"),
            rows["scan"]["careful"].counted("all", "questions"),
        ),
        "scan_boxes_to_review": _share(scans.doubtful_boxes, scans.boxes),
        "photo_pages_read": _share(photos.read, photos.sides),
        "photo_silent_in_5000_boxes": 5_000 * photos.silent_boxes / max(1, photos.boxes),
        "hard_answers_silently_wrong": float(sum(row["careful"].hard()["silent"] for row in _apart(rows))),
    }


def _whole(rows: Rows) -> str:
    lines = [
        "| sheets | reader | sides read | wrong number | boxes | silent errors, boxes (95 %) "
        "| sheets with any | questions to review (95 %) | boxes doubtful themselves | of those marked plainly "
        "| nobody can know |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row, both in rows.items():
        for name, score in both.items():
            asked, review = score.counted("all", "questions"), score.counted("all", "review")
            plain = score.counted("all", "review of the plain")
            easy = asked - score.hard()["questions"]
            silent = f"{score.silent_boxes:,} ({_one_in(score.silent_boxes, score.boxes)})"
            lines.append(
                f"| {NAMES[row]} | {name} | {score.read:,} of {score.sides:,} ({_percent(score.read, score.sides)}) "
                f"| {score.wrong_number} | {score.boxes:,} | {silent} "
                f"| {score.wrong_sheets} of {score.whole:,} | {_percent(review, asked)} ({_within(review, asked)}) "
                f"| {_percent(score.doubtful_boxes, score.boxes)} | {_percent(plain, easy)} "
                f"| {_percent(score.counted('all', 'riddles'), asked)} |"
            )
    return "\n".join(lines)


def _split(rows: Rows) -> str:
    """Of the careful reader: the answers that the list names, and those that were added to it."""
    lines = [
        "| sheets | kinds of answers | questions | boxes | silent errors, boxes (95 %) | to review (95 %) "
        "| boxes doubtful themselves | nobody can know |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for row in ("scan", "spoiled", "all scans", "photo"):
        score = rows[row]["careful"]
        for name, told in ((NAMED, "named in the list"), (ADDED, "added to it")):
            asked, boxes, silent, review, doubtful, riddles = (
                score.counted(name, what)
                for what in ("questions", "boxes", "silent boxes", "review", "doubtful boxes", "riddles")
            )
            lines.append(
                f"| {NAMES[row]} | {told} | {asked:,} | {boxes:,} | {silent:,} ({_one_in(silent, boxes)}) "
                f"| {_percent(review, asked)} ({_within(review, asked)}) "
                f"| {_percent(doubtful, boxes)} | {_percent(riddles, asked)} |"
            )
    return "\n".join(lines)


def _hard(rows: Rows) -> str:
    lines = [
        "| reader | second marks, corrections, crossed out, withdrawn | flagged | right | silently wrong (95 %) |",
        "|---|--:|--:|--:|--:|",
    ]
    for reader in ("careful", "plain"):
        total = sum((row[reader].hard() for row in _apart(rows)), start=type(Score().hard())())
        asked, flagged, silent = total["questions"], total["review"], total["silent"]
        lines.append(
            f"| {reader} | {asked:,} | {flagged:,} | {asked - flagged - silent:,} "
            f"| {silent:,} ({_within(silent, asked)}) |"
        )
    return "\n".join(lines)


def _by(rows: Rows, group: str) -> str:
    """Of the careful reader, all rows together."""
    total = Score()
    for row in _apart(rows):
        total = total.add(row["careful"])
    lines = [
        f"| {group.strip(': ')} | sides not read | questions | silent errors | to review |",
        "|---|--:|--:|--:|--:|",
    ]
    for name in sorted(name for name in total.of if name.startswith(group)):
        asked = total.counted(name, "questions")
        sides = total.counted(name, "sides")
        missed = f"{total.counted(name, 'not read')} of {sides:,}" if sides else ""
        lines.append(
            f"| {name.removeprefix(group)} | {missed} | {asked:,} | {total.counted(name, 'silent')} "
            f"| {_percent(total.counted(name, 'review'), asked)} |"
        )
    return "\n".join(lines)


def _apart(rows: Rows) -> Iterable[Mapping[str, Score]]:
    """Rows that count each sheet once; without those of whose marks nothing may be left."""
    return (both for row, both in rows.items() if row not in ("all scans", "faded"))


def _share(found: int, of: int) -> float:
    return found / of if of else 0.0


def _percent(found: int, of: int) -> str:
    return f"{100 * found / of:.2f} %" if of else "–"


def _within(found: int, of: int) -> str:
    bounds = clopper_pearson(found, of)
    return f"{_told(bounds[0])}–{_told(bounds[1])} %" if bounds else "–"


def _told(share: Fraction) -> str:
    return f"{float(share) * 100:.3g}"


def _one_in(silent: int, boxes: int) -> str:
    """«at most 1 in 12,300»: the upper bound."""
    bounds = clopper_pearson(silent, boxes)
    return f"at most 1 in {int(1 / bounds[1]):,}" if bounds else "–"
