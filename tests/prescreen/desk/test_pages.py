"""The pages as a counsellor uses them, over HTTP and without JavaScript."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from prescreen.desk import screening
from prescreen.desk.app import HEADERS, ROUTES
from prescreen.desk.uploads import AT_ONCE
from tests.prescreen.desk.conftest import PASSWORD, Office

pytestmark = pytest.mark.assistant
PAGES = [route.path for route in ROUTES if route.method == "GET" and "<" not in route.path]


def test_a_counsellor_takes_a_handover_notes_and_ends_it(office: Office) -> None:
    code = office.handover("a talk")
    anna = office.visitor("anna")
    assert code in anna.get("/handovers").text and code not in anna.get("/handovers?state=done").text
    page = anna.get(f"/handovers/{code}").text
    assert "lina@example.org" in page and "„Ja.“" in page and "Übernehmen" in page
    assert anna.post(f"/handovers/{code}/state", {"state": "taken"}).status_code == 303
    assert anna.post(f"/handovers/{code}/notes", {"text": "Angerufen <i>um</i> 10 Uhr"}).status_code == 303
    page = anna.get(f"/handovers/{code}").text
    assert "Angerufen &lt;i&gt;um&lt;/i&gt; 10 Uhr" in page and "Erledigt" in page
    assert "bert" not in page and "anna arbeitet" in office.visitor("bert").get(f"/handovers/{code}").text
    anna.post(f"/handovers/{code}/state", {"state": "done"})
    assert code in anna.get("/handovers?state=done").text
    actions = [action for _, name, action, subject in office.desk.accounts.audit(["anna"]) if subject == code]
    assert set(actions) >= {"handover read", "handover taken", "note", "handover done"}


def test_what_a_person_wrote_is_text_and_never_part_of_the_page(office: Office) -> None:
    code = office.handover("<script>alert(1)</script>")
    page = office.visitor("anna").get(f"/handovers/{code}").text
    assert "<script" not in page and "&lt;script&gt;" in page


def test_an_admin_deletes_everything_of_a_talk(office: Office) -> None:
    code = office.handover("to delete")
    berlin = office.visitor("berlin")
    assert berlin.post(f"/handovers/{code}/delete", {"sure": code}).headers["Location"] == "/handovers"
    assert berlin.get(f"/handovers/{code}").status_code == 404
    assert office.desk.handovers.of("to delete") == [] and len(office.desk.handovers.proofs("to delete")) == 1


def test_an_admin_makes_changes_and_stops_a_user_of_the_office(office: Office) -> None:
    berlin = office.visitor("berlin")
    form = {"name": "carla", "password": PASSWORD, "role": "counsellor", "lands": ["DE-BE", "DE-BB"]}
    assert berlin.post("/users", form).headers["Location"] == "/users"
    page = berlin.get("/users").text
    assert "carla" in page and "bayern" not in page.replace("Bayern", "")
    carla = office.visitor(None)
    assert carla.log_in("carla", PASSWORD).headers["Location"] == "/"
    berlin.post("/users/carla/password", {"password": "vier grüne Lampen"})
    assert carla.get("/").headers["Location"] == "/login"
    assert carla.log_in("carla", "vier grüne Lampen").headers["Location"] == "/"
    berlin.post("/users/carla", {"role": "counsellor", "lands": ["DE-BE"]})
    assert carla.get("/").headers["Location"] == "/login"
    assert carla.log_in("carla", "vier grüne Lampen").status_code == 403


def test_an_own_password_is_changed_and_asks_to_log_in_anew(office: Office) -> None:
    office.desk.accounts.add("dora", PASSWORD, "counsellor", ["DE-BE"])
    dora, new = office.visitor(None), "fünf rote Kannen"
    dora.log_in("dora", PASSWORD)
    assert dora.post("/account", {"old": PASSWORD, "new": new, "again": new}).headers["Location"] == "/login"
    assert dora.get("/").headers["Location"] == "/login"
    assert dora.log_in("dora", PASSWORD).status_code == 403 and dora.log_in("dora", new).headers["Location"] == "/"


def test_an_admin_sees_what_did_not_arrive_and_has_it_tried_again(office: Office) -> None:
    code = office.handover("undelivered", "DE-BB")
    office.desk.outbox._route()
    with office.desk.handovers.database.write() as connection:
        connection.exec_driver_sql(f"UPDATE deliveries SET state = 'dead', error = 'answer 401' WHERE code = '{code}'")
    berlin = office.visitor("berlin")
    page = berlin.get("/deliveries").text
    assert code in page and "answer 401" in page
    (dead,) = [d for d in office.desk.outbox.list("dead") if d.code == code]
    assert berlin.post(f"/deliveries/{dead.id}").headers["Location"] == "/deliveries"
    assert code in [d.code for d in office.desk.outbox.list("waiting")]


def test_the_audit_log_shows_an_admin_only_the_own_office(office: Office) -> None:
    office.visitor("bayern").get("/handovers/BBBBBBBB")
    office.visitor(None).log_in("unbekannt", "falsch")
    berlin, everything = office.visitor("berlin").get("/audit").text, office.visitor("alle").get("/audit").text
    assert ">bayern<" not in berlin and ">unbekannt<" not in berlin
    assert ">bayern<" in everything and ">unbekannt<" in everything and PASSWORD not in everything


def test_while_the_model_loads_the_page_says_so(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "_PATIENCE", 0.01)
    answer = office.visitor("anna").post("/", {"text": "Kiel"})
    assert answer.status_code == 503 and "lädt noch" in answer.text


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.exe", b"MZ", "Möglich sind"),
        ("a", b"text", "Möglich sind"),
        ("a.txt", b"", "keine Anfrage"),
        ("a.txt", b"  \n\n", "keine Anfrage"),
        ("a.xlsx", b"no workbook", "beschädigt"),
        ("a.txt", b"Kiel\n" * 5001, "mehr als 5000"),
        ("../../a.exe", b"x", "Möglich sind"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained(office: Office, name: str, content: bytes, why: str) -> None:
    answer = office.visitor("anna").post("/uploads", files={"file": (name, content)})
    assert answer.status_code == 400 and why in answer.text


def test_a_user_has_a_few_files_worked_on_at_once(office: Office) -> None:
    office.desk.accounts.add("emil", PASSWORD, "counsellor", ["DE-BE"])
    emil = office.visitor(None)
    emil.log_in("emil", PASSWORD)
    answers = [emil.post("/uploads", files={"file": ("a.txt", b"Kiel\n")}) for _ in range(AT_ONCE + 1)]
    assert [answer.status_code for answer in answers] == [303] * AT_ONCE + [400] and "warten" in answers[-1].text


def test_a_request_that_is_too_large_is_refused(office: Office) -> None:
    answer = office.visitor("anna").post("/uploads", files={"file": ("a.txt", b"x" * 12_500_000)})
    assert answer.status_code == 413 and "zu groß" in answer.text


@pytest.mark.parametrize("path", ["/login", "/nowhere", "/desk.css", "/", "/users"])
def test_every_answer_has_the_headers_that_keep_others_out(office: Office, path: str) -> None:
    answer = office.visitor(None).get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "script" not in HEADERS["Content-Security-Policy"] and "unsafe" not in HEADERS["Content-Security-Policy"]


def test_the_cookies_are_for_the_server_alone(office: Office) -> None:
    visitor = office.visitor(None)
    for answer in (visitor.get("/login"), visitor.log_in("anna", PASSWORD)):
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie


class Outline(HTMLParser):
    """What of a page the tests of accessibility look at."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.labels: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.ids: list[str] = []
        self.images: list[str | None] = []
        self.within_label = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "label":
            self.within_label += 1
            self.labels.add(found.get("for") or "")
        if tag in ("input", "select", "textarea") and found.get("type") != "hidden" and not self.within_label:
            self.fields.append(found)
        if tag == "img":
            self.images.append(found.get("alt"))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        assert not any(name.startswith("on") or name == "style" for name in found), "the policy would stop it"

    def handle_endtag(self, tag: str) -> None:
        self.within_label -= tag == "label"


@pytest.mark.parametrize("path", [*PAGES, "/handovers/{code}", "/nowhere"])
def test_pages_have_one_heading_labels_and_a_language(office: Office, path: str) -> None:
    code = office.handover("outline")
    text = office.visitor("alle" if path != "/login" else None).get(path.format(code=code)).text
    outline = Outline()
    outline.feed(text)
    assert '<html lang="de">' in text and 'name="viewport"' in text and "<script" not in text
    assert outline.headings[0] == 1 and outline.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(outline.headings, outline.headings[1:]))
    assert [field for field in outline.fields if field.get("id") not in outline.labels] == []
    assert len(outline.ids) == len(set(outline.ids)) and all(outline.images)
