"""What is copied into a site: a link with a picture first, a script that adds nothing else second."""

from collections.abc import Callable
from typing import NamedTuple

from flask import current_app
from markupsafe import escape

from council.widget.drawing import SHAPES
from council.widget.saying import Said

AUTO = "auto"


class Choice(NamedTuple):
    """How the widget should look: its shape, its colours (AUTO: as the visitor's device), its kind of picture."""

    shape: str
    colour: str
    kind: str


def address(said: Said, shape: str, colour: str, kind: str) -> str:
    """Where the service gives the picture."""
    return f"{current_app.config['BASE_URL']}/o/{said.code}/widget-{shape}-{colour}.{kind}"


def script_address(said: Said) -> str:
    """Where the service gives the script."""
    return f"{current_app.config['BASE_URL']}/o/{said.code}/widget.js"


def file_name(said: Said, choice: Choice, colour: str) -> str:
    """What the picture is called when it is saved; the script knows a dark one by its name."""
    return f"nok-{said.code}-{choice.shape}-{colour}.{choice.kind}"


def linked(said: Said, choice: Choice) -> str:
    """The link with the picture that the service gives; no cookie goes with it, and no word of the page it is on."""
    more = ' crossorigin="anonymous" referrerpolicy="no-referrer"'
    return _link(said, choice, lambda colour: address(said, choice.shape, colour, choice.kind), more)


def scripted(said: Said, choice: Choice) -> str:
    """The same with the script after it."""
    where = escape(script_address(said))
    return (
        f"{linked(said, choice)}\n"
        f'<script src="{where}" async crossorigin="anonymous" referrerpolicy="no-referrer"></script>'
    )


def hosted(said: Said, choice: Choice) -> str:
    """The link with the picture that lies on the site itself, at its root."""
    return _link(said, choice, lambda colour: f"/{file_name(said, choice, colour)}", "")


def colours(choice: Choice) -> tuple[str, ...]:
    """Which pictures a choice needs."""
    return ("light", "dark") if choice.colour == AUTO else (choice.colour,)


def _link(said: Said, choice: Choice, place: Callable[[str], str], more: str) -> str:
    form = SHAPES[choice.shape]
    shown = "light" if choice.colour == AUTO else choice.colour
    picture = (
        f'<img src="{escape(place(shown))}" width="{form.width}" height="{form.height}"'
        f' alt="{escape(said.alt)}" loading="lazy"{more}>'
    )
    if choice.colour == AUTO:
        dark = f'<source srcset="{escape(place("dark"))}" media="(prefers-color-scheme: dark)">'
        picture = f"<picture>{dark}{picture}</picture>"
    return f'<a href="{escape(said.survey)}" target="_blank" rel="noopener">{picture}</a>'
