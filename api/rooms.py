"""Every door of programs, in the order in which the application opens them."""

import api.brought
import api.page
import api.published
from api import door

assert api.brought and api.published  # noqa: S101  # their views hang on the doors

BLUEPRINTS = (door.reading, door.filing, api.page.bp)
