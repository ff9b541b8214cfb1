"""Organisations, campaigns, answers, tallies, users, audit"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table of the first release; days are proleptic ordinals."""
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_table(
        "pinned",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.CheckConstraint("kind in ('edition', 'questionnaire')", name=op.f("ck_pinned_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pinned")),
        sa.UniqueConstraint("sha256", name=op.f("uq_pinned_sha256")),
    )
    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("name", name=op.f("uq_region_name")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("sector", sa.String(length=20), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("practice", sa.JSON(), nullable=False),
        sa.Column("practice_sha256", sa.String(length=64), nullable=False),
        sa.Column("operator", sa.String(length=300), nullable=False),
        sa.Column("council", sa.String(length=300), nullable=False),
        sa.Column("order", sa.String(length=300), nullable=False),
        sa.Column("shows_interim", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("stage in ('collecting', 'review', 'published')", name=op.f("ck_campaign_stage")),
        sa.ForeignKeyConstraint(["edition_id"], ["pinned.id"], name=op.f("fk_campaign_edition_id_pinned")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_campaign_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_table(
        "municipality",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_municipality_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality")),
        sa.UniqueConstraint("region_id", "name", name=op.f("uq_municipality_region_id_name")),
    )
    op.create_table(
        "campaign_questionnaire",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_questionnaire_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["pinned.id"],
            name=op.f("fk_campaign_questionnaire_questionnaire_id_pinned"),
        ),
        sa.PrimaryKeyConstraint("campaign_id", "channel", name=op.f("pk_campaign_questionnaire")),
    )
    op.create_table(
        "organization",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("short_name", sa.String(length=400), nullable=False),
        sa.Column("inn", sa.String(length=12), nullable=False),
        sa.Column("ogrn", sa.String(length=15), nullable=False),
        sa.Column("kpp", sa.String(length=9), nullable=False),
        sa.Column("oktmo", sa.String(length=11), nullable=False),
        sa.Column("agency_id", sa.String(length=20), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("sector", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("recipients_per_year", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("search", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_organization_municipality_id_municipality"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organization.id"], name=op.f("fk_organization_parent_id_organization")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_organization_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
        sa.UniqueConstraint("code", name=op.f("uq_organization_code")),
        sa.UniqueConstraint("key", name=op.f("uq_organization_key")),
    )
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organization_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organization_inn"), ["inn"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_organization_municipality_id"), ["municipality_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_organization_ogrn"), ["ogrn"], unique=False)
        batch_op.create_index(batch_op.f("ix_organization_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organization_region_id"), ["region_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organization_sector"), ["sector"], unique=False)

    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_assessment_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_assessment_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint(
            "campaign_id", "organization_id", name=op.f("uq_assessment_campaign_id_organization_id")
        ),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "place",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_place_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("organization_id", "number", name=op.f("pk_place")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role <> 'organization' or organization_id is not null", name=op.f("ck_user_organization")
        ),
        sa.CheckConstraint(
            "role in ('operator', 'council', 'authority', 'organization', 'admin')", name=op.f("ck_user_role")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_user_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_user_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("login", name=op.f("uq_user_login")),
    )
    op.create_table(
        "inspection",
        sa.Column("assessment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("inspected_on", sa.Integer(), nullable=False),
        sa.Column("stand_present", sa.SmallInteger(), nullable=True),
        sa.Column("stand_required", sa.SmallInteger(), nullable=True),
        sa.Column("site_present", sa.SmallInteger(), nullable=True),
        sa.Column("site_required", sa.SmallInteger(), nullable=True),
        sa.Column("information_required", sa.SmallInteger(), nullable=True),
        sa.Column("remote_ways", sa.JSON(), nullable=False),
        sa.Column("comfort", sa.JSON(), nullable=False),
        sa.Column("equipment", sa.JSON(), nullable=False),
        sa.Column("accessibility", sa.JSON(), nullable=False),
        sa.Column("waiting_points", sa.String(length=20), nullable=True),
        sa.Column("waiting_mean", sa.String(length=20), nullable=True),
        sa.Column("waiting_term", sa.String(length=20), nullable=True),
        sa.Column("waiting_unit", sa.String(length=5), nullable=True),
        sa.CheckConstraint("site_present between 0 and site_required", name=op.f("ck_inspection_site")),
        sa.CheckConstraint("stand_present between 0 and stand_required", name=op.f("ck_inspection_stand")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_inspection_assessment_id_assessment")
        ),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_inspection")),
    )
    op.create_table(
        "proposal",
        sa.Column(
            "key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_proposal_assessment_id_assessment")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_assessment_id"), ["assessment_id"], unique=False)

    op.create_table(
        "response",
        sa.Column(
            "key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.SmallInteger(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("answers", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_response_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["pinned.id"], name=op.f("fk_response_questionnaire_id_pinned")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_response")),
    )
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.create_index("ix_response_assessment_id", ["assessment_id"], unique=False)

    op.create_table(
        "tally",
        sa.Column("assessment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("stand_seen_yes", sa.Integer(), nullable=False),
        sa.Column("stand_seen_no", sa.Integer(), nullable=False),
        sa.Column("stand_seen_aside", sa.Integer(), nullable=False),
        sa.Column("stand_yes", sa.Integer(), nullable=False),
        sa.Column("stand_no", sa.Integer(), nullable=False),
        sa.Column("stand_aside", sa.Integer(), nullable=False),
        sa.Column("site_seen_yes", sa.Integer(), nullable=False),
        sa.Column("site_seen_no", sa.Integer(), nullable=False),
        sa.Column("site_seen_aside", sa.Integer(), nullable=False),
        sa.Column("site_yes", sa.Integer(), nullable=False),
        sa.Column("site_no", sa.Integer(), nullable=False),
        sa.Column("site_aside", sa.Integer(), nullable=False),
        sa.Column("on_time_yes", sa.Integer(), nullable=False),
        sa.Column("on_time_no", sa.Integer(), nullable=False),
        sa.Column("on_time_aside", sa.Integer(), nullable=False),
        sa.Column("comfort_yes", sa.Integer(), nullable=False),
        sa.Column("comfort_no", sa.Integer(), nullable=False),
        sa.Column("comfort_aside", sa.Integer(), nullable=False),
        sa.Column("disability_yes", sa.Integer(), nullable=False),
        sa.Column("disability_no", sa.Integer(), nullable=False),
        sa.Column("disability_aside", sa.Integer(), nullable=False),
        sa.Column("accessibility_yes", sa.Integer(), nullable=False),
        sa.Column("accessibility_no", sa.Integer(), nullable=False),
        sa.Column("accessibility_aside", sa.Integer(), nullable=False),
        sa.Column("first_contact_yes", sa.Integer(), nullable=False),
        sa.Column("first_contact_no", sa.Integer(), nullable=False),
        sa.Column("first_contact_aside", sa.Integer(), nullable=False),
        sa.Column("service_staff_yes", sa.Integer(), nullable=False),
        sa.Column("service_staff_no", sa.Integer(), nullable=False),
        sa.Column("service_staff_aside", sa.Integer(), nullable=False),
        sa.Column("remote_used_yes", sa.Integer(), nullable=False),
        sa.Column("remote_used_no", sa.Integer(), nullable=False),
        sa.Column("remote_used_aside", sa.Integer(), nullable=False),
        sa.Column("remote_staff_yes", sa.Integer(), nullable=False),
        sa.Column("remote_staff_no", sa.Integer(), nullable=False),
        sa.Column("remote_staff_aside", sa.Integer(), nullable=False),
        sa.Column("recommend_yes", sa.Integer(), nullable=False),
        sa.Column("recommend_no", sa.Integer(), nullable=False),
        sa.Column("recommend_aside", sa.Integer(), nullable=False),
        sa.Column("schedule_yes", sa.Integer(), nullable=False),
        sa.Column("schedule_no", sa.Integer(), nullable=False),
        sa.Column("schedule_aside", sa.Integer(), nullable=False),
        sa.Column("overall_yes", sa.Integer(), nullable=False),
        sa.Column("overall_no", sa.Integer(), nullable=False),
        sa.Column("overall_aside", sa.Integer(), nullable=False),
        sa.Column("sex_female", sa.Integer(), nullable=False),
        sa.Column("sex_male", sa.Integer(), nullable=False),
        sa.Column("age_under_18", sa.Integer(), nullable=False),
        sa.Column("age_18_29", sa.Integer(), nullable=False),
        sa.Column("age_30_44", sa.Integer(), nullable=False),
        sa.Column("age_45_59", sa.Integer(), nullable=False),
        sa.Column("age_60_74", sa.Integer(), nullable=False),
        sa.Column("age_75_plus", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_tally_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["pinned.id"], name=op.f("fk_tally_questionnaire_id_pinned")
        ),
        sa.PrimaryKeyConstraint(
            "assessment_id", "channel", "questionnaire_id", "slot", name=op.f("pk_tally")
        ),
        sqlite_with_rowid=False,
    )

    if op.get_bind().dialect.name == "postgresql":
        # room on each page, so that a tally's row is updated in place
        op.execute("ALTER TABLE tally SET (fillfactor = 60)")


def downgrade() -> None:
    """Back to an empty database."""
    op.drop_table("tally")
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.drop_index("ix_response_assessment_id")

    op.drop_table("response")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_assessment_id"))

    op.drop_table("proposal")
    op.drop_table("inspection")
    op.drop_table("user")
    op.drop_table("place")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_organization_id"))

    op.drop_table("assessment")
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organization_sector"))
        batch_op.drop_index(batch_op.f("ix_organization_region_id"))
        batch_op.drop_index(batch_op.f("ix_organization_parent_id"))
        batch_op.drop_index(batch_op.f("ix_organization_ogrn"))
        batch_op.drop_index(batch_op.f("ix_organization_municipality_id"))
        batch_op.drop_index(batch_op.f("ix_organization_inn"))
        batch_op.drop_index(batch_op.f("ix_organization_agency_id"))

    op.drop_table("organization")
    op.drop_table("campaign_questionnaire")
    op.drop_table("municipality")
    op.drop_table("campaign")
    op.drop_table("region")
    op.drop_table("pinned")
    op.drop_table("audit_event")
