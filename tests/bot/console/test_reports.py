"""报表: what the console's pages of figures say, whose they are, and what can be carried away."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from bot.acts import Act
from bot.reports import REPORTS, Asked, Source
from handlers.phrases import report as phrases
from tests.bot.console.stage import Browser, Desk, words
from workorders.report.period import Period

REPORTS_PAGE = "/console/reports"
NOVEMBER = "period=2026-11"


@pytest.fixture
def kept(desk: Desk) -> Desk:
    """星河 had one order answered in time and one nobody accepted; 云帆 one that goes on."""
    answered = desk.opens("收银台打不开", "xiaowang")
    desk.opens("=1+1", "xiaowang")
    desk.clock.moment += timedelta(minutes=2)
    desk.does("accept", answered, "laoli")
    desk.does("solve", answered, "laoli", "已恢复")
    desk.passes(timedelta(minutes=30))
    desk.opens("对账单打不开", "xiaolin")
    return desk


def reads(browser: Browser, path: str) -> str:
    return unescape(words(browser.reads(f"{REPORTS_PAGE}{path}")))


def sums(browser: Browser, path: str) -> dict[str, str]:
    """The figures on top of the page."""
    found = re.findall(r"(?s)<dt>(.*?)</dt><dd>(.*?)</dd>", browser.reads(f"{REPORTS_PAGE}{path}"))
    return {name: words(value).strip() for name, value in found}


def test_the_page_says_what_the_reports_say(kept: Desk) -> None:
    with kept.program.units.reading() as unit:
        source = Source(unit, kept.program.uses.terms.calendar)
        total = source.table("attainment", Asked(Period.parse("2026-11"))).records()[-1]
    browser = kept.logged_in("wangzhuguan")

    told = sums(browser, f"/?{NOVEMBER}")

    assert told["来单"] == "3"
    assert (told["承诺数"], told["超时"]) == (str(total["promises"]), str(total["missed"]))
    assert told["达成率"] == f"{total['attained']:.1%}" == "50.0%"


@pytest.mark.parametrize("report", REPORTS)
def test_every_report_is_a_page_and_a_file_and_both_say_the_same(kept: Desk, report: str) -> None:
    browser = kept.logged_in("wangzhuguan")

    page = reads(browser, f"/table/{report}?{NOVEMBER}")
    told = browser.get(f"{REPORTS_PAGE}/export/{report}?form=csv&{NOVEMBER}").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(told.lstrip("\ufeff"))))

    assert phrases.title(report) in page
    for row in rows if len(rows) > 1 else []:
        for cell in row:
            assert cell.lstrip("'") in page, (report, cell)
    assert len(rows) > 1 or "这段时间没有记录" in page


def test_files_are_named_in_chinese_and_stand_in_the_audit(kept: Desk) -> None:
    browser = kept.logged_in("wangzhuguan")

    one = browser.get(f"{REPORTS_PAGE}/export/attainment?form=xlsx&by=week&by=clause&{NOVEMBER}")
    every = browser.get(f"{REPORTS_PAGE}/export/all?form=xlsx&partner=1&{NOVEMBER}")

    named = [unquote(each.headers["Content-Disposition"]) for each in (one, every)]
    assert named[0].endswith("filename*=UTF-8''达成率_2026-11.xlsx")
    assert 'filename="attainment_2026-11.xlsx"' in named[0]
    assert named[1].endswith("filename*=UTF-8''报表_星河支付_2026-11.xlsx")
    heads = load_workbook(io.BytesIO(one.data))["达成率"][1]
    assert [cell.value for cell in heads][:2] == ["周", "条款"]
    asked_of_one = [phrases.title(name) for name, report in REPORTS.items() if report.of_partner]
    assert load_workbook(io.BytesIO(every.data)).sheetnames == asked_of_one
    with kept.program.units.reading() as unit:
        found = unit.audit.entries(what=Act.REPORT_EXPORT)
    assert [(row.who, row.door, row.subject) for row in reversed(found)] == [
        ("wangzhuguan", "console", "report:attainment"),
        ("wangzhuguan", "console", "report:all"),
    ]


def test_one_partner_s_figures_are_of_its_orders_alone(kept: Desk) -> None:
    browser = kept.logged_in("xiaoqian")

    assert sums(browser, f"/?{NOVEMBER}&partner=1")["来单"] == "2"
    assert sums(browser, f"/?{NOVEMBER}&partner=2")["来单"] == "1"
    assert "解答不分合作伙伴统计" in reads(browser, f"/?{NOVEMBER}&partner=1")


def test_a_time_without_anything_says_so_and_leads_on(kept: Desk) -> None:
    page = kept.logged_in("wangzhuguan").reads(f"{REPORTS_PAGE}/?period=2026-10")

    for sentence in ("没有起算的承诺", "没有完成的承诺", "没有超时", "没有来单", "没有用知识库解答过问题"):
        assert sentence in page
    assert "data-chart" not in page
    assert 'href="/console/reports/?period=2026-09"' in page
    assert 'href="/console/reports/?period=2026-11"' in page


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2026-W48", "2026年第48周（11月23日至29日）"),
        ("2026-W40", "2026年第40周（9月28日至10月4日）"),
        ("2026-11", "2026年11月"),
        ("2026-Q4", "2026年第四季度"),
        ("2026", "2026年"),
    ],
)
def test_weeks_months_quarters_and_years_are_called_as_people_call_them(
    desk: Desk, period: str, said: str
) -> None:
    assert said in reads(desk.logged_in("wangzhuguan"), f"/?period={period}")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/?period=2026-13", "没有这个时段"),
        ("/?period=0001", "没有这个时段"),
        ("/?period=9999", "没有这个时段"),
        ("/?partner=99", "没有这个合作伙伴"),
        ("/?partner=x", "没有这个合作伙伴"),
        ("/table/nothing", "没有这张报表"),
        ("/table/answers?partner=1", "不分合作伙伴"),
        ("/table/load?by=clause", "不能这样分组"),
        ("/table/stars?by=clause", "不能这样分组"),
        ("/export/attainment?form=pdf", "没有这种文件"),
        ("/export/all?form=csv", "没有这种文件"),
    ],
)
def test_what_cannot_be_asked_is_answered_with_one_sentence_and_no_file(
    desk: Desk, path: str, why: str
) -> None:
    answer = desk.logged_in("wangzhuguan").get(f"{REPORTS_PAGE}{path}")

    assert answer.status_code == 404
    assert why in words(answer)
    with desk.program.units.reading() as unit:
        assert unit.audit.entries(what=Act.REPORT_EXPORT) == []


def test_a_partner_s_sheet_has_its_promises_its_misses_and_what_is_open(kept: Desk) -> None:
    sheet = reads(kept.logged_in("xiaoqian"), f"/partner?{NOVEMBER}&partner=1")

    assert "星河支付 服务月报" in sheet
    assert "日常响应 5 分钟 2 1 1" in sheet
    assert "无人接单" in sheet
    assert "1002 日常：=1+1 待接单" in sheet
    assert "对账单" not in sheet


def test_a_sheet_is_of_a_month_whatever_time_is_looked_at(kept: Desk) -> None:
    assert "2026年11月，制表" in reads(kept.logged_in("xiaoqian"), "/partner?period=2026-W48&partner=1")


def test_what_somebody_typed_is_text_in_every_file(kept: Desk) -> None:
    kept.does("reopen", 1001, "xiaowang", "=HYPERLINK(1)")
    browser = kept.logged_in("wangzhuguan")

    told = browser.get(f"{REPORTS_PAGE}/export/reopened?form=csv&{NOVEMBER}").get_data(as_text=True)

    assert "'=HYPERLINK(1)" in told
    assert "=HYPERLINK(1)" in reads(browser, f"/table/reopened?{NOVEMBER}")
