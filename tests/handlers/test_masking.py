"""What nobody may keep is masked, and nothing else is touched."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from handlers.masking import mask
from handlers.masking.numbers import CARD as CARD_KIND

CARD = "6222021234567890128"
IDENTITY = "11010519491231002X"

HIDDEN = {
    "a bank card": (f"卡号{CARD}", "卡号622202*********0128"),
    "a card as embossed": ("卡号 4111 1111 1111 1111", "卡号 411111******1111"),
    "a card with dashes": ("4111-1111-1111-1111 刷不了", "411111******1111 刷不了"),
    "a card in full width": ("卡号：４１１１　１１１１　１１１１　１１１１", "卡号：411111******1111"),
    "a card, then a date": ("4111 1111 1111 1111 2026-11-23", "411111******1111 2026-11-23"),
    "a card digit by digit": ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "411111******1111"),
    "a card behind letters": ("card4111111111111111", "card411111******1111"),
    "a card at a sentence's end": ("卡号4111111111111111。", "卡号411111******1111。"),
    "a card with a wrong digit, said to be one": ("卡号6222021234567890123", "卡号622202*********0123"),
    "one said to be a card behind it": ("6222021234567890123 这张银行卡", "622202*********0123 这张银行卡"),
    "an American Express": ("3782 822463 10005", "378282*****0005"),
    "an identity number": (f"身份证{IDENTITY}", "身份证1101**********002X"),
    "one with spaces and a small x": ("110105 19491231 002x", "1101**********002X"),
    "a code": ("验证码 847291 收到了", "验证码 [已屏蔽:验证码] 收到了"),
    "a code with 是": ("我的验证码是123456谢谢", "我的验证码是[已屏蔽:验证码]谢谢"),
    "a code before its word": ("847291是验证码", "[已屏蔽:验证码]是验证码"),
    "a password": ("支付密码：888888", "支付密码：[已屏蔽:密码]"),
    "a password without a mark": ("密码abc123", "密码[已屏蔽:密码]"),
    "an English password": ("password: hunter2", "password: [已屏蔽:密码]"),
    "a CVV": ("CVV2：456", "CVV2：[已屏蔽:CVV]"),
    "an expiry": ("有效期12/28", "有效期[已屏蔽:有效期]"),
    "a one-time password": ("动态口令 123456", "动态口令 [已屏蔽:动态口令]"),
    "a card in bold": ("**4111111111111111**", "**411111******1111**"),
    "a card, its expiry and its code": (
        "4111111111111111,有效期12/28,CVV 123",
        "411111******1111,有效期[已屏蔽:有效期],CVV [已屏蔽:CVV]",
    ),
    "a card behind a number of a list": ("1.4111111111111111", "1.411111******1111"),
    "a card with dots": ("4111.1111.1111.1111", "411111******1111"),
    "a card with commas": ("4111，1111，1111，1111", "411111******1111"),
    "a card in brackets": ("(4111)1111-1111-1111", "(411111******1111"),
    "a card over two lines": ("卡号 4111 1111\n1111 1111", "卡号 411111******1111"),
    "a card in halves": ("41111111\n11111111", "411111******1111"),
    "a card in Chinese figures": ("六二二二零二一二三四五六七八九零一二八", "622202*********0128"),
    "a card in circled figures": ("④" + "①" * 15, "411111******1111"),
    "a card with what nobody sees": (
        "4111\u200b\u200b\u200b\u200b\u200b\u200b1111\u2060" + "1" * 8,
        "411111******1111",
    ),
    "a card in an address that says so": (
        "https://a.example/?card=4111111111111111",
        "https://a.example/?card=411111******1111",
    ),
    "a code on the next line": ("验证码：\n847291", "验证码：\n[已屏蔽:验证码]"),
    "a code that was sent": ("验证码发您：847291", "验证码发您：[已屏蔽:验证码]"),
    "a code as it was received": (
        "847291（动态验证码），请勿泄露",
        "[已屏蔽:验证码]（动态验证码），请勿泄露",
    ),
    "a code in Chinese figures": ("验证码八四七二九一", "验证码[已屏蔽:验证码]"),
    "a code with spaces everywhere": ("验 证 码 8 4 7 2 9 1", "验 证 码 [已屏蔽:验证码]"),
    "an English code": ("Your code is 847291", "Your code is [已屏蔽:验证码]"),
    "a traditional password": ("密碼：888888", "密碼：[已屏蔽:密码]"),
    "a password in a sentence": ("the password is hunter2", "the password is [已屏蔽:密码]"),
    "a PIN": ("PIN 1234", "PIN [已屏蔽:密码]"),
    "a key": ("appsecret=" + "a1b2" * 8, "appsecret=[已屏蔽:密钥]"),
    "a private key": ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", "[已屏蔽:密钥]"),
    "track data": (";4111111111111111=28121011234567890000?", "[已屏蔽:磁道]"),
}

LEFT = [
    "1001 接单",
    "工单1001 1002 1003 没解决",
    "电话 13800005678",
    "电话 138-0000-5678 转 8001",
    "13800005678 2026-11-23 18:00",
    "400-800-1234 13800005678",
    "010-62345678 找老李",
    "金额 5000.00 元，手续费 6,222.02 元",
    "2026-11-23 14:30 报错",
    "https://a.example/pay?id=4111111111111111",
    "商户单号 4200001234202311231234567890",
    "验证码60秒收不到",
    "验证码收不到怎么办",
    "1001 是验证码问题",
    "密码6位",
    "密码错误55",
    "密码错误次数超限75",
    "忘记密码 1001",
    "怎么重置密码",
    "营业执照有效期2026-12-31",
    "刷卡提示应答码51",
    "工单 3001 3002 3003 3004 没解决",
    "3001、3002、3003、3004",
    "终端号：\n62345678\n51234567\n40000002",
    "6222.02\n5000.00\n13800005678",
    "商户号 898110153110001",
    "流水 20261123143000123",
    "时间戳 1764000000000",
    "61.135.169.125:8080",
    "错误 code: 10001",
    "密码一直错误",
    "100123，验证码总是收不到",
    "验证码发到 13800005678 了",
    "token过期怎么办，key: value",
    "shipping: abc123",
    "二〇二六年十一月二十三日",
]


@pytest.mark.parametrize("case", HIDDEN)
def test_it_hides(case: str) -> None:
    text, shown = HIDDEN[case]

    assert mask(text).text == shown


@pytest.mark.parametrize("text", LEFT)
def test_it_leaves_alone(text: str) -> None:
    assert mask(text).text == text
    assert mask(text).found == ()


def test_it_names_what_it_found_each_once_and_in_order() -> None:
    masked = mask(f"{CARD}，密码888888，验证码123456，另一张4111111111111111")

    assert masked.found == ("银行卡号", "密码", "验证码")


def figured(text: str) -> str:
    """The text with Chinese figures as digits."""
    return text.translate(str.maketrans("零一二三四五六七八九", "0123456789"))


def luhn(digits: str) -> str:
    """The digits with their check digit."""
    total = sum(
        n if i % 2 else (n * 2 - 9 if n > 4 else n * 2) for i, n in enumerate(map(int, reversed(digits)))
    )
    return digits + str(-total % 10)


cards = st.builds(
    lambda head, tail: luhn(head + tail),
    st.sampled_from(["62", "4", "51", "35", "6228", "9558"]),
    st.text("0123456789", min_size=11, max_size=14),
)


FIGURES = ("0123456789", "０１２３４５６７８９", "零一二三四五六七八九", "⓪①②③④⑤⑥⑦⑧⑨", "٠١٢٣٤٥٦٧٨٩")
BETWEEN = (
    "",
    " ",
    "-",
    "\u3000",
    " - ",
    "—",
    "_",
    "·",
    "\n",
    " \n ",
    "\u200b",
    "\u200d\u200d\u200d\u200d",
    "\t",
)
AROUND = ("", "卡号", "card", "**", "我的卡：", "（", "，", "。", "谢谢", "\n", "还有", "元")


@given(cards, st.data())
def test_no_card_number_survives_whatever_its_spelling(card: str, data: st.DataObject) -> None:
    figures = data.draw(st.sampled_from(FIGURES))
    size = data.draw(st.sampled_from([1, 2, 4, 5, 6, 19]))
    gap = data.draw(st.sampled_from(BETWEEN))
    number = gap.join(card[i : i + size] for i in range(0, len(card), size))
    spelled = number.translate(str.maketrans("0123456789", figures))
    text = data.draw(st.sampled_from(AROUND)) + spelled + data.draw(st.sampled_from(AROUND))

    kept = "".join(str(unicodedata.digit(char, "")) for char in figured(mask(text).text))

    assert card not in kept
    assert CARD_KIND in mask(text).found


@given(cards, st.sampled_from([".", ",", "，", "、", "/", ":", "|", "*", " / "]))
def test_no_embossed_card_number_survives_whatever_stands_between_its_groups(card: str, mark: str) -> None:
    card = luhn(card[:15])
    text = mark.join(card[i : i + 4] for i in range(0, 16, 4))

    assert CARD_KIND in mask(text).found


@given(cards, st.integers(1, 12))
def test_no_card_number_survives_a_line_break(card: str, at: int) -> None:
    assume(not re.fullmatch(r"1[3-9]\d{9}", card[at:]))  # a number, and a phone on the next line

    assert CARD_KIND in mask(f"卡号是\n{card[:at]}\n{card[at:]}\n刷不了").found


@given(cards, st.data())
def test_a_card_number_is_hidden_however_it_is_spaced(card: str, data: st.DataObject) -> None:
    wide = data.draw(st.booleans())
    size = data.draw(st.sampled_from([4, 19]))
    gap = data.draw(st.sampled_from(["", " ", "-", "\u3000", " - "]))
    groups = [card[i : i + size] for i in range(0, len(card), size)]
    number = gap.join("".join(chr(ord(d) + 0xFEE0) for d in g) if wide else g for g in groups)
    text = f"卡号是{number}，刷不了"

    masked = mask(text)

    assert masked.text == f"卡号是{card[:6]}{'*' * (len(card) - 10)}{card[-4:]}，刷不了"


def test_three_groups_of_four_are_no_card() -> None:
    assert mask("工单 2200、1770、2105 没解决").text == "工单 2200、1770、2105 没解决"


@given(st.lists(st.integers(1001, 2199), min_size=1, max_size=5), st.sampled_from(["、", " ", "，"]))
def test_order_numbers_are_left_alone(numbers: list[int], between: str) -> None:
    # Four groups of four from 2200 on may be a card as it is embossed, and are hidden if they check.
    text = f"工单 {between.join(map(str, numbers))} 没解决"

    assert mask(text).text == text


@given(
    st.integers(13_000_000_000, 19_999_999_999),
    st.decimals(0, 99_999, places=2),
    st.datetimes(),
)
def test_phones_amounts_and_dates_are_left_alone(phone: int, amount: object, at: object) -> None:
    text = f"{phone} {amount} 元 {at:%Y-%m-%d %H:%M:%S}"

    assert mask(text).text == text


@given(
    st.text(
        st.sampled_from("0123456789 -密码验证是：:cvX有效期/年卡A*[]屏蔽已") | st.characters(), max_size=80
    )
)
def test_masking_what_is_masked_changes_nothing(text: str) -> None:
    once = mask(text)

    assert mask(once.text).text == once.text


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 10_000,
        "6" * 20_000,
        "密码：" * 6_000,
        "4111 " * 4_000,
        "密码 " + "a" * 20_000,
        "4,1" * 8_000,
        "5555\n" * 4_000,
        "一" * 20_000,
        "secret " * 4_000,
        "app " * 8_000,
        "-----BEGIN PRIVATE KEY-----" * 600,
    ],
)
def test_long_messages_are_masked_at_once(text: str) -> None:
    began = time.process_time()

    mask(text)

    assert time.process_time() - began < 2
