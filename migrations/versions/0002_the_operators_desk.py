"""The operator's desk: batches, telephone, keying, visits, team, hand-over, jobs"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Plain ADD COLUMN on both databases: the table of ten million responses is not copied.
ADDED = (
    "ALTER TABLE campaign ADD COLUMN desk JSON NOT NULL DEFAULT '{}'",
    "ALTER TABLE inspection ADD COLUMN missing JSON NOT NULL DEFAULT '{}'",
    "ALTER TABLE inspection ADD COLUMN not_applicable JSON NOT NULL DEFAULT '{}'",
    "ALTER TABLE inspection ADD COLUMN visit_id INTEGER CONSTRAINT fk_inspection_visit_id_visit REFERENCES visit (id)",
    "ALTER TABLE inspection ADD COLUMN batch_id INTEGER CONSTRAINT fk_inspection_batch_id_batch REFERENCES batch (id)",
    "ALTER TABLE inspection ADD COLUMN version INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE response ADD COLUMN batch_id INTEGER CONSTRAINT fk_response_batch_id_batch REFERENCES batch (id)",
    'ALTER TABLE "user" ADD COLUMN duty VARCHAR(20) '
    "CONSTRAINT ck_user_duty CHECK (duty is null or role = 'operator')",
)


def upgrade() -> None:
    """Make the tables of the operator's desk; whoever was an operator becomes the head of the team."""
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("leads_to", sa.String(length=300), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("heard_at", sa.DateTime(), nullable=True),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'running', 'done', 'failed')", name=op.f("ck_job_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    under_way = sa.text("state in ('waiting', 'running')")
    op.create_index("ix_job_state", "job", ["state"], sqlite_where=under_way, postgresql_where=under_way)
    op.create_table(
        "known_columns",
        sa.Column("headings_sha256", sa.String(length=64), nullable=False),
        sa.Column("questionnaire", sa.String(length=60), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("headings_sha256", "questionnaire", name=op.f("pk_known_columns")),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.SmallInteger(), nullable=True),
        sa.Column("questionnaire_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("kept_as", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("reviewed_by", sa.String(length=60), nullable=True),
        sa.Column("job_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "kind in ('answers', 'counters', 'checklists', 'keying')", name=op.f("ck_batch_kind")
        ),
        sa.CheckConstraint(
            "state in ('uploaded', 'checked', 'counted', 'undone', 'dropped', 'refused')",
            name=op.f("ck_batch_state"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_batch_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["pinned.id"], name=op.f("fk_batch_questionnaire_id_pinned")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_campaign_id"), ["campaign_id"], unique=False)

    op.create_table(
        "contact_key",
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_contact_key_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_contact_key")),
    )
    op.create_table(
        "contact_forgotten",
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_contact_forgotten_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "mark", name=op.f("pk_contact_forgotten")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.String(length=60), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("state in ('submitted', 'returned', 'accepted')", name=op.f("ck_package_state")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_package_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_package_campaign_id_number")),
    )
    op.create_table(
        "report_section",
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_by", sa.String(length=60), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_report_section_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "key", name=op.f("pk_report_section")),
    )
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(length=60), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_remark_package_id_package")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remark_package_id"), ["package_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("assessment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("task", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("due_on", sa.Integer(), nullable=True),
        sa.Column("given_by", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "task in ('interview', 'inspection', 'mystery', 'phone', 'keying')",
            name=op.f("ck_assignment_task"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assignment_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_assignment_user_id_user")),
        sa.PrimaryKeyConstraint("assessment_id", "task", "user_id", name=op.f("pk_assignment")),
    )
    op.create_table(
        "contact",
        sa.Column(
            "key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("mark", sa.String(length=64), nullable=True),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("not_before", sa.DateTime(), nullable=True),
        sa.Column("held_by", sa.Integer(), nullable=True),
        sa.Column("held_at", sa.DateTime(), nullable=True),
        sa.Column("held_until", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_contact_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_contact_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["held_by"], ["user.id"], name=op.f("fk_contact_held_by_user")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_contact")),
        sa.UniqueConstraint("campaign_id", "mark", name=op.f("uq_contact_campaign_id_mark")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_campaign_id"), ["campaign_id"], unique=False)

    op.create_table(
        "declared",
        sa.Column("assessment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
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
            ["assessment_id"], ["assessment.id"], name=op.f("fk_declared_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_declared_batch_id_batch")),
        sa.PrimaryKeyConstraint("assessment_id", "channel", name=op.f("pk_declared")),
    )
    with op.batch_alter_table("declared", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declared_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "hold",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_hold_user_id_user")),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_hold")),
    )
    op.create_table(
        "replaced",
        sa.Column("batch_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.SmallInteger(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("answers", sa.String(length=64), nullable=False),
        sa.Column("from_batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_replaced_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_replaced_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["pinned.id"], name=op.f("fk_replaced_questionnaire_id_pinned")
        ),
        sa.PrimaryKeyConstraint("batch_id", "key", name=op.f("pk_replaced")),
    )
    op.create_table(
        "batch_repeat",
        sa.Column("batch_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("of_batch_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_repeat_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["of_batch_id"], ["batch.id"], name=op.f("fk_batch_repeat_of_batch_id_batch")
        ),
        sa.PrimaryKeyConstraint("batch_id", "key", name=op.f("pk_batch_repeat")),
    )
    with op.batch_alter_table("batch_repeat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_repeat_of_batch_id"), ["of_batch_id"], unique=False)

    op.create_table(
        "stack",
        sa.Column("batch_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=True),
        sa.Column("filled_on", sa.Integer(), nullable=False),
        sa.Column("second_share", sa.SmallInteger(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("boxes", sa.JSON(), nullable=False),
        sa.Column("handed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_stack_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_stack_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["pinned.id"], name=op.f("fk_stack_questionnaire_id_pinned")
        ),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_stack")),
    )
    with op.batch_alter_table("stack", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stack_assessment_id"), ["assessment_id"], unique=False)

    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("checklist", sa.String(length=60), nullable=False),
        sa.Column("checklist_sha256", sa.String(length=64), nullable=False),
        sa.Column("inspector", sa.String(length=60), nullable=False),
        sa.Column("brought_by", sa.String(length=60), nullable=True),
        sa.Column("visited_on", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("client_key", sa.String(length=40), nullable=True),
        sa.CheckConstraint("kind in ('inspection', 'mystery')", name=op.f("ck_visit_kind")),
        sa.CheckConstraint("state in ('draft', 'done', 'confirmed')", name=op.f("ck_visit_state")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_visit_assessment_id_assessment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("client_key", name=op.f("uq_visit_client_key")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_assessment_id"), ["assessment_id"], unique=False)

    op.create_table(
        "call_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("contact_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_call_attempt_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["contact_key"], ["contact.key"], name=op.f("fk_call_attempt_contact_key_contact")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_call_attempt_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_attempt")),
    )
    with op.batch_alter_table("call_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_attempt_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_call_attempt_contact_key"), ["contact_key"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("file", sa.String(length=80), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.String(length=60), nullable=False),
        sa.Column("client_key", sa.String(length=40), nullable=True),
        sa.CheckConstraint("kind in ('photo', 'screenshot', 'link')", name=op.f("ck_evidence_kind")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_evidence_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("client_key", name=op.f("uq_evidence_client_key")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "sheet",
        sa.Column("batch_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("doubled", sa.Boolean(), nullable=False),
        sa.Column("first_by", sa.Integer(), nullable=False),
        sa.Column("second_by", sa.Integer(), nullable=True),
        sa.Column("third_by", sa.Integer(), nullable=True),
        sa.Column("first", sa.String(length=64), nullable=True),
        sa.Column("second", sa.String(length=64), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("compared", sa.SmallInteger(), nullable=False),
        sa.Column("first_wrong", sa.SmallInteger(), nullable=False),
        sa.Column("second_wrong", sa.SmallInteger(), nullable=False),
        sa.Column("off_path", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("state in ('second', 'third', 'counted', 'spoiled')", name=op.f("ck_sheet_state")),
        sa.ForeignKeyConstraint(["batch_id"], ["stack.batch_id"], name=op.f("fk_sheet_batch_id_stack")),
        sa.ForeignKeyConstraint(["first_by"], ["user.id"], name=op.f("fk_sheet_first_by_user")),
        sa.ForeignKeyConstraint(["second_by"], ["user.id"], name=op.f("fk_sheet_second_by_user")),
        sa.ForeignKeyConstraint(["third_by"], ["user.id"], name=op.f("fk_sheet_third_by_user")),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_sheet")),
    )
    op.create_table(
        "pace",
        sa.Column("batch_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("again", sa.Integer(), nullable=False),
        sa.Column("timed", sa.Integer(), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("last_number", sa.SmallInteger(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["stack.batch_id"], name=op.f("fk_pace_batch_id_stack")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_pace_user_id_user")),
        sa.PrimaryKeyConstraint("batch_id", "user_id", name=op.f("pk_pace")),
    )
    for statement in ADDED:
        op.execute(statement)
    op.drop_index("ix_response_assessment_id", table_name="response")
    op.create_index("ix_response_assessment_id_day", "response", ["assessment_id", "day"])
    where = sa.text("batch_id IS NOT NULL")
    op.create_index(
        "ix_response_batch_id", "response", ["batch_id"], sqlite_where=where, postgresql_where=where
    )
    op.execute("UPDATE \"user\" SET duty = 'head' WHERE role = 'operator'")


def downgrade() -> None:
    """Forget the desk; answers and inspections stay."""
    op.drop_index("ix_response_batch_id", table_name="response")
    op.drop_index("ix_response_assessment_id_day", table_name="response")
    op.create_index("ix_response_assessment_id", "response", ["assessment_id"])
    op.drop_column("campaign", "desk")
    for table, columns in (
        ("response", ["batch_id"]),
        ("inspection", ["missing", "not_applicable", "visit_id", "batch_id", "version"]),
        ("user", ["duty"]),
    ):
        _drop(table, columns)
    op.drop_table("pace")
    op.drop_table("sheet")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_visit_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("call_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_attempt_contact_key"))
        batch_op.drop_index(batch_op.f("ix_call_attempt_campaign_id"))

    op.drop_table("call_attempt")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_assessment_id"))

    op.drop_table("visit")
    with op.batch_alter_table("stack", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stack_assessment_id"))

    op.drop_table("stack")
    op.drop_table("replaced")
    with op.batch_alter_table("batch_repeat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_repeat_of_batch_id"))

    op.drop_table("batch_repeat")
    op.drop_table("hold")
    with op.batch_alter_table("declared", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declared_batch_id"))

    op.drop_table("declared")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_campaign_id"))
        batch_op.drop_index(batch_op.f("ix_contact_assessment_id"))

    op.drop_table("contact")
    op.drop_table("assignment")
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_remark_package_id"))

    op.drop_table("remark")
    op.drop_table("report_section")
    op.drop_table("package")
    op.drop_table("contact_forgotten")
    op.drop_table("contact_key")
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_campaign_id"))

    op.drop_table("batch")
    op.drop_table("known_columns")
    op.drop_table("job")


def _drop(table: str, columns: list[str]) -> None:
    """SQLite drops no column that a constraint names: there the table is made anew (nothing refers to these)."""
    if op.get_bind().dialect.name == "sqlite" and table != "user":
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)
        return
    for column in columns:
        op.drop_column(table, column)
