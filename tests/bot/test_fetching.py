"""Fetching pictures: once, whatever dies on the way; later, where WeCom is busy; never, where it is gone."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.fetching import CLAIM, Fetching
from bot.sql.retention import prune
from bot.sql.unit import FETCH
from bot.wecom.errcodes import NotNow
from bot.wecom.media import Fetched, Gone, TooMuch
from tests.bot.office import Killed, Office, minute, second
from tests.support.pictures import PDF, jpeg
from tests.workorders.orders.stage import AGREEMENT
from workorders.attachments.attachment import HELD, Attached, Attachment, AttachmentState, Brought
from workorders.attachments.desk import Arriving
from workorders.attachments.errors import NoSuchAttachment
from workorders.orders.order import Kind, Verb
from workorders.sql.tables import letter

PICTURE = jpeg()


def sent(office: Office, *refs: str, by: str = "xiaowang", chat: str | None = None) -> Brought:
    """Somebody sends pictures; nothing is fetched yet."""
    with office.units.begin() as unit:
        arriving = tuple(Arriving("picture", ref, "", office.now + 5 * minute) for ref in refs)
        return office.uses.attachments(unit).brought("aibot", by, chat, arriving)


def reported(office: Office, *refs: str) -> int:
    """小王 reports a fault with pictures; the order's number."""
    with office.units.begin() as unit:
        arriving = tuple(Arriving("picture", ref, "", office.now + 5 * minute) for ref in refs)
        brought = office.uses.attachments(unit).brought("aibot", "xiaowang", None, arriving)
        desk = office.uses.orders(unit, brought=brought)
        return desk.open(Kind.DAILY, "刷卡机报错", unit.directory.person("xiaowang")).number


def of(office: Office, id: int = 1) -> Attachment:
    with office.units.reading() as unit:
        found = unit.attachments.read(id)
    assert found is not None
    return found


def letters(office: Office) -> Sequence[str]:
    with office.units.reading() as unit:
        rows = unit.conn.execute(select(letter.c.kind).where(letter.c.subject.like("attachment:%")))
        return list(rows.scalars())


def first(brought: Brought) -> int:
    return brought.own.ids[0]


def test_a_picture_wakes_somebody_who_fetches_it(office: Office) -> None:
    office.shelf.held["u1"] = PICTURE

    id = first(sent(office, "u1"))
    assert office.woken == [f"{FETCH}{id}"]
    office.fetching.fetch(id)

    kept = of(office, id)
    assert (kept.state, kept.type, kept.ref) == (AttachmentState.KEPT, "image/jpeg", None)


def test_it_is_fetched_once_however_often_somebody_is_woken(office: Office) -> None:
    office.shelf.held["u1"] = PICTURE
    id = first(sent(office, "u1"))

    for _ in range(3):
        office.fetching.fetch(id)

    assert office.shelf.fetched == ["u1"]


def test_a_fetcher_killed_while_it_fetches_leaves_it_to_the_next(office: Office) -> None:
    id = first(sent(office, "u1"))
    office.shelf.held["u1"] = Killed()

    with pytest.raises(Killed):
        office.fetching.fetch(id)
    office.shelf.held["u1"] = PICTURE
    office.fetching.fetch(id)
    assert of(office, id).state is AttachmentState.WAITING, "its claim still lives"
    office.later(CLAIM + second)
    office.rounds().attachments()
    office.fetching.fetch(id)

    assert of(office, id).state is AttachmentState.KEPT


