"""A browser without JavaScript, as far as tests need one: cookies, forms with their token, pages as text."""

from __future__ import annotations

import re
from typing import Any

import requests

_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


class Visitor:
    """Visits the desk at `url`; redirects are shown, not followed."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.http.get(self.url + path, allow_redirects=False, timeout=30, **options)

    def post(
        self, path: str, form: dict[str, Any] | None = None, *, token: str | None = None, **options: Any
    ) -> requests.Response:
        """Send a form, with the token of our own pages unless another is given."""
        token = self.token() if token is None else token
        data = (form or {}) | {"csrf": token}
        return self.http.post(self.url + path, data=data, allow_redirects=False, timeout=30, **options)

    def token(self, path: str = "/account") -> str:
        """The token of the forms on a page; „“ where there is none."""
        found = _TOKEN.search(self.get(path).text)
        return found[1] if found else ""

    def log_in(self, name: str, password: str) -> requests.Response:
        return self.post("/login", {"name": name, "password": password}, token=self.token("/login"))
