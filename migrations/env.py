"""Alembic's environment: runs inside the application, on its own engine."""

from alembic import context

import accounts.models
import kiosk.tables
import operator_app.keying.tables
import operator_app.phone.tables
import operator_app.team.tables
import paper.tables
import surveys.batches
import surveys.comments
import surveys.jobs
import surveys.models
import surveys.opinions
import surveys.passes
import surveys.placement
import surveys.plans
import surveys.releases
import surveys.submissions
import surveys.visits
from surveys.db import Base, db

TABLES = (  # imported so that autogenerate sees every table
    accounts.models,
    kiosk.tables,
    operator_app.keying.tables,
    operator_app.phone.tables,
    operator_app.team.tables,
    paper.tables,
    surveys.batches,
    surveys.comments,
    surveys.jobs,
    surveys.models,
    surveys.passes,
    surveys.placement,
    surveys.plans,
    surveys.releases,
    surveys.submissions,
    surveys.visits,
)

with db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
