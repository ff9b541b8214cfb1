"""The kiosk in an organisation's hall: devices and their pairing, what the screen is told, how its answers arrive."""
