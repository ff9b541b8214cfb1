"""Words laid anew in an order of chance: those of before have not been yet"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whatever lies there is laid anew within ten minutes."""
    op.add_column("comment", sa.Column("laid", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """How they lie stays as it is."""
    op.drop_column("comment", "laid")
