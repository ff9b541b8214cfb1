"""Kiosks: in which languages a screen speaks"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Screens that are there speak Russian, as they did."""
    op.execute("ALTER TABLE kiosk ADD COLUMN languages JSON DEFAULT '[\"ru\"]' NOT NULL")


def downgrade() -> None:
    """Every screen speaks Russian again."""
    op.drop_column("kiosk", "languages")
