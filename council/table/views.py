"""The table of a campaign and of a year, its file, one figure to the bottom, a photograph. Nothing here writes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import nok
from accounts import access, people
from accounts.models import Role
from council.shelf import decided_upon, read_inside
from council.table import figure as deep
from council.table import files, inspected, marks
from council.table.before import Before
from council.table.narrowing import NAME, Wanted, chosen, wanted
from council.table.rows import FLAGS, TOTAL, Cell, Known, Listed, Row, columns, titled
from documents.keeping import MIME
from surveys import handover, paging, proofs, queries
from surveys.db import db
from surveys.models import Assessment, Campaign
from surveys.refusals import NotFound, Refusal
from surveys.submissions import Package

bp = Blueprint("table", __name__, url_prefix="/council")
access.only(bp, Role.COUNCIL, Role.AUTHORITY, Role.CURATOR, Role.OPERATOR)

PAGE_SIZE = 50
ONE = "/campaigns/<int(max=2147483647):campaign_id>"
YEAR = "/table/<int(max=9999):year>"
CELL = f"{ONE}/table/<code>/<figure>"


@bp.get(f"{ONE}/table")
def campaign(campaign_id: int) -> ResponseReturnValue:
    """One campaign: every organisation, every figure."""
    found = access.campaign_seen(db.session(), campaign_id)
    return _Table([found]).page(found, None)


@bp.get(f"{ONE}/table.<any(csv, xlsx):sheet>")
def file(campaign_id: int, sheet: str) -> ResponseReturnValue:
    """The same as a spreadsheet, whole but for what is narrowed away."""
    found = access.campaign_seen(db.session(), campaign_id)
    return _Table([found]).file(sheet, found.title, f"tablica-{found.year}-{found.id}")


@bp.get(YEAR)
def year(year: int) -> ResponseReturnValue:
    """Every campaign of a year that the one who is signed in may see, in one table."""
    return _Table(_of_year(year)).page(None, year)


@bp.get(f"{YEAR}.<any(csv, xlsx):sheet>")
def year_file(year: int, sheet: str) -> ResponseReturnValue:
    """The same as a spreadsheet."""
    return _Table(_of_year(year)).file(
        sheet, _("Все организации, %(year)s год", year=year), f"tablica-{year}"
    )


@bp.get(CELL)
def figure(campaign_id: int, code: str, figure: str) -> ResponseReturnValue:
    """One figure: what it follows from and what is said of it."""
    session = db.session()
    seen = access.campaign_seen(session, campaign_id)
    listed = _listed(seen)
    one, assessment = listed.found.by_code.get(code), _assessment(seen, code)
    every = columns(listed.found.facts.norm, list(listed.found.facts.norm.criteria))
    if one is None or assessment is None or figure not in every:
        raise NotFound(f"{campaign_id}/{code}/{figure}")
    row = Row(one, listed)
    past = _past([row], every)
    remarks = deep.remarks(session, campaign_id, code, figure)
    return render_template(
        "council/figure.html",
        campaign=seen,
        row=row,
        standing=one,
        edition=listed.found.facts.norm,
        key=figure,
        cell=row.cell(figure, past),
        past=past.get(row.key),
        mean=listed.found.means.get(figure),
        depth=deep.depth(session, assessment, row, figure),
        cells={key: row.cell(key, past) for key in every},
        keys=every,
        titled=titled,
        remarks=remarks,
        form=deep.form(listed.package, code, figure),
        package=listed.package,
        of_package=decided_upon(seen, listed.package),
        names=people.names(session, [said.remark.author for said in remarks]),
    )


@bp.get(f"{ONE}/evidence/<int(max=2147483647):shown_id>")
def picture(campaign_id: int, shown_id: int) -> Response:
    """A photograph that proves an item of the inspection which the figures were taken from."""
    seen = access.campaign_seen(db.session(), campaign_id)
    found = inspected.proof(db.session(), seen.id, shown_id)
    if found is None:
        raise NotFound(str(shown_id))
    headers = {"Cache-Control": "no-store"}
    return Response(proofs.picture(found.file), headers=headers, mimetype="image/jpeg")


class _Table:
    """Campaigns whose organisations stand together, and what the address asks of them."""

    def __init__(self, campaigns: Sequence[Campaign]) -> None:
        self.refused: list[str] = []
        self.listed = [one for each in campaigns if (one := self._readable(each, len(campaigns) == 1))]
        if not self.listed:
            raise Refusal(
                _("Ни одну кампанию этого года показать нельзя: их правила изменились после закрепления.")
            )
        self.rows = [Row(one, each) for each in self.listed for one in each.found.standings]
        self.edition = self.listed[0].found.facts.norm
        every = columns(self.edition, list(self.edition.criteria))
        self.asked = wanted(request.args, every, self.edition.criteria)
        if len(self.listed) > 1 and "sort" not in request.args:
            self.asked = replace(self.asked, sort=NAME)  # places of two campaigns are not one order
        past = _past(self.rows, [TOTAL]) if self.asked.whole_past else {}
        self.found = chosen(self.rows, self.asked, past)
        self.keys = columns(self.edition, self.asked.opened)

    def _readable(self, campaign: Campaign, alone: bool) -> Listed | None:
        """Of many campaigns one whose rules changed is named and left out; alone it is a refusal."""
        try:
            return _listed(campaign)
        except (Refusal, nok.Refused):
            if alone:
                raise
            self.refused.append(campaign.title)
            return None

    def page(self, campaign: Campaign | None, year: int | None) -> str:
        """The page that the address asks for."""
        asked = self.asked

        def address(number: int) -> str:
            query = asked.query()
            return f"{request.path}{query}{'&' if query else '?'}page={number}"

        pages = paging.pages(paging.asked(request.args), len(self.found), PAGE_SIZE, address)
        shown = paging.cut(self.found, pages, PAGE_SIZE)
        past = _past(shown, self.keys)
        return render_template(
            "council/table.html",
            campaign=campaign,
            year=year,
            asked=asked,
            rows=[(row, self._cells(row, past), list(row.flags(past))) for row in shown],
            pages=pages,
            keys=self.keys,
            criteria=list(self.edition.criteria),
            every=columns(self.edition, list(self.edition.criteria)),
            titled=titled,
            flags=FLAGS,
            sectors=sorted({row.standing.sector for row in self.rows}),
            municipalities=sorted({row.standing.municipality for row in self.rows} - {""}),
            compared=self._compared(),
            refused=self.refused,
            of_package=self._package(campaign),
            links={kind: self._file(campaign, year, kind, asked) for kind in ("csv", "xlsx")},
            whole=len(self.rows),
        )

    def file(self, kind: str, title: str, name: str) -> Response:
        """The whole of what is asked for as a file."""
        past = _past(self.found, self.keys)
        if kind == "csv":
            content = files.csv(self.found, self.keys, past)
        else:
            places = self.listed[0].found.facts.practice.places
            about = _(
                "Организаций: %(count)s. Страница: %(path)s", count=len(self.found), path=request.full_path
            )
            content = files.xlsx(self.found, self.keys, past, title, about, places)
        headers = {
            "Content-Disposition": f'attachment; filename="{name}.{kind}"',
            "Cache-Control": "no-store",
        }
        return Response(content, headers=headers, content_type=MIME[kind])

    def _cells(self, row: Row, past: Known) -> list[Cell]:
        return [row.cell(key, past) for key in self.keys]

    def _compared(self) -> list[int]:
        return sorted({one.before.newest for one in self.listed if one.before.newest}, reverse=True)

    def _package(self, campaign: Campaign | None) -> Package | None:
        newest = self.listed[0].package
        return newest if campaign is not None and decided_upon(campaign, newest) else None

    def _file(self, campaign: Campaign | None, year: int | None, kind: str, asked: Wanted) -> str:
        if campaign is not None:
            return url_for(".file", campaign_id=campaign.id, sheet=kind) + asked.query()
        return url_for(".year_file", year=year, sheet=kind) + asked.query()


def _of_year(year: int) -> list[Campaign]:
    found = [one for one in access.campaigns_seen(db.session()) if one.year == year]
    if not found:
        raise NotFound(str(year))
    return found


def _listed(campaign: Campaign) -> Listed:
    session = db.session()
    newest = handover.latest(session, campaign.id)
    found = read_inside(campaign)
    reads_all = access.the_user().role != Role.OPERATOR
    marked = marks.of(session, campaign.id, newest, all_remarks=reads_all)
    return Listed(found, Before(session, campaign), marked, newest)


def _past(rows: Iterable[Row], keys: Collection[str]) -> Known:
    """Earlier figures of these rows, asked for once a campaign."""
    codes: defaultdict[int, list[str]] = defaultdict(list)
    listed = {}
    for row in rows:
        listed[row.facts.id] = row.listed
        codes[row.facts.id].append(row.standing.code)
    return {
        (number, code): told
        for number, one in listed.items()
        for code, told in one.before.of(codes[number], keys).items()
    }


def _assessment(campaign: Campaign, code: str) -> Assessment | None:
    session = db.session()
    found = queries.organization(session, code)
    return queries.assessment(session, campaign.id, found.id) if found else None
