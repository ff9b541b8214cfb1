"""Passes: who is asked for one, codes nobody has used yet, marks of those who signed in"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of passes; every form that is open stays open."""
    op.create_table(
        "admission",
        sa.Column("assessment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.String(length=10), nullable=False),
        sa.CheckConstraint("entry in ('code', 'sign-in', 'either')", name=op.f("ck_admission_entry")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_admission_assessment_id_assessment")
        ),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_admission")),
    )
    op.create_table(
        "pass_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_pass_batch_assessment_id_assessment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass_batch")),
    )
    op.create_index(op.f("ix_pass_batch_assessment_id"), "pass_batch", ["assessment_id"])
    op.create_table(
        "pass",
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["pass_batch.id"], name=op.f("fk_pass_batch_id_pass_batch")),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_pass")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_pass_batch_id"), "pass", ["batch_id"])
    op.create_table(
        "sign_in_secret",
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_sign_in_secret_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_sign_in_secret")),
    )
    op.create_table(
        "signed_in",
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_signed_in_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "slot", name=op.f("pk_signed_in")),
    )


def downgrade() -> None:
    """Ask nobody for a pass any more."""
    op.drop_table("signed_in")
    op.drop_table("sign_in_secret")
    op.drop_index(op.f("ix_pass_batch_id"), table_name="pass")
    op.drop_table("pass")
    op.drop_index(op.f("ix_pass_batch_assessment_id"), table_name="pass_batch")
    op.drop_table("pass_batch")
    op.drop_table("admission")
