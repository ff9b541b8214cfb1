"""Forms 1, 2 and 4: what people say beside the survey"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of opinions, of their tallies and of words that lie apart."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "opinion",
        sa.Column("key", key, autoincrement=False, nullable=False),
        sa.Column("form", sa.SmallInteger(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=True),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.SmallInteger(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("answers", sa.String(length=8), nullable=False),
        sa.CheckConstraint("form in (1, 2, 4)", name=op.f("ck_opinion_form")),
        sa.CheckConstraint("(form = 1) = (release_id is not null)", name=op.f("ck_opinion_release")),
        sa.CheckConstraint("(form = 4) = (measure_id is not null)", name=op.f("ck_opinion_measure")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_opinion_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_opinion_release_id_release")),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_opinion_measure_id_measure")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_opinion")),
    )
    op.create_index(op.f("ix_opinion_assessment_id"), "opinion", ["assessment_id"])
    op.create_table(
        "opinion_tally",
        sa.Column("assessment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("form", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("about", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("item", sa.String(length=8), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_opinion_tally_assessment_id_assessment")
        ),
        sa.PrimaryKeyConstraint(
            "assessment_id", "form", "about", "channel", "item", name=op.f("pk_opinion_tally")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "opinion_words",
        sa.Column("key", key, autoincrement=False, nullable=False),
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


def downgrade() -> None:
    """Forget what people said beside the survey."""
    op.drop_table("opinion_words")
    op.drop_table("opinion_tally")
    op.drop_table("opinion")
