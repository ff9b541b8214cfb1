"""Every section of the operator's desk, in the order in which the application opens them."""

import operator_app.comments.views
import operator_app.files.views
import operator_app.handover.views
import operator_app.inspections.field
import operator_app.inspections.review
import operator_app.inspections.views
import operator_app.inspections.waiting
import operator_app.jobs
import operator_app.keying.views
import operator_app.old_reports.views
import operator_app.passes.views
import operator_app.phone.views
import operator_app.sample.views
import operator_app.scans.views
import operator_app.setup.views
import operator_app.team.views
import operator_app.views

BLUEPRINTS = (
    operator_app.views.bp,
    operator_app.setup.views.bp,
    operator_app.jobs.bp,
    operator_app.files.views.bp,
    operator_app.old_reports.views.bp,
    operator_app.phone.views.bp,
    operator_app.keying.views.bp,
    operator_app.scans.views.bp,
    operator_app.inspections.views.bp,
    operator_app.inspections.field.bp,
    operator_app.comments.views.bp,
    operator_app.sample.views.bp,
    operator_app.passes.views.bp,
    operator_app.team.views.bp,
    operator_app.handover.views.bp,
)
