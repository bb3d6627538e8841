"""How a call is understood that somebody logged in a sentence or in many lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.calls.reading import Call, read
from workorders.agreement.clauses import Agreement

CALENDAR = Agreement.load().calendar
PARTNERS = [("星河支付", ("星河",)), ("云帆支付", ("云帆",)), ("Acme商服", ("acme",))]
#: A Monday at ten.
AT = datetime.fromisoformat("2026-11-23T10:00:00+08:00")


def heard(text: str, at: datetime = AT) -> Call:
    return read(text, at, PARTNERS, CALENDAR)


@dataclass(frozen=True)
class Says:
    """What a call is; what is not said is as in the plain case."""

    partner: str | None = "星河支付"
    caller: str | None = "张三"
    phone: str | None = "13800000000"
    kind: str = "daily"
    at: str = "11-23 10:00"
    problem: str | None = "POS机刷卡报错"


CLEAR = {
    "来电 星河支付 张三 13800000000 POS机刷卡报错 紧急 5分钟前": Says(kind="urgent", at="11-23 09:55"),
    "来电　星河　张三　１３８００００００００　POS机刷卡报错": Says(),
    "张三 星河支付 POS机刷卡报错 紧急 13800000000": Says(kind="urgent"),
    "来电：星河支付 张三（13800000000）说 POS机刷卡报错 一刻钟前": Says(at="11-23 09:45"),
    "来电 星河支付-张三-13800000000-POS机刷卡报错": Says(),
    "来电 星河支付/张三/13800000000/POS机刷卡报错/紧急": Says(kind="urgent"),
    "星河支付\n张三\n13800000000\nPOS机刷卡报错\n5分钟前": Says(at="11-23 09:55"),
    "单位：星河支付\n联系人：张三\n电话：138 0000 0000\n"
    "问题：POS机刷卡报错\n换了卡也不行\n时间：昨天下午三点\n级别：紧急": Says(
        kind="urgent", at="11-22 15:00", problem="POS机刷卡报错 换了卡也不行"
    ),
    "来电 云帆支付王女士13900001111反映扫码付款失败，客户已扣款，很急，九点半打来的": Says(
        "云帆支付", "王女士", "13900001111", "urgent", "11-23 09:30", "扫码付款失败，客户已扣款"
    ),
    "星河支付的张三来电说门店的POS机从昨天起刷不了卡，回电13800000000": Says(
        problem="门店的POS机从昨天起刷不了卡"
    ),
    "接到星河支付张三（电话13800000000）来电，称其门店全部POS无法刷卡，情况紧急，来电时间为9:50。": Says(
        kind="urgent", at="11-23 09:50", problem="其门店全部POS无法刷卡"
    ),
    "帮我登记一个来电：星河支付的李女士，电话13711112222，她说POS机一直提示通讯超时，十万火急": Says(
        caller="李女士", phone="13711112222", kind="urgent", problem="POS机一直提示通讯超时"
    ),
    "刚才星河支付小刘打电话来说结算没到账，让回她手机13912345678，挺急的": Says(
        caller="小刘", phone="13912345678", kind="urgent", problem="结算没到账"
    ),
    "来电 星河支付 李四 0512-57891234转802 收银台打不开": Says(
        caller="李四", phone="051257891234-802", problem="收银台打不开"
    ),
    "来电 星河支付，王总，电话010-62345678-802，半小时前，全部门店无法收款，紧急！": Says(
        caller="王总", phone="01062345678-802", kind="urgent", at="11-23 09:30", problem="全部门店无法收款"
    ),
    "来电 ACME 张三 400-800-1234 系统登录不上 今早8点20": Says(
        "Acme商服", phone="4008001234", at="11-23 08:20", problem="系统登录不上"
    ),
    "来电 星河支付 老李 一三八零零零零零零零零 订单号 2026112312345678 退款没到账 刚才": Says(
        caller="老李", problem="订单号 2026112312345678 退款没到账"
    ),
    "来电 星河支付 张三 +86 138-0000-0000 不紧急 发票怎么开": Says(problem="发票怎么开"),
    "来电 星河支付 张三 13800000000 终端号12345678 报错51 金额5000元 8:40": Says(
        at="11-23 08:40", problem="终端号12345678 报错51 金额5000元"
    ),
    "13800000000 星河支付 欧阳锋 打印机卡纸 上周五下午四点": Says(
        caller="欧阳锋", at="11-20 16:00", problem="打印机卡纸"
    ),
    "来电 星河支付 张三 13800000000 一个半小时前 POS机刷卡报错": Says(at="11-23 08:30"),
    "来电 星河支付 张三 13800000000 两个多小时前 POS机刷卡报错": Says(at="11-23 08:00"),
    "来电 星河支付 张三 13800000000 昨晚八点 POS机刷卡报错": Says(at="11-22 20:00"),
    "来电 星河支付 张三 13800000000 11月23日9点10分 POS机刷卡报错": Says(at="11-23 09:10"),
    "来电 星河支付 张三 13800000000 2026-11-23 09:10 POS机刷卡报错": Says(at="11-23 09:10"),
    "来电 星河支付 赵会计 021 5888 9999 POS机刷卡报错 11-20 15:30": Says(
        caller="赵会计", phone="02158889999", at="11-20 15:30"
    ),
    # As tired people type.
    "来电 星河 张三 １３８－０００－０００００ POS机刷卡报错": Says(),
    "来电 星河 张三 座机０２１－５８８８６６６６ POS机刷卡报错": Says(phone="02158886666"),
    "来电 星河 张三 138 0000 0000转 POS机刷卡报错": Says(problem="转 POS机刷卡报错"),
    "来电 某商户 13800000000 星河 张三 POS机刷卡报错": Says(problem="某商户 POS机刷卡报错"),
    "来电 星河 张三 13800000000 分账少了一笔": Says(problem="分账少了一笔"),
    "记一下，星河的周姐刚打电话，POS机连不上，号码13800000000": Says(caller="周姐", problem="POS机连不上"),
    "刚接了个电话 星河有个姓马的先生打过来说POS机刷不了，回他13800000000": Says(
        caller="姓马的先生", problem="POS机刷不了"
    ),
    "【来电】星河支付｜丁先生｜13800000000｜刷卡提示“请联系发卡行”｜急急急": Says(
        caller="丁先生", kind="urgent", problem="刷卡提示“请联系发卡行”"
    ),
    "来电 星河 运营部谢主管 13800000000 怎么注册商户": Says(caller="运营部谢主管", problem="怎么注册商户"),
    "来电 星河 3号店王店长 13800000000 盘点机坏了": Says(caller="3号店王店长", problem="盘点机坏了"),
    "来电 星河 客服小美 13800000000 盘点机坏了": Says(caller="客服小美", problem="盘点机坏了"),
    "来电 星河 钟 先生 13800000000 盘点机坏了": Says(caller="钟 先生", problem="盘点机坏了"),
    "来电 星河支付（华东区） 邵先生 13800000000 盘点机坏了": Says(
        caller="邵先生", problem="（华东区） 盘点机坏了"
    ),
    "来电 星河 张三 13800000000 POS机刷卡报错 紧急程度高 今天一早": Says(kind="urgent", at="11-23 08:00"),
    "来电 星河 张 13800000000 盘点机坏了": Says(caller="张", problem="盘点机坏了"),
    "来电 星河 费先生 13800000000 盘点机坏了": Says(caller="费先生", problem="盘点机坏了"),
    "来电 星河 一位女士 13800000000 盘点机坏了": Says(caller="一位女士", problem="盘点机坏了"),
    "来电 星河 Mr Wang 13800000000 盘点机坏了": Says(caller="Mr Wang", problem="盘点机坏了"),
    "来电 星河有限公司 张三 13800000000 （财务）对账单格式变了": Says(problem="（财务）对账单格式变了"),
    "来电 星河支付\n张三\n13800000000\nPOS机刷卡报错\n着急用": Says(kind="urgent"),
    "来电 星河 张三 13800000000 POS机刷卡报错 差十分九点": Says(at="11-23 08:50"),
    "来电 星河 张三 13800000000 POS机刷卡报错 大概九点多打的": Says(at="11-23 09:00"),
    # What only looks like a field belongs to the problem.
    "来电 星河 张三 13800000000 8:30-9:30之间的交易没有记录": Says(problem="8:30-9:30之间的交易没有记录"),
    "来电 星河 张三 13800000000 紧急情况下怎么联系你们": Says(problem="紧急情况下怎么联系你们"),
    "来电 星河 张三 13800000000 申请加急的那单还没审核": Says(problem="申请加急的那单还没审核"),
    "来电 星河支付 张三 13800000000 3天前申请的退款还没到账": Says(problem="3天前申请的退款还没到账"),
    "来电 星河支付 张三 13800000000 紧急联系人怎么改": Says(problem="紧急联系人怎么改"),
    "来电 星河支付 张三 13800000000 客户说昨天下午三点交易的一笔没到账": Says(
        problem="客户说昨天下午三点交易的一笔没到账"
    ),
    "来电 星河支付 张三 13800000000 门店的机器有一点问题": Says(problem="门店的机器有一点问题"),
    "来电 星河支付 张三 13800000000 非紧急 普通咨询 怎么开票": Says(problem="怎么开票"),
}


@pytest.mark.parametrize("text", CLEAR)
def test_a_clear_call_is_read_whole(text: str) -> None:
    said, call = CLEAR[text], heard(text)

    assert call.called_at.strftime("%m-%d %H:%M") == said.at
    assert (call.partner, call.caller, call.phone, call.kind, call.problem) == (
        said.partner,
        said.caller,
        said.phone,
        said.kind,
        said.problem,
    )
    assert (call.missing, call.doubts) == ((), ())


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("来电", ("partner", "caller", "phone", "problem")),
        ("来电 张三 13800000000 POS机刷卡报错", ("partner",)),
        ("来电 星河支付 13800000000 POS机刷卡报错", ("caller",)),
        ("来电 星河支付 张三 POS机刷卡报错", ("phone",)),
        ("来电 星河支付 张三 13800000000", ("problem",)),
    ],
)
def test_what_was_not_said_is_missing(text: str, missing: tuple[str, ...]) -> None:
    assert heard(text).missing == missing
    assert heard(text).doubts == ()


@pytest.mark.parametrize(
    ("said", "doubt"),
    [
        ("明天下午三点", "还没到"),
        ("11:30", "还没到"),
        ("三点", "还没到"),  # at ten in the morning nobody means the night
        ("25:70", "没有「25:70」这个时间"),
        ("2月30日", "没有「2月30日」这个时间"),
        ("来电时间：13月40日", "没有「13月40日」这个时间"),
        ("10分钟后", "还没到"),
    ],
)
def test_a_time_that_cannot_be_is_asked_about_and_never_taken(said: str, doubt: str) -> None:
    call = heard(f"来电 星河支付 张三 13800000000 POS机刷卡报错 {said}")

    assert call.called_at == AT
    assert call.problem == "POS机刷卡报错"
    assert len(call.doubts) == 1
    assert doubt in call.doubts[0].said


@pytest.mark.parametrize("number", ["1380000", "6234567", "57891234", "138000000001"])
def test_an_incomplete_number_is_named_and_never_kept(number: str) -> None:
    call = heard(f"来电 星河支付 张三 {number} POS机刷卡报错")

    assert call.phone is None
    assert call.missing == ("phone",)
    assert number in call.doubts[0].said
    assert call.problem == "POS机刷卡报错"


def test_of_two_partners_none_is_chosen() -> None:
    call = heard("来电 星河支付 云帆支付 张三 13800000000 刷卡报错")

    assert call.partner is None
    assert call.missing == ("partner",)
    assert "星河支付、云帆支付" in call.doubts[0].said


def test_a_partner_in_the_problem_makes_two_and_the_problem_keeps_it() -> None:
    call = heard("来电 星河支付 张三 13800000000 刷卡失败，云帆的机器正常")

    assert call.partner is None
    assert call.problem == "刷卡失败，云帆的机器正常"


def test_a_partner_nobody_knows_is_named() -> None:
    call = heard("来电 未来支付 李四 13800000000 刷卡报错")

    assert (call.partner, call.caller, call.problem) == (None, "李四", "刷卡报错")
    assert "未来支付" in call.doubts[0].said


@pytest.mark.parametrize(
    ("said", "unknown"),
    [
        ("星何支付", "星何支付"),
        ("星河支符 ", "星河支符"),
        ("星河科技", "星河科技"),
        ("合作伙伴：星河支", "星河支"),
    ],
)
def test_a_partner_that_is_almost_one_we_know_is_offered_and_never_taken(said: str, unknown: str) -> None:
    call = heard(f"来电 {said}\n李四 13800000000 刷卡报错")

    assert (call.partner, call.caller, call.problem) == (None, "李四", "刷卡报错")
    assert [(doubt.said, doubt.offer) for doubt in call.doubts] == [
        (f"名录里没有「{unknown}」，是「星河支付」吗？", "星河支付")
    ]


@pytest.mark.parametrize(
    "problem", ["钱不对", "红灯亮", "黄灯闪", "解约", "查流水", "费率多少", "安卓机闪退", "单边账"]
)
def test_a_problem_that_begins_like_a_surname_is_nobody(problem: str) -> None:
    call = heard(f"来电 星河 13800000000 {problem}")

    assert (call.caller, call.problem) == (None, problem)


def test_a_problem_that_ends_as_companies_do_is_no_company() -> None:
    call = heard("来电 李四 13800000000 POS机无法支付")

    assert (call.problem, call.doubts) == ("POS机无法支付", ())


def test_two_partners_that_and_joins_leave_the_problem() -> None:
    call = heard("来电 星河和云帆 李四 13800000000 都没收到对账文件")

    assert (call.partner, call.problem) == (None, "都没收到对账文件")


def test_of_a_day_without_an_hour_the_hour_is_asked() -> None:
    call = heard("来电 星河 张三 13800000000 POS机刷卡报错 上周五")

    assert call.called_at.strftime("%m-%d") == "11-20"
    assert [doubt.field for doubt in call.doubts] == ["called_at"]
    assert "「上周五」是几点" in call.doubts[0].said


def test_two_numbers_are_asked_about() -> None:
    call = heard("来电 星河支付 张三 13800000000 13900000000 刷卡报错")

    assert call.phone == "13800000000"
    assert "13900000000" in call.doubts[0].said


def test_a_number_in_the_midst_of_the_problem_stays_there_and_is_asked_about() -> None:
    call = heard("来电 星河支付 张三 13800000000 客户手机13511112222收不到验证码")

    assert (call.phone, call.problem) == ("13800000000", "客户手机13511112222收不到验证码")
    assert "回电打哪个" in call.doubts[0].said


def test_an_alias_within_the_full_name_is_no_second_partner() -> None:
    assert heard("来电 星河支付 张三 13800000000 刷卡报错").doubts == ()


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_without_an_error_and_nothing_is_invented(text: str) -> None:
    call = heard(text)

    assert call.called_at <= AT
    assert call.partner is None or any(
        word.casefold() in text.casefold() or word in text for word in ("星河", "云帆", "acme")
    )
    for value in filter(None, (call.caller, call.problem)):
        assert set(value) <= set(text) | set(" ，") | {
            chr(ord(c) - 0xFEE0) for c in text if 0xFF01 <= ord(c) <= 0xFF5E
        }


_WORD = st.sampled_from(
    [
        "来电",
        "星河支付",
        "张三",
        "13800000000",
        "POS机刷卡报错",
        "紧急",
        "5分钟前",
        "九点半",
        "昨天",
        "，",
        " ",
        "\n",
        "电话：",
        "云帆",
        "25:70",
        "转802",
    ]
)


@given(st.lists(_WORD, max_size=12).map("".join))
def test_any_mixture_of_fields_is_read_without_an_error(text: str) -> None:
    call = heard(text)

    assert (call.phone is None) == ("phone" in call.missing)
    assert (call.problem is None) == ("problem" in call.missing)
