"""Kiosks: a screen that was given to another organisation is another device"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No screen has moved yet."""
    op.execute("ALTER TABLE kiosk ADD COLUMN moved_to INTEGER")


def downgrade() -> None:
    """A device that moved stays as one that was shut out."""
    op.drop_column("kiosk", "moved_to")
