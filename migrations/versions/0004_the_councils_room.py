"""The council's room: seats, votes, meetings, objections, releases, plans of measures, tokens"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROLES = "('operator', 'council', 'authority', 'organization', 'admin')"
MORE_ROLES = "('operator', 'council', 'authority', 'organization', 'curator', 'admin')"

# Plain ADD COLUMN on both databases: nothing is copied.
ADDED = (
    'ALTER TABLE "user" ADD COLUMN seat VARCHAR(20) '
    "CONSTRAINT ck_user_seat CHECK (seat is null or role = 'council')",
    "ALTER TABLE package ADD COLUMN objections_until INTEGER",
    "ALTER TABLE remark ADD COLUMN code VARCHAR(8) NOT NULL DEFAULT ''",
    "ALTER TABLE remark ADD COLUMN figure VARCHAR(10) NOT NULL DEFAULT ''",
    "ALTER TABLE remark ADD COLUMN closed_by VARCHAR(60)",
)


def upgrade() -> None:
    """Make the tables of the council's room; whoever was of a council becomes its chair and may decide as before."""
    _allow(ROLES, MORE_ROLES)
    for statement in ADDED:
        op.execute(statement)
    op.add_column("remark", sa.Column("closed_at", sa.DateTime()))
    op.execute("UPDATE \"user\" SET seat = 'chair' WHERE role = 'council'")
    op.create_table(
        "old_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_old_report_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_old_report")),
    )
    op.create_index(op.f("ix_old_report_campaign_id"), "old_report", ["campaign_id"])
    op.create_table(
        "meeting",
        sa.Column("package_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("held_on", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("chair", sa.String(length=200), nullable=False),
        sa.Column("secretary", sa.String(length=200), nullable=False),
        sa.Column("present", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_by", sa.String(length=60), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_meeting_package_id_package")),
        sa.PrimaryKeyConstraint("package_id", name=op.f("pk_meeting")),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("short", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.String(length=60), nullable=False),
        sa.Column("approved_at", sa.DateTime(), nullable=False),
        sa.Column("published_by", sa.String(length=60), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_release_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_release_package_id_package")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("campaign_id", "version", name=op.f("uq_release_campaign_id_version")),
        sa.UniqueConstraint("sha256", name=op.f("uq_release_sha256")),
        sa.UniqueConstraint("short", name=op.f("uq_release_short")),
    )
    op.create_index(op.f("ix_release_package_id"), "release", ["package_id"])
    op.create_table(
        "vote",
        sa.Column("package_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("choice", sa.String(length=10), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("choice in ('for', 'against', 'abstain')", name=op.f("ck_vote_choice")),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_vote_package_id_package")),
        sa.PrimaryKeyConstraint("package_id", "login", name=op.f("pk_vote")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("ends_on", sa.Integer(), nullable=False),
        sa.Column("used_on", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_api_token_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("sha256", name=op.f("uq_api_token_sha256")),
    )
    op.create_index(op.f("ix_api_token_user_id"), "api_token", ["user_id"])
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("figure", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(length=60), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_objection_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_objection_package_id_package")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    op.create_index(op.f("ix_objection_assessment_id"), "objection", ["assessment_id"])
    op.create_index(op.f("ix_objection_package_id"), "objection", ["package_id"])
    op.create_table(
        "plan",
        sa.Column("assessment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("approver", sa.String(length=300), nullable=False),
        sa.Column("sent_by", sa.String(length=60), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("approved_by", sa.String(length=60), nullable=True),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('draft', 'sent', 'approved')", name=op.f("ck_plan_state")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_plan_assessment_id_assessment")
        ),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_plan")),
    )
    op.create_table(
        "measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("deficiency", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Integer(), nullable=True),
        sa.Column("responsible", sa.String(length=300), nullable=False),
        sa.Column("dropped", sa.Text(), nullable=False),
        sa.Column("agreed", sa.JSON(), nullable=True),
        sa.Column("agreed_due_on", sa.Integer(), nullable=True),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_by", sa.String(length=60), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("section between 1 and 5", name=op.f("ck_measure_section")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["plan.assessment_id"], name=op.f("fk_measure_assessment_id_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
    )
    op.create_index(op.f("ix_measure_assessment_id"), "measure", ["assessment_id"])
    op.create_table(
        "measure_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("file", sa.String(length=80), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.String(length=60), nullable=False),
        sa.CheckConstraint("kind in ('photo', 'link')", name=op.f("ck_measure_proof_kind")),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_measure_proof_measure_id_measure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_proof")),
    )
    op.create_index(op.f("ix_measure_proof_measure_id"), "measure_proof", ["measure_id"])


def downgrade() -> None:
    """What the council decided goes with its tables; a curator may no longer sign in."""
    op.drop_table("measure_proof")
    op.drop_table("measure")
    op.drop_table("plan")
    op.drop_table("objection")
    op.drop_table("api_token")
    op.drop_table("vote")
    op.drop_table("release")
    op.drop_table("meeting")
    op.drop_table("old_report")
    for table, column in (
        ("remark", "closed_at"),
        ("remark", "closed_by"),
        ("remark", "figure"),
        ("remark", "code"),
        ("package", "objections_until"),
        ("user", "seat"),
    ):
        op.drop_column(table, column)
    op.execute("UPDATE \"user\" SET role = 'authority', active = false WHERE role = 'curator'")
    _allow(MORE_ROLES, ROLES)


def _allow(before: str, after: str) -> None:
    """Other roles. SQLite changes a check in the table's own text only, since others refer to the table.

    Such is the way of sqlite.org/lang_altertable.html, «making other kinds of table schema changes».
    """
    if op.get_bind().dialect.name != "sqlite":
        op.execute('ALTER TABLE "user" DROP CONSTRAINT ck_user_role')
        op.execute(f'ALTER TABLE "user" ADD CONSTRAINT ck_user_role CHECK (role in {after})')
        return
    bind = op.get_bind()
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = bind.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = 'user' AND instr(sql, ?) > 0",
        (f"role in {before}", f"role in {after}", f"role in {before}"),
    )
    if changed.rowcount != 1:
        raise RuntimeError("the check of user.role is not as migration 0001 made it")
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
