"""The script of the widget: what stands in static/js/widget.js, called with this organisation's words.

Everything comes in the one file, so a site that lets it in need let nothing else in: no request follows it.
"""

import json
from functools import cache
from pathlib import Path

from flask_babel import gettext as _

from council.widget import drawing
from council.widget.saying import Said
from surveys import qr
from surveys.press import faces

SOURCE = Path(__file__).resolve().parent.parent.parent / "static" / "js" / "widget.js"
#: Words of a widget lie in a shadow tree: nothing of the site's own styles reaches them, and nothing gets out.
STYLES = """
:host{display:inline-block;max-width:100%;vertical-align:top}
.card{box-sizing:border-box;display:flex;gap:12px;max-width:100%;padding:12px;border:1px solid var(--edge);
border-radius:10px;background:var(--ground);color:var(--ink);font:400 15px/1.3 sans-serif;text-align:left;
overflow-wrap:anywhere}
.wide{width:540px;min-height:220px}.tall{width:280px;min-height:460px;flex-direction:column;align-items:center}
.code{flex:none;width:196px;height:196px;background:#fff}.tall .code{width:216px;height:216px}
.words{display:flex;flex-direction:column;flex:1;min-width:0;align-self:stretch}.words>*{display:block}
.heading{margin-bottom:6px;font-size:20px;font-weight:600;text-decoration:underline}.name{margin-bottom:auto}
.label{padding-top:12px;color:var(--quiet);font-size:14px}
.figure{color:var(--brand);font-size:26px;font-weight:700}.demo{color:var(--warn);font-size:13px;font-weight:600}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media(max-width:480px){.wide{flex-direction:column;width:280px;align-items:center}}
"""


def source(said: Said) -> str:
    """The script as it is served."""
    told = {
        "survey": said.survey,
        "heading": said.heading,
        "name": faces.plain(said.name),
        "label": said.label,
        "figure": said.figure,
        "demo": said.demo,
        "tab": _("Откроется в новой вкладке."),
        "side": qr.side(said.survey),
        "path": drawing.code_path(said),
        "styles": _styles(),
    }
    return f"{SOURCE.read_text('utf-8').rstrip()}({json.dumps(told)});\n"


@cache
def _styles() -> str:
    paints = {name: _paint(name) for name in drawing.COLOURS}
    night = f"@media(prefers-color-scheme:dark){{.auto{paints['dark']}}}"
    return f".light,.auto{paints['light']}.dark{paints['dark']}{night}{STYLES}"


def _paint(name: str) -> str:
    told = "".join(f"--{part}:{value};" for part, value in drawing.COLOURS[name]._asdict().items())
    return f"{{{told}}}"
