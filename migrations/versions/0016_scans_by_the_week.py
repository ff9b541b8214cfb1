"""Where codes hang: how often a code was scanned, by organisation, place and week"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; before it nobody counted."""
    op.create_table(
        "code_scan",
        sa.Column("organization_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scans", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_code_scan_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("organization_id", "place", "week", name=op.f("pk_code_scan")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget the counts."""
    op.drop_table("code_scan")
