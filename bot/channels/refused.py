"""A request of the website that gets an error answer: a status, a code for programs, a German sentence for people."""

from __future__ import annotations

from typing import Any

from sanic.response import HTTPResponse, json

from knowledge import store


class Refused(Exception):
    """`text` names the sentence in knowledge/data/texts.yml, `values` fill its places."""

    def __init__(self, status: int, code: str, text: str, **values: Any) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = store.current().texts[text].format(**values)
        self.headers: dict[str, str] = {}

    def response(self) -> HTTPResponse:
        return json({"error": {"code": self.code, "message": self.message}}, status=self.status, headers=self.headers)
