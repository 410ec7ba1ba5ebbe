"""Handovers as mails over SMTP."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate

from prescreen.delivery import message
from prescreen.delivery.http import local
from prescreen.delivery.message import DeliveryFailed, Names
from prescreen.handovers import Handover

_SECURITY = ("starttls", "tls", "none")
# Seconds until a mail server that says nothing counts as gone.
_PATIENCE = 20


class Mail:
    """A mail a handover, over TLS unless the mail server is on this machine."""

    def __init__(
        self,
        *,
        names: Names,
        host: str,
        sender: str,
        receiver: str,
        port: int = 587,
        security: str = "starttls",
        user: str | None = None,
        password: str | None = None,
    ) -> None:
        if security not in _SECURITY:
            raise ValueError(f"security is „{security}“; it can be {', '.join(_SECURITY)}")
        if security == "none" and not local(host):
            raise ValueError("security: none is only for a mail server on this machine")
        self._names, self._host, self._port, self._security = names, host, int(port), security
        self._sender, self._receiver = sender, receiver
        self._login = (user, password or "") if user else None

    def send(self, id: str, handover: Handover) -> str:
        """Deliver; a mail cannot be taken back, so the reference is empty."""
        self._mail(id, message.subject(handover, self._names), message.text(handover, self._names))
        return ""

    def retract(self, id: str, code: str, reference: str) -> None:
        """Ask for deletion by mail, which is all that mail can do."""
        self._mail(id, f"Wegweiser: Bitte löschen, Übergabe {code}", message.deletion(code))

    def _mail(self, id: str, subject: str, text: str) -> None:
        mail = EmailMessage()
        mail["Subject"], mail["From"], mail["To"], mail["Date"] = subject, self._sender, self._receiver, formatdate()
        # The same for each try of a delivery: mail programs show such mails once.
        mail["Message-ID"] = f"<{id}@{self._sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text)
        try:
            with self._server() as server:
                server.send_message(mail)
        except smtplib.SMTPResponseException as error:
            raise DeliveryFailed(f"mail server: {error.smtp_code}", final=error.smtp_code >= 500) from error
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise DeliveryFailed(f"mail server refuses the receiver: {codes[0]}", final=min(codes) >= 500) from error
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryFailed(f"mail server: {type(error).__name__}") from error

    def _server(self) -> smtplib.SMTP:
        trust = ssl.create_default_context()
        if self._security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=_PATIENCE, context=trust)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=_PATIENCE)
        try:
            if self._security == "starttls":
                server.starttls(context=trust)
            if self._login:
                server.login(*self._login)
        except BaseException:
            server.close()
            raise
        return server
