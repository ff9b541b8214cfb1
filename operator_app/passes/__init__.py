"""Who may answer on a device of their own: everybody, whoever has a one-time code, whoever signs in."""
