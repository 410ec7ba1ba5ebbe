"""The floor: a server of the same kind that only sends back what it got. `python -m bench.floor PORT`."""

from __future__ import annotations

import sys

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json


def app() -> Sanic:
    echo = Sanic("floor")

    @echo.get("/health")
    async def health(_: Request) -> HTTPResponse:
        return json({})

    @echo.post("/message")
    async def message(request: Request) -> HTTPResponse:
        return json({"text": request.json["text"]})

    return echo


if __name__ == "__main__":
    app().run(host="127.0.0.1", port=int(sys.argv[1]), access_log=False, motd=False)
