"""Kiosks: an answer names the device that it was given on, a device the size of its screen"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OF_KIOSKS = sa.text("kiosk_id IS NOT NULL")


def upgrade() -> None:
    """Of answers that are there nobody knows the device. Plain ADD COLUMN: the table is not copied."""
    op.execute(
        "ALTER TABLE response ADD COLUMN kiosk_id INTEGER "
        "CONSTRAINT fk_response_kiosk_id_kiosk REFERENCES kiosk (id)"
    )
    op.create_index(
        "ix_response_kiosk_id_day",
        "response",
        ["kiosk_id", "day"],
        sqlite_where=OF_KIOSKS,
        postgresql_where=OF_KIOSKS,
    )
    op.execute("ALTER TABLE kiosk ADD COLUMN inches FLOAT")


def downgrade() -> None:
    """Answers forget their devices and stay."""
    op.drop_column("kiosk", "inches")
    op.drop_index("ix_response_kiosk_id_day", table_name="response")
    op.drop_column("response", "kiosk_id")
