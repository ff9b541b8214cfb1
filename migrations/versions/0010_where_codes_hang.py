"""Where codes hang: posters that were seen, looks at organisations' sites"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the patrol."""
    op.create_table(
        "poster_seen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("watcher", sa.String(length=10), nullable=False),
        sa.Column("seen_on", sa.Integer(), nullable=False),
        sa.Column("seen_by", sa.String(length=60), nullable=False),
        sa.Column("file", sa.String(length=80), nullable=False),
        sa.CheckConstraint("watcher in ('visitor', 'official')", name=op.f("ck_poster_seen_watcher")),
        sa.CheckConstraint(
            "watcher = 'official' or (seen_by = '' and file = '')", name=op.f("ck_poster_seen_nobody")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_poster_seen_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poster_seen")),
        sa.UniqueConstraint(
            "organization_id",
            "place",
            "year",
            "watcher",
            name=op.f("uq_poster_seen_organization_id_place_year_watcher"),
        ),
    )
    op.create_table(
        "site_check",
        sa.Column("organization_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("checked_on", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("leads_to", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("found_on", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_site_check_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_site_check")),
    )


def downgrade() -> None:
    """Forget where codes hang; photographs that proved it stay in the store until they are swept by hand."""
    op.drop_table("site_check")
    op.drop_table("poster_seen")
