"""The fixed words of collecting and sending, explained in the language of who reads."""

from listening.collectors.faults import explain
from listening.translate import Translator, mark

#: Why a mail did not leave, and which setting to look at, by how the word begins.
_REFUSALS = {
    "connection_refused": mark("nobody answers: LISTENING_SMTP_HOST, LISTENING_SMTP_PORT"),
    "timeout": mark("no answer in time: LISTENING_SMTP_HOST, LISTENING_SMTP_PORT, firewall"),
    "network_unreachable": mark("no such server, or no network: LISTENING_SMTP_HOST"),
    "connection_lost": mark("the server hung up: LISTENING_SMTP_PORT, LISTENING_SMTP_SECURITY"),
    "login_refused": mark("wrong login: LISTENING_SMTP_USER, LISTENING_SMTP_PASSWORD"),
    "certificate_invalid": mark("its certificate is not valid: LISTENING_SMTP_SECURITY"),
    "tls_failed": mark("no encrypted connection: LISTENING_SMTP_SECURITY"),
    "not_supported": mark("the server knows no encryption or login: LISTENING_SMTP_SECURITY"),
    "sender_refused": mark("the server refuses this sender: LISTENING_MAIL_FROM"),
    "recipient_refused_5": mark("the server does not know this address: recipients"),
    "recipient_refused": mark("the server wants to be asked again later"),
    "server_refused": mark("the server wants to be asked again later"),
    "protocol_error": mark("the server answers oddly: LISTENING_SMTP_PORT"),
    "message_refused": mark("the server refuses the text of the mail"),
    "invalid_address": mark("an address cannot be written to: recipients"),
    "spool_unwritable": mark("the folder of the mails cannot be written"),
}


def explain_reason(word: str | None, speak: Translator) -> str:
    """Return one line for a reason or fault, with the word itself for those who search for it."""
    if word is None:
        return ""
    try:
        return f"{speak.gettext(explain(word))} ({word})"
    except KeyError:  # written by a newer version than this one
        return word


def explain_refusal(word: str, speak: Translator) -> str:
    """Return one line for why a mail did not leave, with the word that the runbook explains."""
    for begin, sentence in _REFUSALS.items():
        if word.startswith(begin):
            return f"{speak.gettext(sentence)} ({word})"
    return word
