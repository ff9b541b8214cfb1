"""Every room of the council's floor, in the order in which the application opens them, and its commands."""

import council.approval.own
import council.approval.report
import council.approval.signing
import council.approval.views
import council.cli
import council.old_reports
import council.opinions.views
import council.organization
import council.packages
import council.papers
import council.placement.cli
import council.placement.own
import council.placement.regions
import council.placement.views
import council.placement.wall
import council.plans.desk
import council.plans.lines
import council.plans.open
import council.plans.own
import council.portal.machines
import council.portal.opendata
import council.portal.pages
import council.public
import council.signed
import council.spoken
import council.table.views
import council.verifying
import council.versions
import council.views
import council.widget.views

BLUEPRINTS = (
    council.views.bp,
    council.table.views.bp,
    council.packages.bp,
    council.packages.deciding,
    council.approval.views.bp,
    council.approval.views.acting,
    council.approval.views.releasing,
    council.approval.own.bp,
    council.approval.report.bp,
    council.approval.report.drawing,
    council.approval.signing.bp,
    council.signed.bp,
    council.papers.bp,
    council.papers.own,
    council.old_reports.bp,
    council.organization.bp,
    council.plans.own.bp,
    council.plans.desk.bp,
    council.plans.desk.deciding,
    council.plans.open.bp,
    council.opinions.views.bp,
    council.spoken.bp,
    council.spoken.own,
    council.public.bp,
    council.portal.pages.bp,
    council.portal.opendata.bp,
    council.portal.machines.bp,
    council.verifying.bp,
    council.placement.wall.bp,
    council.placement.views.bp,
    council.placement.views.acting,
    council.placement.regions.bp,
    council.placement.own.bp,
    council.widget.views.bp,
    council.widget.views.own,
    council.widget.views.desk,
)

COMMANDS = (council.cli.results_command, council.placement.cli.placement_group)
