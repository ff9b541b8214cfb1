"""Kiosks: devices in halls, and the codes by which they are paired"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of devices."""
    op.create_table(
        "kiosk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("form", sa.String(length=60), nullable=False),
        sa.Column("opens", sa.String(length=5), nullable=False),
        sa.Column("closes", sa.String(length=5), nullable=False),
        sa.Column("idle_seconds", sa.SmallInteger(), nullable=False),
        sa.Column("aloud", sa.Boolean(), nullable=False),
        sa.Column("made_on", sa.Integer(), nullable=False),
        sa.Column("paired_on", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("token_sha256", sa.String(length=64), nullable=True),
        sa.Column("next_sha256", sa.String(length=64), nullable=True),
        sa.Column("rotated_on", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("stuck", sa.Integer(), nullable=False),
        sa.Column("full", sa.Boolean(), nullable=False),
        sa.Column("release", sa.String(length=16), nullable=False),
        sa.Column("used_mb", sa.Integer(), nullable=True),
        sa.Column("room_mb", sa.Integer(), nullable=True),
        sa.Column("answered_on", sa.Integer(), nullable=True),
        sa.CheckConstraint("idle_seconds between 15 and 600", name=op.f("ck_kiosk_idle")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_kiosk_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_kiosk_token_sha256")),
        sa.UniqueConstraint("next_sha256", name=op.f("uq_kiosk_next_sha256")),
    )
    op.create_index(op.f("ix_kiosk_organization_id"), "kiosk", ["organization_id"])
    op.create_table(
        "kiosk_code",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("claim_sha256", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("kiosk_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_kiosk_code_kiosk_id_kiosk")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_kiosk_code")),
        sa.UniqueConstraint("claim_sha256", name=op.f("uq_kiosk_code_claim_sha256")),
    )


def downgrade() -> None:
    """Forget every device; what they sent stays."""
    op.drop_table("kiosk_code")
    op.drop_index(op.f("ix_kiosk_organization_id"), table_name="kiosk")
    op.drop_table("kiosk")
