"""The smallest Flask application: what the same server does when there is nothing to do."""

from flask import Flask


def create_app() -> Flask:
    """One page, eleven bytes."""
    app = Flask("hello")

    @app.get("/hello")
    def hello() -> str:
        return "hello world"

    return app
