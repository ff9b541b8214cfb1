"""Forms of signing a release's document."""

from pathlib import Path

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import PasswordField
from wtforms.validators import Length


class SignForm(FlaskForm):
    """A container with the council's key for this one act; none is asked for where the service was given one."""

    store = FileField(
        _l("Файл с ключом (.p12 или .pfx)"),
        [FileRequired(_l("Выберите файл с ключом."))],
        description=_l("Служба подпишет отчёт и тут же забудет и файл, и пароль: они нигде не сохраняются."),
    )
    password = PasswordField(_l("Пароль к нему"), [Length(max=200)])


class OwnForm(FlaskForm):
    """The service was given the council's key by its administrator."""


class BringForm(FlaskForm):
    """A signature made elsewhere."""

    signature = FileField(
        _l("Файл подписи (.sig или .p7s), до 256 КБ"),
        [FileRequired(_l("Выберите файл подписи."))],
        description=_l("Отсоединённая подпись именно под этим файлом отчёта."),
    )


def forms() -> dict[str, FlaskForm]:
    """Both forms as they are before anything is chosen."""
    sign = OwnForm(formdata=None) if own_store() else SignForm(formdata=None)
    return {"sign": sign, "bring": BringForm(formdata=None)}


def own_store() -> Path | None:
    """The council's own container, where the administrator named one."""
    told = current_app.config.get("SIGNING_FILE", "")
    return Path(told) if told else None
