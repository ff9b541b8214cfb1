"""The command `nok`: what needs no service is answered without one, everything else by the application.

Importing the whole takes seconds; whoever checks a file waits for the check alone.
"""

import logging
import sys

import nok.__main__
import nok.checking
from documents.verify.file import verify_file


def main() -> int | None:
    """The console script; the exit code where the application was not needed."""
    name, words = sys.argv[1:2], sys.argv[2:]
    logging.captureWarnings(True)
    if name == ["verify"]:
        return nok.checking.main(words, verify_file)
    if name == ["indicators"]:
        return nok.__main__.main([*name, *words])
    from app import main as whole  # the very import that the lines above do without

    whole()
    return None
