"""What the operator reads holds no card number, code or phone, however deep it lies."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

from bot.logs import masked

SAID = """
import logging, structlog
from bot.logs import configure
configure()
log = structlog.get_logger()
log.error("赵 6222021234567890128", who={"phone": ["13800005678"]}, note=("验证码 847291",), size=3)
try:
    raise ValueError("密码：hunter2")
except ValueError:
    log.exception("it raised")
logging.getLogger("library").warning("posting %s to %s", "4111111111111111", "13800005678")
"""


def test_the_log_of_a_process_masks_events_exceptions_and_libraries() -> None:
    said = subprocess.run(
        [sys.executable, "-c", SAID], capture_output=True, text=True, env=dict(os.environ), check=True
    ).stderr

    for hidden in ("6222021234567890128", "13800005678", "847291", "hunter2", "4111111111111111"):
        assert hidden not in said
    for shown in (
        "622202*********0128",
        "138****5678",
        "[已屏蔽:密码]",
        "411111******1111",
        "size=3",
        "it raised",
    ):
        assert shown in said


def test_what_is_no_text_is_masked_as_it_would_be_written() -> None:
    assert masked(Exception("密码：hunter2")) == "密码：[已屏蔽:密码]"
    assert masked({"n": 1, "at": None, "ok": True}) == {"n": 1, "at": None, "ok": True}
    assert masked(logging.WARNING) == logging.WARNING
