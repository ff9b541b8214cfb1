"""Every room of this floor, in the order in which the application opens them."""

import kiosk.device_views
import kiosk.dispute_views
import kiosk.files
import kiosk.views

BLUEPRINTS = (kiosk.device_views.bp, kiosk.views.bp, kiosk.views.own, kiosk.files.bp, kiosk.dispute_views.bp)
