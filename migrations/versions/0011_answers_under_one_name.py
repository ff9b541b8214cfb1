"""Kiosks: answers under a name that was counted before wait for a person"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of disputes."""
    op.create_table(
        "kiosk_dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("kiosk_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("answers", sa.String(length=64), nullable=False),
        sa.Column("displaced", sa.String(length=64), nullable=False),
        sa.Column("arrived_on", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_on", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "verdict in ('waiting', 'first', 'second', 'neither')", name=op.f("ck_kiosk_dispute_verdict")
        ),
        sa.CheckConstraint(
            "(verdict = 'waiting') = (decided_by is null)", name=op.f("ck_kiosk_dispute_decided")
        ),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_kiosk_dispute_kiosk_id_kiosk")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_kiosk_dispute_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["pinned.id"], name=op.f("fk_kiosk_dispute_questionnaire_id_pinned")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk_dispute")),
    )
    for column in ("key", "kiosk_id", "assessment_id"):
        op.create_index(op.f(f"ix_kiosk_dispute_{column}"), "kiosk_dispute", [column])


def downgrade() -> None:
    """Forget what waits and what was decided; the answers that were counted stay."""
    op.drop_table("kiosk_dispute")
