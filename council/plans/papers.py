"""A plan outside the pages: the official form as PDF and DOCX, a table, the photographs of proofs."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from council.plans import doing
from council.plans.form import the_form
from council.plans.official import Paper, paper
from council.plans.plan_docx import plan_docx
from council.plans.reading import Sheet
from council.shelf import shelf
from documents.drawing import drawn
from documents.keeping import MIME
from surveys import inert, proofs
from surveys.models import Assessment


def file(assessment: Assessment, sheet: Sheet, kind: str) -> Response:
    """The plan as a file of this kind."""
    made, code = paper(assessment, sheet, the_form()), assessment.organization.code
    name = f"plan-{assessment.campaign.year}-{code}.{kind}"
    if kind == "csv":
        content = inert.table(table(made, sheet))
    elif kind == "docx":
        content = plan_docx(made)
    else:
        address = f"{current_app.config['BASE_URL']}/o/{code}/plan/{assessment.campaign.year}"
        figures: Mapping[str, Any] = made._asdict()
        content = shelf().document(
            address, figures, lambda: drawn("print/plan.html", address, "plan.css", paper=made)
        )
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, headers=headers, content_type=MIME[kind])


def table(made: Paper, sheet: Sheet) -> Iterator[list[str]]:
    """The plan for a spreadsheet: one line a measure, the section beside it, the state in words."""
    said = {(line.section, line.deficiency, line.text): line.said for line in sheet.kept}
    yield [_("Раздел"), *made.columns[:4], *made.columns[5:7], _("Состояние")]
    for number, part in enumerate(made.parts, 1):
        for one in part.rows:
            yield [part.title, *one, said[(number, one.deficiency, one.text)]]
        if not part.rows:
            yield [part.title, part.empty, "", "", "", "", "", ""]


def photo(session: Session, assessment: Assessment, proof_id: int) -> Response:
    """A photograph of the store, to those who may see the plan inside the service."""
    proof, _row = doing.of_plan(session, assessment, proof_id)
    headers = {"Cache-Control": "no-store"}
    return Response(proofs.picture(proof.file), headers=headers, mimetype="image/jpeg")
