"""The action server: `python -m actions --port N`. Listens on loopback and never shows a talk in an error."""

from __future__ import annotations

import argparse

from rasa_sdk.endpoint import create_app
from sanic.request import Request
from sanic.response import HTTPResponse, json

import actions
from bot import logs
from bot.settings import Settings
from knowledge import prepared, store


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    prepared.keep_in(Settings.read().prepared)
    # Read now, so that broken knowledge stops the start and not the first question.
    store.current()
    app = create_app(actions, cors_origins=[])
    logs.configure(Settings.read())  # behind Sanic, which brings handlers of its own

    async def hide(_: Request, __: Exception) -> HTTPResponse:
        """Rasa's own handler would send the whole talk back in the error."""
        return json({"error": "the action failed"}, status=500)

    app.error_handler.add(Exception, hide)
    app.run(host="127.0.0.1", port=port, access_log=False, motd=False)


if __name__ == "__main__":
    main()
