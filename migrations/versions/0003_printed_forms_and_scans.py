"""Printed forms and scans"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


KINDS = "('answers', 'counters', 'checklists', 'keying')"
MORE_KINDS = "('answers', 'counters', 'checklists', 'keying', 'scans')"


def upgrade() -> None:
    """Make the tables of printed forms and of scans; a batch may hold scans."""
    _allow(KINDS, MORE_KINDS)
    op.create_table(
        "form_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("print", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("geometry", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["pinned.id"], name=op.f("fk_form_edition_questionnaire_id_pinned")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_edition")),
        sa.UniqueConstraint(
            "questionnaire_id", "sha256", name=op.f("uq_form_edition_questionnaire_id_sha256")
        ),
    )
    op.create_table(
        "paper_key",
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_paper_key_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_paper_key")),
    )
    op.create_table(
        "scan_batch",
        sa.Column("batch_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("filled_on", sa.Integer(), nullable=False),
        sa.Column("sample_share", sa.SmallInteger(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("destroy_on", sa.Integer(), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_scan_batch_batch_id_batch")),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_scan_batch")),
    )
    op.create_table(
        "print_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_print_run_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_print_run_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["form_edition.id"], name=op.f("fk_print_run_edition_id_form_edition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_run")),
        sa.UniqueConstraint("campaign_id", "first", name=op.f("uq_print_run_campaign_id_first")),
    )
    op.create_index(op.f("ix_print_run_assessment_id"), "print_run", ["assessment_id"])

    op.create_table(
        "scanned_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("copy", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("of_id", sa.Integer(), nullable=True),
        sa.Column("answers", sa.String(length=64), nullable=True),
        sa.Column("off_path", sa.SmallInteger(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'counted', 'repeated', 'spoiled')", name=op.f("ck_scanned_sheet_state")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["scan_batch.batch_id"], name=op.f("fk_scanned_sheet_batch_id_scan_batch")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_scanned_sheet_decided_by_user")),
        sa.ForeignKeyConstraint(
            ["of_id"], ["scanned_sheet.id"], name=op.f("fk_scanned_sheet_of_id_scanned_sheet")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["print_run.id"], name=op.f("fk_scanned_sheet_run_id_print_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scanned_sheet")),
    )
    op.create_index(op.f("ix_scanned_sheet_batch_id"), "scanned_sheet", ["batch_id"])
    op.create_index("ix_scanned_sheet_run_id_serial", "scanned_sheet", ["run_id", "serial"])

    op.create_table(
        "scanned_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=True),
        sa.Column("side", sa.SmallInteger(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("kept_as", sa.String(length=64), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["scan_batch.batch_id"], name=op.f("fk_scanned_page_batch_id_scan_batch")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["scanned_sheet.id"], name=op.f("fk_scanned_page_sheet_id_scanned_sheet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scanned_page")),
        sa.UniqueConstraint("batch_id", "file", "number", name=op.f("uq_scanned_page_batch_id_file_number")),
    )
    op.create_index(op.f("ix_scanned_page_sheet_id"), "scanned_page", ["sheet_id"])

    op.create_table(
        "doubt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=True),
        sa.Column("page_id", sa.Integer(), nullable=True),
        sa.Column("uncounted", sa.Boolean(), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("read", sa.String(length=60), nullable=True),
        sa.Column("held_by", sa.Integer(), nullable=True),
        sa.Column("held_until", sa.DateTime(), nullable=True),
        sa.Column("first", sa.String(length=60), nullable=True),
        sa.Column("decided", sa.String(length=60), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("final", sa.String(length=60), nullable=True),
        sa.Column("final_by", sa.Integer(), nullable=True),
        sa.Column("final_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("kind in ('doubt', 'words', 'sample')", name=op.f("ck_doubt_kind")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["scan_batch.batch_id"], name=op.f("fk_doubt_batch_id_scan_batch")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_doubt_decided_by_user")),
        sa.ForeignKeyConstraint(["final_by"], ["user.id"], name=op.f("fk_doubt_final_by_user")),
        sa.ForeignKeyConstraint(["held_by"], ["user.id"], name=op.f("fk_doubt_held_by_user")),
        sa.ForeignKeyConstraint(["page_id"], ["scanned_page.id"], name=op.f("fk_doubt_page_id_scanned_page")),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["scanned_sheet.id"], name=op.f("fk_doubt_sheet_id_scanned_sheet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt")),
        sa.UniqueConstraint("place", name=op.f("uq_doubt_place")),
        sa.UniqueConstraint("sheet_id", "question", name=op.f("uq_doubt_sheet_id_question")),
    )
    op.create_index("ix_doubt_batch_id_decided_by", "doubt", ["batch_id", "decided_by"])
    op.create_index(op.f("ix_doubt_sheet_id"), "doubt", ["sheet_id"])


def downgrade() -> None:
    """Batches of scans go with their tables; what they counted stays counted."""
    op.drop_table("doubt")
    op.drop_table("scanned_page")
    op.drop_table("scanned_sheet")
    op.drop_table("print_run")
    op.drop_table("scan_batch")
    op.drop_table("paper_key")
    op.drop_table("form_edition")
    op.execute(
        "UPDATE response SET batch_id = NULL WHERE batch_id IN (SELECT id FROM batch WHERE kind = 'scans')"
    )
    op.execute("DELETE FROM batch WHERE kind = 'scans'")
    _allow(MORE_KINDS, KINDS)


def _allow(before: str, after: str) -> None:
    """Other kinds of batches. SQLite changes a check in the table's own text only, since others refer to the table.

    Such is the way of sqlite.org/lang_altertable.html, «making other kinds of table schema changes».
    """
    if op.get_bind().dialect.name != "sqlite":
        op.execute("ALTER TABLE batch DROP CONSTRAINT ck_batch_kind")
        op.execute(f"ALTER TABLE batch ADD CONSTRAINT ck_batch_kind CHECK (kind in {after})")
        return
    bind = op.get_bind()
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = bind.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = 'batch' AND instr(sql, ?) > 0",
        (f"kind in {before}", f"kind in {after}", f"kind in {before}"),
    )
    if changed.rowcount != 1:
        raise RuntimeError("the check of batch.kind is not as migration 0002 made it")
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
