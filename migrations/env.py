"""Alembic's environment: runs inside the application, on its own engine."""

from alembic import context

import accounts.models
import surveys.models
from surveys.db import Base, db

TABLES = (accounts.models, surveys.models)  # imported so that autogenerate sees every table

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