def test_a_fetcher_killed_before_it_stores_leaves_it_to_the_next(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.shelf.held["u1"] = PICTURE
    id = first(sent(office, "u1"))

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as dies:
        dies.setattr("workorders.attachments.desk.AttachmentDesk.was_fetched", killed)
        with pytest.raises(Killed):
            office.fetching.fetch(id)
    office.later(CLAIM + second)
    office.fetching.fetch(id)

    assert of(office, id).state is AttachmentState.KEPT
    assert office.shelf.fetched == ["u1", "u1"]


def test_two_who_fetch_at_once_keep_it_once(office: Office) -> None:
    """One is slow beyond its claim; the other's word stands."""
    office.shelf.held["u1"] = PICTURE
    id = first(sent(office, "u1"))
    slow = Fetching(office.units, office.uses, {"aibot": Slow(office)})

    slow.fetch(id)

    assert of(office, id).state is AttachmentState.KEPT
    assert letters(office) == []
    with office.units.reading() as unit:
        sha256 = of(office, id).sha256
        assert sha256
        assert unit.attachments.original(sha256)


@dataclass
class Slow:
    """A source so slow that somebody else has fetched meanwhile."""

    office: Office

    def fetch(self, ref: str, most: int) -> Fetched:
        self.office.later(CLAIM + second)
        with self.office.units.reading() as unit:
            (id,) = unit.attachments.loose("xiaowang", None, self.office.now - HELD).ids
        self.office.fetching.fetch(id)
        raise Gone("the link was good once only")


def test_wecom_in_trouble_is_asked_again_until_the_link_expires(office: Office) -> None:
    office.shelf.held["u1"] = NotNow("busy")
    number = reported(office, "u1")

    for _ in range(200):
        office.rounds().attachments()
        office.fetching.fetch(_only(office, number).id)
        office.later(2 * second)

    lost = _only(office, number)
    assert lost.state is AttachmentState.LOST
    assert 4 < len(office.shelf.fetched) < 12, "each wait is longer than the last"
    assert letters(office) == ["attachment_lost"]


def _only(office: Office, number: int) -> Attachment:
    with office.units.reading() as unit:
        (found,) = unit.attachments.of_order(number)
    return found


def test_what_is_gone_is_lost_and_taken_off_the_order(office: Office) -> None:
    number = reported(office, "gone", "u2")
    office.shelf.held["u2"] = PICTURE
    with office.units.reading() as unit:
        ids = [a.id for a in unit.attachments.of_order(number)]
        assert unit.orders.read(number).pictures == 2  # type: ignore[union-attr]

    for id in ids:
        office.fetching.fetch(id)
        office.fetching.fetch(id)

    with office.units.reading() as unit:
        assert unit.orders.read(number).pictures == 1  # type: ignore[union-attr]
        verbs = [event.verb for event in unit.orders.events(number)]
    assert verbs.count(Verb.DETACH) == 1
    assert letters(office) == ["attachment_lost"]


def test_what_is_too_large_is_refused(office: Office) -> None:
    office.shelf.held["u1"] = TooMuch()
    id = first(sent(office, "u1"))

    office.fetching.fetch(id)

    assert of(office, id).unfit == "too_large"
    assert letters(office) == ["attachment_refused"]


def test_the_words_somebody_was_asked_for_are_meant_for_an_order_though_the_picture_was_refused(
    office: Office,
) -> None:
    office.shelf.held["u1"] = TooMuch()
    id = first(sent(office, "u1"))
    office.fetching.fetch(id)

    number = reported(office)

    assert of(office, id).order == number
    with office.units.reading() as unit:
        assert unit.orders.read(number).pictures == 0  # type: ignore[union-attr]


def test_a_file_name_is_masked_before_it_is_stored(office: Office) -> None:
    office.shelf.held["u1"], office.shelf.name = PDF, "../6222021234567890128.pdf"
    id = first(sent(office, "u1"))

    office.fetching.fetch(id)

    assert "1234567890" not in of(office, id).name
    assert of(office, id).name.endswith(".pdf")


def test_the_clock_wakes_somebody_first_and_fetches_what_nobody_attends_to(office: Office) -> None:
    office.shelf.held["u1"] = PICTURE
    id = first(sent(office, "u1"))
    office.woken.clear()

    office.later(second)
    office.rounds().attachments()
    assert office.woken == [f"{FETCH}{id}"]
    assert office.shelf.fetched == []
    office.later(16 * second)
    office.rounds().attachments()

    assert of(office, id).state is AttachmentState.KEPT


def test_one_that_cannot_be_fetched_does_not_keep_the_clock_from_the_others(office: Office) -> None:
    office.shelf.held |= {"u1": ZeroDivisionError(), "u2": PICTURE}
    ids = sent(office, "u1", "u2").own.ids

    office.later(16 * second)
    office.rounds().attachments()

    assert [of(office, id).state for id in ids] == [AttachmentState.WAITING, AttachmentState.KEPT]
    assert any(row["event"] == "an attachment was not fetched" for row in office.log)


def test_a_draft_that_was_dropped_meanwhile_is_not_kept(office: Office) -> None:
    office.shelf.held["u1"] = PICTURE
    brought = sent(office, "u1")
    with office.units.begin() as unit:
        unit.attachments.forget(brought.own)

    office.fetching.fetch(first(brought))

    with office.units.reading() as unit:
        assert unit.attachments.read(first(brought)) is None


def test_two_pictures_sent_at_once_are_both_in_the_draft(office: Office) -> None:
    start = threading.Barrier(2)

    def send(ref: str) -> None:
        start.wait()
        sent(office, ref)

    threads = [threading.Thread(target=send, args=(ref,)) for ref in ("u1", "u2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sent(office).attached.pictures == 2


def test_two_words_at_once_do_not_share_a_draft(office: Office) -> None:
    sent(office, "u1")
    start = threading.Barrier(2)
    numbers: list[int] = []

    def say() -> None:
        start.wait()
        numbers.append(reported(office))

    threads = [threading.Thread(target=say) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with office.units.reading() as unit:
        counted = sorted(unit.orders.read(number).pictures for number in numbers)  # type: ignore[union-attr]
    assert counted == [0, 1]


def test_somebody_elses_draft_and_another_places_are_not_taken(office: Office) -> None:
    sent(office, "u1")

    assert sent(office, by="xiaosun").attached == Attached()
    assert sent(office, chat="wrXINGHE").attached == Attached()
    office.later(HELD + second)
    assert sent(office).attached == Attached()


def test_the_reporters_side_and_we_may_read_an_original_and_it_is_audited(office: Office) -> None:
    office.shelf.held["u1"] = PICTURE
    number = reported(office, "u1")
    id = _only(office, number).id
    office.fetching.fetch(id)

    for who in ("xiaowang", "xiaozhao", "laoli"):
        with office.units.begin() as unit:
            read = office.uses.original(unit, id, unit.directory.person(who), "console")
        assert read.type == "image/jpeg"
        assert read.name.endswith(".jpg")
    for who in ("xiaosun", "nobody"):
        with pytest.raises(NoSuchAttachment), office.units.begin() as unit:
            office.uses.original(unit, id, unit.directory.person(who), "console")

    with office.units.reading() as unit:
        rows = list(unit.audit.entries())
    assert [(row.who, row.subject) for row in rows] == [
        (who, f"attachment:{id}") for who in ("laoli", "xiaozhao", "xiaowang")
    ]


def pruned(office: Office) -> list[str]:
    """What goes for its age, picture by picture."""
    gone = []
    with office.units.begin() as unit:
        while batch := prune(unit, AGREEMENT.retention, office.now, "clock", "clock"):
            gone.append(batch.what)
    return [what for what in gone if what in ("blob", "attachment")]


def test_an_original_deleted_for_its_age_leaves_its_row_and_hash(office: Office) -> None:
    office.shelf.held |= {"u1": PICTURE, "u2": jpeg((30, 30))}
    number, live = reported(office, "u1"), reported(office, "u2")
    for order in (number, live):
        office.fetching.fetch(_only(office, order).id)
    draft = sent(office, "u3")
    with office.units.begin() as unit:
        office.uses.orders(unit).cancel(number, unit.directory.person("xiaowang"))
    office.later(timedelta(days=91))

    assert pruned(office) == ["blob", "attachment"]

    old = _only(office, number)
    assert old.sha256
    with office.units.reading() as unit:
        assert unit.attachments.original(old.sha256) is None
        assert unit.attachments.original(_only(office, live).sha256 or ""), "its order lives"
        assert unit.attachments.read(first(draft)) is None
    with pytest.raises(NoSuchAttachment), office.units.begin() as unit:
        office.uses.original(unit, old.id, unit.directory.person("laoli"), "console")


def test_what_came_again_later_stays(office: Office) -> None:
    office.shelf.held |= {"u1": PICTURE, "u2": PICTURE}
    number = reported(office, "u1")
    office.fetching.fetch(_only(office, number).id)
    with office.units.begin() as unit:
        office.uses.orders(unit).cancel(number, unit.directory.person("xiaowang"))
    office.later(timedelta(days=80))
    again = reported(office, "u2")
    office.fetching.fetch(_only(office, again).id)
    office.later(timedelta(days=11))

    assert pruned(office) == []

    assert _only(office, number).sha256 == _only(office, again).sha256
