"""Handovers as tickets in Zammad (docs.zammad.org, REST API: POST and DELETE /api/v1/tickets)."""

from __future__ import annotations

from prescreen.delivery import http, message
from prescreen.delivery.message import DeliveryFailed, Names
from prescreen.handovers import Handover


class Zammad:
    """All tickets belong to one customer of the operator's, so that deleting the ticket leaves nothing of the person."""

    def __init__(self, *, names: Names, url: str, token: str, group: str, customer: str) -> None:
        self._names = names
        self._url = f"{http.checked(url)}/api/v1/tickets"
        self._headers = {"Authorization": f"Token token={token}"}
        self._fixed = {"group": group, "customer": customer}

    def send(self, id: str, handover: Handover) -> str:
        """A new ticket; the reference is its id."""
        subject = message.subject(handover, self._names)
        article = {
            "subject": subject,
            "body": message.text(handover, self._names),
            "type": "note",
            "content_type": "text/plain",
            "internal": True,
        }
        answer = http.call("POST", self._url, self._headers, json=self._fixed | {"title": subject, "article": article})
        return str(http.number(answer, "id"))

    def retract(self, id: str, code: str, reference: str) -> None:
        """Delete the ticket; one that is gone is well gone."""
        try:
            http.call("DELETE", f"{self._url}/{http.known(reference)}", self._headers)
        except DeliveryFailed as failure:
            if not http.gone(failure):
                raise
