"""Which form a code names: its run of printing, its places, its questionnaire; asked once, then remembered."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from paper.geometry import Geometry
from paper.serials import PageCode
from paper.tables import FormEdition, PrintRun
from surveys import library
from surveys.models import Assessment, Pinned
from surveys.questionnaire import Questionnaire

MOST_REMEMBERED = 64
_geometries: dict[tuple[str, ...], Geometry] = {}


@dataclass(frozen=True, slots=True)
class Form:
    """A run of sheets, with all that reading and counting ask of it."""

    run_id: int
    campaign_id: int
    assessment_id: int
    organization: str
    questionnaire_id: int
    questionnaire: Questionnaire
    geometry: Geometry
    first: int
    count: int
    salt: bytes

    def printed(self, code: PageCode) -> bool:
        """Is this a page of the run: its number, its side, and the check that only the run could make?"""
        here = self.first <= code.serial < self.first + self.count and code.campaign == self.campaign_id
        named = code.organization in ("", self.organization)
        return here and named and self.geometry.side(code.side) is not None and code.is_true(self.salt)


class Forms:
    """Forms of any campaign by the codes of their pages."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: dict[int, Form] = {}

    def of(self, code: PageCode) -> Form | None:
        """The form that was printed with this code; None for a code that this service never printed."""
        for form in self._found.values():
            if form.printed(code):
                return form
        run = self._session.scalar(
            select(PrintRun).where(
                PrintRun.campaign_id == code.campaign,
                PrintRun.first <= code.serial,
                PrintRun.first + PrintRun.count > code.serial,
            )
        )
        if run is None:
            return None
        form = self.by_run(run.id)
        return form if form.printed(code) else None

    def by_run(self, run_id: int) -> Form:
        """The form of a run."""
        if run_id not in self._found:
            self._found[run_id] = form_of(self._session, run_id)
        return self._found[run_id]

    def resolve(self, code: PageCode) -> Geometry | None:
        """As the reader asks."""
        form = self.of(code)
        return form.geometry if form else None


def form_of(session: Session, run_id: int) -> Form:
    """The form of a run."""
    run = session.get_one(PrintRun, run_id)
    edition = session.get_one(FormEdition, run.edition_id)
    assessment = session.get_one(Assessment, run.assessment_id)
    pinned = session.get_one(Pinned, edition.questionnaire_id)
    return Form(
        run_id=run.id,
        campaign_id=run.campaign_id,
        assessment_id=run.assessment_id,
        organization=assessment.organization.code,
        questionnaire_id=pinned.id,
        questionnaire=library.pinned(pinned.name, pinned.sha256),
        geometry=_geometry(edition),
        first=run.first,
        count=run.count,
        salt=bytes(run.salt),
    )


def _geometry(edition: FormEdition) -> Geometry:
    # the hash is of the places alone: other words may stand at the same ones
    key = (edition.sha256, *(side.get("printed", "") for side in edition.geometry["sides"]))
    if key not in _geometries:
        if len(_geometries) >= MOST_REMEMBERED:
            _geometries.clear()
        _geometries[key] = Geometry.from_dict(edition.geometry)
    return _geometries[key]
