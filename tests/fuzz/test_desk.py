"""The desk: forms, addresses and uploads of any content from somebody who is logged in, and from somebody who is not."""

from __future__ import annotations

import itertools
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import strategies as st

from prescreen.desk import screening
from prescreen.desk.app import ROUTES
from tests.fuzz.fuzz import fuzz
from tests.fuzz.inputs import damaged, raw, texts
from tests.prescreen.desk.conftest import Office, office

__all__ = ["office"]
# Not logging in and not changing the own password: each try costs the time of a password's hash, and locks the address.
PATHS = sorted({route.path for route in ROUTES} - {"/login", "/logout", "/account"})
FIELDS = "text name role lands password new again state note status topic land only page from to csrf since format".split()
names = st.one_of(
    st.sampled_from(["anna", "alle", "bayern", "DE-BE", "admin", "counsellor", "open", "csv", "1", "2026-02-30"]), texts
)
fields = st.dictionaries(st.one_of(st.sampled_from(FIELDS), texts), st.one_of(names, st.lists(names, max_size=3)), max_size=5)
# 503: the model of this desk is never ready, as its conftest says.
GOOD = {200, 303, 400, 403, 404, 405, 413, 503}


def _sendable(form: dict[str, Any]) -> dict[str, Any]:
    """What a form can hold: requests refuses halves of characters."""

    def whole(value: Any) -> Any:
        return [whole(one) for one in value] if isinstance(value, list) else value.encode("utf-8", "replace").decode()

    return {whole(name): whole(value) for name, value in form.items()}


def _filled(path: str, text: str) -> str:
    for part in ("<name>", "<id>", "<code>", "<file>"):
        path = path.replace(part, quote(text.encode("utf-8", "surrogatepass"), safe="") or "x")
    return path


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the model that never comes."""
    monkeypatch.setattr(screening, "_PATIENCE", 0.01)


def test_forms_and_addresses_of_an_admin(office: Office) -> None:
    visitor, count = office.visitor("bayern"), itertools.count()
    token = visitor.token()

    def entry(what: tuple[str, str, dict[str, Any], bool]) -> None:
        path, text, form, posts = what
        # Rights and passwords of the users of other tests stay; what is changed is a user of our own, who may not exist.
        address, form = _filled(path, text), _sendable(form)
        if posts and path == "/users":
            form["name"] = f"neu{next(count) % 50}"
        answer = visitor.post(address, form, token=token) if posts else visitor.get(address, params=form)
        assert answer.status_code in GOOD, (address, answer.status_code)
        assert "Traceback" not in answer.text

    fuzz(st.tuples(st.sampled_from(PATHS), names, fields, st.booleans()), entry)


def test_uploads(office: Office) -> None:
    visitor = office.visitor("anna")
    token = visitor.token()
    kinds = st.sampled_from([".csv", ".xlsx", ".jsonl", ".txt", ".eml", ".mbox", ".zip", ""])
    good = b"id;text\n1;Wer ber\xc3\xa4t mich?\n"

    def entry(what: tuple[str, str, bytes]) -> None:
        name, kind, content = what
        file = (name.encode("utf-8", "replace").decode() + kind, content, "application/octet-stream")
        answer = visitor.http.post(
            office.url + "/uploads", {"csrf": token}, files={"file": file}, allow_redirects=False, timeout=30
        )
        assert answer.status_code in GOOD, answer.status_code

    fuzz(st.tuples(texts, kinds, st.one_of(raw, damaged(good))), entry)


def test_bodies_cookies_and_headers_of_a_stranger(office: Office) -> None:
    visitor = office.visitor(None)
    latin = st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_characters="\x7f\x85\xa0"), max_size=40)
    kinds = st.sampled_from(
        ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "x"]
    )
    tokens = st.one_of(latin, st.sampled_from(["e30.e30.e30", "." * 3, "W1tb.W1tb.W1tb", "eyJhbGciOiJub25lIn0.e30."]))

    def entry(what: tuple[str, str, bytes, str, str, str]) -> None:
        path, text, body, kind, cookie, origin = what
        headers = {"Content-Type": kind, "Cookie": f"wegweiser_desk={cookie}; wegweiser_desk_login={cookie}", "Accept": origin}
        address = office.url + _filled(path, text)
        sent = {name: value.encode("latin-1") for name, value in headers.items()}
        answer = visitor.http.post(address, body, headers=sent, allow_redirects=False, timeout=30)
        assert answer.status_code in GOOD - {503}, (address, answer.status_code)

    paths = st.sampled_from([*PATHS, "/login", "/account"])
    fuzz(st.tuples(paths, names, raw, kinds, tokens, latin), entry)
