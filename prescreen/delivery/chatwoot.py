"""Handovers as open conversations in Chatwoot (developers.chatwoot.com, Application API)."""

from __future__ import annotations

from prescreen.delivery import http, message
from prescreen.delivery.message import DeliveryFailed, Names
from prescreen.handovers import Handover


class Chatwoot:
    """A contact named by the code, a conversation of it, the handover as a private note in it."""

    def __init__(self, *, names: Names, url: str, token: str, account: int, inbox: int) -> None:
        self._names = names
        self._url = f"{http.checked(url)}/api/v1/accounts/{int(account)}"
        self._headers = {"api_access_token": str(token)}
        self._inbox = int(inbox)

    def send(self, id: str, handover: Handover) -> str:
        """The reference is the id of the contact: with it, its conversations are deleted too."""
        who = {"inbox_id": self._inbox, "name": f"Wegweiser {handover.code}", "identifier": f"wegweiser-{id}"}
        made = self._post("contacts", who)
        contact = http.number(made, "payload", "contact", "id")
        try:
            source = http.text(made, "payload", "contact_inbox", "source_id")
            conversation = {"source_id": source, "inbox_id": self._inbox, "contact_id": contact, "status": "open"}
            number = http.number(self._post("conversations", conversation), "id")
            note = {"content": message.text(handover, self._names), "message_type": "outgoing", "private": True}
            self._post(f"conversations/{number}/messages", note)
        except DeliveryFailed:
            # Half a delivery would stand in the way of the next try.
            self._delete(contact)
            raise
        return str(contact)

    def retract(self, id: str, code: str, reference: str) -> None:
        """Delete the contact with its conversations; one that is gone is well gone."""
        try:
            self._delete(int(http.known(reference)))
        except DeliveryFailed as failure:
            if not http.gone(failure):
                raise

    def _post(self, path: str, content: dict[str, object]) -> object:
        return http.call("POST", f"{self._url}/{path}", self._headers, json=content)

    def _delete(self, contact: int) -> None:
        http.call("DELETE", f"{self._url}/contacts/{contact}", self._headers)
