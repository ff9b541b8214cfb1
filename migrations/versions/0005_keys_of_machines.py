"""Machines' leave to act: what a token may do, in which campaigns, and which uploads it has already brought"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give tokens rights and campaigns; one made before this may do nothing until it is made anew."""
    # Plain ADD COLUMN on both databases: nothing is copied.
    op.execute("ALTER TABLE api_token ADD COLUMN rights JSON NOT NULL DEFAULT '[]'")
    op.create_table(
        "api_token_campaign",
        sa.Column("token_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_token.id"], name=op.f("fk_api_token_campaign_token_id_api_token")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_api_token_campaign_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("token_id", "campaign_id", name=op.f("pk_api_token_campaign")),
    )
    op.create_table(
        "api_upload",
        sa.Column("token_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key_sha256", sa.String(length=64), nullable=False),
        sa.Column("asked_sha256", sa.String(length=64), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_token.id"], name=op.f("fk_api_upload_token_id_api_token")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_api_upload_batch_id_batch")),
        sa.PrimaryKeyConstraint("token_id", "key_sha256", name=op.f("pk_api_upload")),
    )


def downgrade() -> None:
    """Leave tokens without rights; which uploads came twice is forgotten."""
    op.drop_table("api_upload")
    op.drop_table("api_token_campaign")
    op.drop_column("api_token", "rights")
