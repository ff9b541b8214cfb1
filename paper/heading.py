"""What a print run adds to a form: whose sheet it is, and the cover page that tells the staff what to do with them."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from paper import drawing, serials
from paper.packing import HEAD
from surveys import qr
from surveys.lettering import fitted

_TITLE_HEIGHT, _DEMO_HEIGHT = 8.6, 4.6
_TITLE_SIZES = (3.9, 3.5, 3.2, 2.9, 2.6, 2.4, 2.2, 2.05)
_NAME_SIZES = (5.6, 5.1, 4.6, 4.2, 3.8, 3.5, 3.2, 3.0, 2.8, 2.6)
_COVER_NAME = (9.0, 8.0, 7.0, 6.0, 5.2, 4.6)


@dataclass(frozen=True, slots=True)
class Run:
    """What is said about a print run on paper."""

    number: int
    campaign: int
    title: str
    organization: str
    code: str
    first: int
    count: int
    sides: int
    print: str
    demo: bool

    @property
    def last(self) -> int:
        """The highest serial."""
        return self.first + self.count - 1

    @property
    def papers(self) -> int:
        """Sheets of paper to one form: it is printed on both sides."""
        return (self.sides + 1) // 2


def head(run: Run) -> bytes:
    """A page with the organisation and the campaign, to be laid over the first side of each form."""
    left = HEAD.height - (_DEMO_HEIGHT if run.demo else 0)
    title = fitted(_plain(run.title), _TITLE_SIZES, HEAD.width, _TITLE_HEIGHT)
    name = fitted(_plain(run.organization), _NAME_SIZES, HEAD.width, left - title.height - 0.8)
    return drawing.written(
        drawing.rendered("form_head.html", spot=HEAD, title=title, name=name, demo=run.demo)
    )


def cover(run: Run) -> bytes:
    """Pages for the staff: how many sheets, how to print, hand out, collect, scan."""
    text = serials.cover(run.campaign, run.number)
    code = Markup(qr.svg(qr.checked(text), title="Код сопроводительного листа"))  # noqa: S704 - own markup
    name = fitted(_plain(run.organization), _COVER_NAME, 130, 40)
    return drawing.written(drawing.rendered("form_cover.html", run=run, name=name, code=code))


def _plain(text: str) -> str:
    return " ".join(text.split())
