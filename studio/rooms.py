"""Every room of this floor, in the order in which the application opens them; the command comes with the first."""

import studio.cli
import studio.desk
import studio.own

studio.desk.bp.cli.add_command(studio.cli.posters_command)

BLUEPRINTS = (studio.desk.bp, studio.own.bp)
