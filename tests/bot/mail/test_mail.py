"""Mail out: what a message is on the wire, and what each driver makes of each answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.mail.message import html_of, mail
from bot.mail.smtp import MailOff, Mails, Remembered, SmtpMail
from bot.wecom.errcodes import AnswerLost, Never, NotNow
from tests.support.ports import kept_ports
from tests.support.smtp import MailServer, mail_server

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
WANG = "wang@xinghe.example"


def letter(to: str = WANG, **more: Any) -> dict[str, Any]:
    words = "**升级**\n[点此确认](http://desk.example/ack/m/x)"
    return mail(to, "【系统升级通知 N1】收银台", words, message_id="<n1@desk.example>", at=AT, **more)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def smtp(server: MailServer) -> Iterator[SmtpMail]:
    driver = SmtpMail(server.url, "服务台 <desk@desk.example>", timeout=60)
    yield driver
    driver.close()


@pytest.fixture(params=["smtp", "remembered"])
def mails(request: pytest.FixtureRequest, server: MailServer, smtp: SmtpMail) -> Mails:
    """Each driver, for which nobody@ is nobody."""
    server.refused.add("nobody@xinghe.example")
    return smtp if request.param == "smtp" else Remembered(refused={"nobody@xinghe.example"})


def test_a_mail_is_taken_under_its_own_message_id(mails: Mails) -> None:
    assert mails.send(letter()) == "<n1@desk.example>"


def test_an_address_that_is_refused_is_never_and_says_what_the_server_said(mails: Mails) -> None:
    with pytest.raises(Never, match=r"refuses nobody@xinghe\.example: 550"):
        mails.send(letter("nobody@xinghe.example"))


def test_after_a_refusal_the_next_one_goes(mails: Mails) -> None:
    with pytest.raises(Never):
        mails.send(letter("nobody@xinghe.example"))

    assert mails.send(letter())


def test_without_a_server_nothing_is_sent() -> None:
    with pytest.raises(Never, match="SMTP_URL is not set"):
        MailOff().send(letter())


def test_on_the_wire_it_is_text_and_html_in_a_thread(server: MailServer, smtp: SmtpMail) -> None:
    smtp.send(letter(references=("<n0@desk.example>",)))

    (got,) = server.taken
    assert got["Subject"] == "【系统升级通知 N1】收银台"
    assert got["From"] == "服务台 <desk@desk.example>"
    assert got["Message-ID"] == "<n1@desk.example>"
    assert (got["In-Reply-To"], got["References"]) == ("<n0@desk.example>", "<n0@desk.example>")
    assert got["Auto-Submitted"] == "auto-generated"
    text, html = (got.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert "点此确认 http://desk.example/ack/m/x" in text.get_content()
    assert '<a href="http://desk.example/ack/m/x">点此确认</a>' in html.get_content()


def test_what_there_is_to_do_is_a_button_and_other_links_are_links() -> None:
    address = "http://desk.example/ack/m/x"
    html = letter(action=address)["html"]

    assert re.search(rf'<a style="[^"]*background:#2b59d9[^"]*" href="{address}">点此确认</a>', html)
    assert f'<a href="{address}">' in letter()["html"]


def test_a_server_that_is_busy_is_asked_later(server: MailServer, smtp: SmtpMail) -> None:
    server.busy.add(WANG)
    with pytest.raises(NotNow, match="450"):
        smtp.send(letter())


@pytest.mark.parametrize(
    ("answer", "error"), [("452 full", NotNow), ("554 spam", Never), ("drop", AnswerLost)]
)
def test_what_becomes_of_a_mails_content(
    server: MailServer, smtp: SmtpMail, answer: str, error: type[Exception]
) -> None:
    server.data = answer
    with pytest.raises(error):
        smtp.send(letter())
    server.data = ""

    assert smtp.send(letter())


def test_nobody_there_is_not_now() -> None:
    with kept_ports() as port, pytest.raises(NotNow, match="no connection"):
        SmtpMail(f"smtp://127.0.0.1:{port}", "desk@desk.example", timeout=2).send(letter())


def test_a_password_goes_out_under_tls_only(server: MailServer) -> None:
    driver = SmtpMail(f"smtp://desk:secret@127.0.0.1:{server.port}", "desk@desk.example", timeout=60)
    with pytest.raises(NotNow, match="no TLS") as refused:
        driver.send(letter())

    assert "secret" not in str(refused.value)


def test_raw_html_is_shown_as_it_was_written_and_no_picture_loads() -> None:
    html = html_of("<script>x</script> ![p](http://spy.example/p.png)")

    assert "<script" not in html
    assert "<img" not in html
