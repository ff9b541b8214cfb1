"""Terminal: bytes in, UTF-8 out, whatever the locale; what went wrong is one line on standard error."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from nok.refusal import Refused, shown


def content(file: str | None, most: int | None = None) -> bytes:
    """A file's bytes, or those of standard input; no more than `most` and one. Raises Refused."""
    name = "стандартный ввод" if file in (None, "-") else shown(str(file), 200)
    size = -1 if most is None else most + 1
    try:
        if file in (None, "-"):
            return sys.stdin.buffer.read(size)
        with Path(str(file)).open("rb") as opened:
            return opened.read(size)
    except AttributeError:  # started with a closed standard input: sys.stdin is None
        raise Refused(name, "закрыт") from None
    except FileNotFoundError:
        raise Refused(name, "такого файла нет") from None
    except IsADirectoryError:
        raise Refused(name, "это папка, а нужен файл") from None
    except (OSError, ValueError) as error:
        raise Refused(name, f"не читается: {error}") from None


def write(pieces: Iterable[str]) -> int:
    """Exit code 0, or 1: a reader that left early is no news, a full disk is."""
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode("utf-8"))
        sys.stdout.flush()
    except BrokenPipeError:
        _hush()
        return 1
    except (OSError, AttributeError) as error:  # AttributeError: started with a closed standard output
        _hush()
        complain(f"ответ не записан: {getattr(error, 'strerror', None) or 'стандартный вывод закрыт'}")
        return 1
    return 0


def complain(text: str) -> None:
    """One line on standard error, if there is one."""
    if sys.stderr is not None:
        sys.stderr.buffer.write(f"nok: {text}\n".encode())
        sys.stderr.flush()


def _hush() -> None:
    """Give what is left in the buffer somewhere to go, or Python complains about it on the way out."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
