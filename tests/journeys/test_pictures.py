"""Journeys of pictures and files: sent, fetched in time, kept clean, and on the order they belong to."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from PIL import Image
from sqlalchemy import func, select

from tests.support.pictures import PDF, jpeg
from tests.support.stage import BOT, Stage
from workorders.attachments.attachment import Attachment, AttachmentState
from workorders.sql.attachment_tables import blob


def attachments(stage: Stage, number: int = 1001) -> list[Attachment]:
    with stage.program.units.reading() as unit:
        return unit.attachments.of_order(number)


def original(stage: Stage, kept: Attachment) -> bytes:
    assert kept.sha256 is not None
    with stage.program.units.reading() as unit:
        data = unit.attachments.original(kept.sha256)
    assert data is not None
    return data


def test_a_picture_alone_asks_one_question_and_the_words_open_an_order_with_it(stage: Stage) -> None:
    picture = stage.wecom.upload(jpeg())

    asked = stage.says("xiaowang", "", picture=picture)
    opened = stage.says("xiaowang", "收银台打不开")

    assert "图片 1 张" in asked
    assert "一句话" in asked
    assert "身份证" in asked
    assert "1001" in opened
    assert "图片 1 张" in opened
    assert "图片 1 张" in stage.card_of("laoli")
    (kept,) = attachments(stage)
    assert (kept.state, kept.by, kept.type, kept.ref) == (
        AttachmentState.KEPT,
        "xiaowang",
        "image/jpeg",
        None,
    )
    with Image.open(io.BytesIO(original(stage, kept))) as seen:
        assert not seen.getexif()


def test_pictures_and_words_within_two_minutes_join_the_order_and_later_ones_do_not(stage: Stage) -> None:
    stage.opens("收银台打不开")
    picture = stage.wecom.upload(jpeg())

    stage.minutes_pass(1)
    words = stage.says("xiaowang", f"{BOT} 商户号 88012233", group="wrXINGHE")
    joined = stage.says("xiaowang", f"{BOT}", group="wrXINGHE", picture=picture)
    stage.minutes_pass(2)
    asked = stage.says("xiaowang", f"{BOT}", group="wrXINGHE", picture=stage.wecom.upload(jpeg((30, 30))))

    assert "已补充到工单 1001" in words
    assert "已附到工单 1001" in joined
    assert "一句话" in asked
    assert "88012233" in stage.order().text
    assert len(attachments(stage)) == 1


def test_the_apps_picture_is_fetched_with_the_token(stage: Stage) -> None:
    stage.says("laoli", "", picture=stage.wecom.upload(jpeg()))
    stage.opens()

    attached = stage.says("laoli", "附图 1001")

    assert "图片 1 张已附到工单 1001" in attached
    assert [a.state for a in attachments(stage)] == [AttachmentState.KEPT]


def test_an_expired_link_is_lost_and_its_sender_asked_to_send_again(stage: Stage) -> None:
    stage.wecom.say("xiaowang", "", picture=stage.wecom.upload(jpeg()))  # Nobody works yet.
    stage.wecom.say("xiaowang", "收银台打不开")
    stage.clock.moment = stage.clock.moment.replace(minute=6)

    stage.sweep()

    assert [a.state for a in attachments(stage)] == [AttachmentState.LOST]
    assert stage.order().pictures == 0
    told = stage.desk_told("xiaowang")[-1]
    assert "没有取到" in told
    assert "请重新发送" in told
    assert "1001" in told


def test_what_is_no_picture_is_refused_and_its_message_stays(stage: Stage) -> None:
    stage.says("xiaowang", "收银台打不开", picture=stage.wecom.upload(b"MZ\x90\0 runs"))

    assert stage.order().text == "收银台打不开"
    (refused,) = attachments(stage)
    assert refused.state is AttachmentState.REFUSED
    assert "没有收下" in stage.desk_told("xiaowang")[-1]
    assert stage.order().pictures == 0


def test_with_no_queue_and_no_worker_the_clock_fetches_it(stage: Stage) -> None:
    stage.wecom.say("xiaowang", "收银台打不开", picture=stage.wecom.upload(jpeg()))

    stage.program.rounds.attachments()
    assert [a.state for a in attachments(stage)] == [AttachmentState.WAITING], "a worker has its chance first"
    stage.clock.moment = stage.clock.moment.replace(second=20)
    stage.program.rounds.attachments()

    assert [a.state for a in attachments(stage)] == [AttachmentState.KEPT]


def test_a_file_comes_with_its_name_through_either_door(stage: Stage) -> None:
    stage.opens()
    for who, door in (("xiaowang", "aibot"), ("laoli", "app")):
        assert "文件 1 个" in stage.says(who, "", file=stage.wecom.upload(PDF, "对账 11月.pdf"), door=door)
        assert "已附到工单 1001" in stage.says(who, "附图 1001", door=door)

    assert [(a.name, a.type, a.source) for a in attachments(stage)] == [
        ("对账 11月.pdf", "application/pdf", "aibot"),
        ("对账 11月.pdf", "application/pdf", "app"),
    ]
    with stage.program.units.reading() as unit:
        assert unit.conn.execute(select(func.count()).select_from(blob)).scalar_one() == 1, "kept once"


def test_two_pictures_at_once_are_one_draft(stage: Stage) -> None:
    pictures = [stage.wecom.upload(jpeg((30 + i, 30))) for i in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda picture: stage.wecom.say("xiaowang", "", picture=picture), pictures))

    opened = stage.says("xiaowang", "收银台打不开")

    assert "图片 2 张" in opened
    assert [a.state for a in attachments(stage)] == [AttachmentState.KEPT] * 2


def test_a_file_over_the_limit_is_refused_without_losing_its_message(stage: Stage) -> None:
    stage.says("xiaowang", "", file=stage.wecom.upload(bytes(21 * 1024 * 1024), "录像.zip"))

    refused = stage.desk_told("xiaowang")[-1]
    opened = stage.says("xiaowang", "收银台打不开")

    assert "文件没有收下" in refused
    assert "20 MB" in refused
    assert "工单 1001" in opened
    assert "文件" not in opened
    assert stage.order().files == 0


def test_a_quoted_screenshot_in_a_group_is_fetched(stage: Stage) -> None:
    stage.wecom.say("xiaozhao", "", chat="wrXINGHE", picture=stage.wecom.upload(jpeg()))
    (shot,) = stage.wecom.messages(chat="wrXINGHE")

    stage.says("xiaowang", f"{BOT} 收银台打不开", group="wrXINGHE", quote=shot["id"])

    assert [a.state for a in attachments(stage)] == [AttachmentState.KEPT]


def test_a_server_in_trouble_is_asked_again(stage: Stage) -> None:
    stage.opens()
    stage.wecom.fault("media/get", "http", times=2)
    stage.says("laoli", "", picture=stage.wecom.upload(jpeg()))
    stage.says("laoli", "附图 1001")
    assert [a.state for a in attachments(stage)] == [AttachmentState.WAITING]

    for _ in range(4):
        stage.clock.moment += timedelta(seconds=20)
        stage.sweep()
        stage.program.rounds.attachments()

    assert [a.state for a in attachments(stage)] == [AttachmentState.KEPT]
