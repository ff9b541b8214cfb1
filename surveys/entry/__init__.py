"""Coming to a form that asks for a pass: by a one-time code, by a one-time link, by signing in elsewhere."""
