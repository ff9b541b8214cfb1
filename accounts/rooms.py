"""Every door of accounts, in the order in which the application opens them, and the commands beside them."""

import accounts.admin
import accounts.cli
import accounts.token_cli
import accounts.token_views
import accounts.views

BLUEPRINTS = (accounts.views.bp, accounts.admin.bp, accounts.token_views.bp)
COMMANDS = (accounts.cli.users, accounts.cli.trail, accounts.token_cli.tokens_group)
