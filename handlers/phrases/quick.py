"""快捷回复: sentences the desk says often, offered under the field they go into."""

from __future__ import annotations

from collections.abc import Mapping

#: By the field of the console's forms; each may be changed before it is sent.
QUICK: Mapping[str, tuple[str, ...]] = {
    "text": (
        "已收到，正在核实，有进展马上告知您。",
        "请提供终端号、出错时间和错误截图。",
        "已联系厂家，等待回复。",
        "已处理，请再试一次，并告知结果。",
    ),
    "plan": ("远程排查并修复", "安排更换机具", "已转厂家处理，我方跟进"),
    "awaited": ("贵方提供终端号和出错时间", "贵方提供错误截图", "贵方确认是否恢复"),
    "note": ("已重启服务，恢复正常", "已更换机具", "已修正配置", "已电话确认恢复"),
}
