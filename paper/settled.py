"""What the words of people about a doubt or a sample mean; asked of a row, and in the same way of the database."""

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func, or_

from paper.tables import Doubt, DoubtKind

NONE, TWO, UNREADABLE = "", "*", "?"  # beside the choices' own values; all three count as «no answer»
TYPED = "typed"  # words: they are in the proposals


def plain(value: str) -> str:
    """A decision as it is counted: two marks, or marks that nobody can read, are no answer."""
    return NONE if value in (TWO, UNREADABLE) else value


def answer_of(doubt: Doubt) -> str | None:
    """What counts for a doubt or a sample: a value, "" for no answer, None while people have not decided."""
    if doubt.final is not None:
        return plain(doubt.final)
    if doubt.decided is None or needs_second(doubt):
        return None
    return plain(doubt.decided)


def needs_second(doubt: Doubt) -> bool:
    """The first person could not read it, or read a sample otherwise than the reader: another person decides.

    Of a sample the word said first is asked as well: whoever changes it may have learnt meanwhile what was read.
    """
    if doubt.decided is None or doubt.final is not None or doubt.kind == DoubtKind.WORDS:
        return False
    if doubt.decided == UNREADABLE:
        return True
    first = doubt.decided if doubt.first is None else doubt.first
    return doubt.kind == DoubtKind.SAMPLE and {plain(first), plain(doubt.decided)} != {doubt.read}


def disputed() -> ColumnElement[bool]:
    """`needs_second` for the database."""
    first = func.coalesce(Doubt.first, Doubt.decided)
    otherwise = or_(counted(Doubt.decided) != Doubt.read, counted(first) != Doubt.read)
    return and_(
        Doubt.decided.is_not(None),
        Doubt.final.is_(None),
        Doubt.kind != DoubtKind.WORDS,
        or_(Doubt.decided == UNREADABLE, and_(Doubt.kind == DoubtKind.SAMPLE, otherwise)),
    )


def counted(value: SQLColumnExpression[str | None]) -> ColumnElement[str]:
    """`plain` for the database."""
    return func.replace(func.replace(value, TWO, NONE), UNREADABLE, NONE)
