"""Comments: one table for words of all forms, sealed; what was stored plain is sealed on the way"""

import hmac
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op
from flask import current_app

from surveys import sealing

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT_ONCE = 1_000


def upgrade() -> None:
    """Make the table of comments and of their keys; seal what lies plain."""
    op.create_table(
        "comment_key",
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_comment_key_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "month", name=op.f("pk_comment_key")),
    )
    op.create_table(
        "comment",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("form", sa.SmallInteger(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("same", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("rude", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("form in (1, 2, 3, 4)", name=op.f("ck_comment_form")),
        sa.CheckConstraint("state in ('waiting', 'through', 'withheld')", name=op.f("ck_comment_state")),
        sa.CheckConstraint("(state = 'through') = (text is not null)", name=op.f("ck_comment_text")),
        sa.CheckConstraint("(state = 'withheld') = (reason is not null)", name=op.f("ck_comment_reason")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_comment_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_comment_measure_id_measure")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_comment")),
    )
    op.create_index(op.f("ix_comment_assessment_id"), "comment", ["assessment_id"])
    for name in ("proposal", "opinion_words"):
        _carry_up(name)
        if op.get_bind().dialect.name == "sqlite":  # else the words stay readable in the file's free pages
            op.execute("PRAGMA secure_delete=ON")
            op.execute(f"DELETE FROM {name}")  # noqa: S608  our own name
        op.drop_table(name)


def downgrade() -> None:
    """Make the two plain tables again; words whose originals are destroyed stay away."""
    _plain_tables()
    words = {True: _table("proposal"), False: _table("opinion_words")}
    locks: dict[tuple[int, int], bytes] = {}
    for row in _rows(_table("comment")):
        if row.sealed is None:
            continue
        lock = _lock(locks, row)
        place = f"comment/{row.assessment_id}/{row.key}"
        plain = sealing.opened(sealing.drawn(lock, b"comments"), row.sealed, place).decode()
        back = {"key": row.key, "assessment_id": row.assessment_id, "month": row.month, "text": plain}
        if row.form != 3:
            back |= {"form": row.form, "measure_id": row.measure_id}
        op.get_bind().execute(sa.insert(words[row.form == 3]).values(back))
    op.drop_table("comment")
    op.drop_table("comment_key")


def _carry_up(name: str) -> None:
    """Every word of a plain table, sealed into `comment`, in the order of the random keys."""
    comment = _table("comment")
    locks: dict[tuple[int, int], bytes] = {}
    for row in _rows(_table(name)):
        lock = _lock(locks, row)
        told = hmac.digest(
            sealing.drawn(lock, b"same comments"), f"{row.assessment_id} {row.text}".encode(), "sha256"
        )
        place = f"comment/{row.assessment_id}/{row.key}"
        values = {
            "key": row.key,
            "form": 3 if name == "proposal" else row.form,
            "assessment_id": row.assessment_id,
            "measure_id": None if name == "proposal" else row.measure_id,
            "month": row.month,
            "sealed": sealing.sealed(sealing.drawn(lock, b"comments"), row.text.encode(), place),
            "same": int.from_bytes(told[:8]) >> 1,
            "state": "waiting",
            "rude": [],
            "version": 1,
        }
        op.get_bind().execute(sa.insert(comment).values(values))


def _rows(table: sa.Table) -> Iterator[Any]:
    """Rows with the number of their campaign, some at a time."""
    assessment = _table("assessment")
    asked = (
        sa.select(table, assessment.c.campaign_id)
        .join(assessment, assessment.c.id == table.c.assessment_id)
        .order_by(table.c.key)
        .limit(AT_ONCE)
    )
    last = -1
    while found := op.get_bind().execute(asked.where(table.c.key > last)).all():
        yield from found
        last = found[-1].key


def _lock(locks: dict[tuple[int, int], bytes], row: Any) -> bytes:
    month = (row.campaign_id, row.month)
    if month not in locks:
        locks[month] = _key_of(*month)
    return locks[month]


def _key_of(campaign_id: int, month: int) -> bytes:
    """The key of a campaign's month, made if there is none."""
    table, connection = _table("comment_key"), op.get_bind()
    mine = (table.c.campaign_id == campaign_id, table.c.month == month)
    sealed = connection.scalar(sa.select(table.c.sealed).where(*mine))
    master = sealing.drawn(str(current_app.config["SECRET_KEY"]).encode(), b"comment keys")
    place = f"comments/{campaign_id}/{date.fromordinal(month):%Y-%m}"
    if sealed is None:
        sealed = sealing.sealed(master, sealing.fresh_key(), place)
        made = {"campaign_id": campaign_id, "month": month, "sealed": sealed}
        connection.execute(sa.insert(table).values(made))
    return sealing.opened(master, sealed, place)


def _table(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())


def _plain_tables() -> None:
    op.create_table(
        "proposal",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_proposal_assessment_id_assessment")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_proposal")),
    )
    op.create_index(op.f("ix_proposal_assessment_id"), "proposal", ["assessment_id"])
    op.create_table(
        "opinion_words",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("form", sa.SmallInteger(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_opinion_words_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_opinion_words_measure_id_measure")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_opinion_words")),
    )
    op.create_index(op.f("ix_opinion_words_assessment_id"), "opinion_words", ["assessment_id"])
