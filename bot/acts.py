"""What the audit records, each as ``source:subject:action``; a new act is a line here.

The source is the part of the house it happened in, the subject what kind of thing it was done to, the
action a verb. A log line can so be read, and a new one named, without asking anybody.
"""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """Something somebody did that another may have to account for later."""

    ATTACHMENT_READ = "attachment:original:read"
    AUDIT_EXPORT = "data:audit:export"
    AUDIT_PRUNE = "data:audit:prune"
    CALL_LOG = "hotline:call:log"
    CONSOLE_LOGIN = "console:session:begin"
    CONSOLE_LOGOUT = "console:session:end"
    DATA_FORGET = "data:person:forget"
    DATA_HOLD = "data:hold:place"
    DATA_PRUNE = "data:kind:prune"
    DATA_READ = "data:person:read"
    DATA_RELEASE = "data:hold:release"
    DIRECTORY_CHANGE = "directory:row:change"
    DIRECTORY_EXPORT = "directory:file:export"
    DIRECTORY_IMPORT = "directory:file:import"
    GAPS_EXPORT = "knowledge:gaps:export"
    HOLIDAYS_IMPORT = "agreement:calendar:import"
    INCIDENT_ACT = "console:incident:act"
    LETTER_ACT = "letter:record:act"
    NOTICE_ACT = "notice:broadcast:act"
    NOTICE_READ = "notice:evidence:read"
    OBLIGATION_ACT = "obligation:record:act"
    ORDER_ACT = "console:order:act"
    ORDER_FILE = "order:record:file"
    ORDER_READ = "order:record:read"
    PERSON_READ = "person:record:read"
    REPORT_EXPORT = "report:figures:export"


#: Acts by which somebody saw, unmasked, what is kept about one order or one person.
READS = frozenset({Act.ATTACHMENT_READ, Act.DATA_READ, Act.NOTICE_READ, Act.ORDER_READ, Act.PERSON_READ})
#: Acts by which somebody saw what is kept about everybody at once.
READS_OF_ALL = frozenset({Act.DIRECTORY_EXPORT})
