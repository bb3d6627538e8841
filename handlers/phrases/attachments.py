"""What is said about pictures and files: counted, asked about, attached."""

from __future__ import annotations

from handlers.phrases.scene import Scene
from workorders.attachments.attachment import Attached
from workorders.orders.order import WorkOrder

NO_CARDS = "请勿发送银行卡、身份证照片。"
KEPT_FOR = "图片或文件已留存，没解决请回复「没解决」，我连同它一起登记工单。"

#: Why something was not taken, and what to do.
UNFIT = {
    "too_large": "太大，图片最大 10 MB，文件最大 20 MB，请压缩后重发",
    "forbidden": "格式不支持，请改发图片、PDF、Word（docx）、Excel（xlsx）、TXT 或 CSV",
    "archive": "是压缩包，请解压后发送",
    "broken": "打不开，请重新截图或导出后再发",
}


def count(pictures: int, files: int) -> str:
    """图片 2 张、文件 1 个; empty where there are none."""
    parts = (f"图片 {pictures} 张" if pictures else "", f"文件 {files} 个" if files else "")
    return "、".join(part for part in parts if part)


def beside(pictures: int, files: int) -> str:
    """（图片 1 张）, behind an order's words; empty where it has none."""
    counted = count(pictures, files)
    return f"（{counted}）" if counted else ""


def ask_words(held: Attached, scene: Scene, *, first: bool) -> str:
    """A picture or file alone: what is it about?

    Args:
        held: all that waits. ``first``: nothing waited before, so that what must not be sent is said once.
    """
    counted = count(held.pictures, held.files)
    if scene.staff:
        return f"收到{counted}。附到工单请回复「附图 单号」，开单请发「开单 问题」，不用了请回复「取消」。"
    asked = (
        f"收到{counted}，请用一句话说说遇到的问题，我一并登记工单。"
        "紧急故障请发「紧急 问题」，不用了请回复「取消」。"
    )
    return f"{asked}\n{NO_CARDS}" if first else asked


def attached(order: WorkOrder, came: Attached, named: str) -> str:
    """Pictures or files for an order that is there already."""
    total = count(order.pictures, order.files)
    more = (order.pictures, order.files) != (came.pictures, came.files)
    said = f"{count(came.pictures, came.files)}已附到{named}{f'，现有{total}' if more else ''}。"
    return said if order.pictures > came.pictures or not came.pictures else f"{said}\n{NO_CARDS}"


def nothing_to_attach(number: int) -> str:
    return f"请先发图片或文件，再回复「附图 {number}」。"


def added(named: str, to: str) -> str:
    """Words that go on with what was just reported."""
    return f"已补充到{named}{f'，{to}会看到' if to else ''}。如是另一个问题，请发「报障 问题」。"
