"""E-mail over SMTP, encrypted. The Message-ID is made of the letter's key, so a letter sent twice is known as one.

The subject is the sender's name and nothing else: it stands in the list on a locked screen. SMTP tells nobody what
became of a letter, so having handed it over is all that is known.
"""

import smtplib
import ssl
from email.message import EmailMessage

from django.conf import settings

from anxin.domains.notices.contracts import Delivery, Letter

TIMEOUT_SECONDS = 20


class SmtpEmail:
    """``ANXIN_EMAIL_GATEWAY=anxin.gateways.email.smtp.SmtpEmail``, with the ``ANXIN_SMTP_…`` settings."""

    name = "smtp"
    gives_receipts = False

    def send(self, letter: Letter) -> Delivery:
        """One letter to one address."""
        with _server() as server:
            if settings.ANXIN_SMTP_USER:
                server.login(settings.ANXIN_SMTP_USER, settings.ANXIN_SMTP_PASSWORD)
            try:
                server.send_message(_letter(letter))
            except smtplib.SMTPRecipientsRefused as refused:
                return Delivery(gateway=self.name, is_accepted=False, is_final=_is_for_good(refused))
        return Delivery(gateway=self.name, is_accepted=True)


def _letter(letter: Letter) -> EmailMessage:
    made = EmailMessage()
    made["From"] = settings.ANXIN_SMTP_FROM
    made["To"] = letter.to
    made["Subject"] = letter.sender
    made["Message-ID"] = f"<{letter.key}@{settings.ANXIN_SMTP_FROM.rpartition('@')[2].rstrip('>')}>"
    made.set_content(letter.text)
    return made


def _server() -> smtplib.SMTP:
    host, port = settings.ANXIN_SMTP_HOST, settings.ANXIN_SMTP_PORT
    if settings.ANXIN_SMTP_SECURITY == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    if settings.ANXIN_SMTP_SECURITY == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server


def _is_for_good(refused: smtplib.SMTPRecipientsRefused) -> bool:
    return all(500 <= code < 600 for code, _ in refused.recipients.values())
