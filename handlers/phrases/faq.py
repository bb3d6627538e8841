"""Answers out of articles, menus of likely questions, and the honest word that there is none."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.message import Button, Card
from handlers.phrases.orders import CIRCLED
from knowledge.files import UNFILLED
from knowledge.library import Article
from workorders.markup import unmarked

_UNVERIFIED = "（此条尚未人工核实，仅供参考）"


def answer(article: Article) -> str:
    mark = f"\n{_UNVERIFIED}" if article.unverified else ""
    return f"{told(article)}\n\n还没解决？请回复「没解决」提交工单，或回复「转人工」。{mark}"


def told(article: Article) -> str:
    """The answer; what the operator has not filled in, its reader is to ask for."""
    return article.answer.strip().replace(UNFILLED, "请咨询对接人")


def answer_card(article: Article, number: int, task_id: str) -> Card:
    return Card(task_id, "这个回答解决了吗？", desc=article.question, buttons=_outcomes(number))


def answered_in_card(article: Article, number: int, task_id: str) -> Card:
    """The answer where only a card can say it: the conclusion; the steps come for a digit."""
    conclusion = unmarked(told(article)).split("\n", 1)[0]
    mark = _UNVERIFIED if article.unverified else ""
    return Card(
        task_id,
        article.question,
        body=f"{conclusion}{mark}\n回复 1 查看完整步骤。",
        buttons=_outcomes(number),
    )


def _outcomes(number: int) -> tuple[Button, ...]:
    return (
        Button("已解决", f"faq_solved:{number}"),
        Button("没解决", f"faq_unsolved:{number}", style=2),
        Button("转人工", f"human:{number}", style=3),
    )


def menu(articles: Sequence[Article], *, fault: bool) -> str:
    rows = [f"{CIRCLED[i]} {a.question}" for i, a in enumerate(articles)]
    last = "回复序号查看，都不是请回复 0。" + ("需要处理故障请回复「报障」。" if fault else "")
    return "\n".join(["您是想问：", *rows, last])


def menu_card(articles: Sequence[Article], question: str, task_id: str, *, fault: bool) -> Card:
    """The same menu to press; ``question`` is the id that stands for what was asked."""
    buttons = [Button(f"{CIRCLED[i]} {a.question}", f"ask:{a.id}", style=2) for i, a in enumerate(articles)]
    if fault:
        buttons.append(Button("提交工单", f"open_daily:{question}"))
    buttons.append(Button("都不是", f"none_of:{question}", style=3))
    return Card(task_id, "您是想问", body="点选最接近的问题。", buttons=tuple(buttons))


def none(hotline: str) -> str:
    return (
        "没有找到这个问题的答案。\n"
        f"请回复「开单」提交工单由同事处理；紧急故障请回复「紧急」，或拨打热线 {hotline}。"
    )


def none_card(question: str, task_id: str, asked: str) -> Card:
    return Card(
        task_id,
        "没有找到答案，需要提交工单吗？",
        body=asked,
        buttons=(
            Button("提交工单", f"open_daily:{question}"),
            Button("紧急报障", f"open_urgent:{question}", style=4),
        ),
    )


def out_of_menu(most: int) -> str:
    return f"请回复 1 到 {most} 的序号，都不是请回复 0。"


#: To desk staff, whose words are commands more often than questions.
NOT_UNDERSTOOD = "没有看懂。回复「帮助」查看命令。"
SOLVED = "好的，问题已解决。"
GLAD = "好的，有问题随时说。"
NOT_THE_ASKER = "请由提问的人点选，或直接说说您的问题。"
FORGOTTEN = "这个问题我没有记住，请用一句话再说一遍，我马上登记。"
GONE = "这条内容已更新，请直接再问一次。"


def out_of_list(most: int) -> str:
    return f"请回复 1 到 {most} 的序号，取消请回复「取消」。"
