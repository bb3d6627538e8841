"""What kinds of work there are, and what is promised of each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What kind of work an order is."""

    DAILY = "daily"
    URGENT = "urgent"
    INTEGRATION = "integration"
    ONBOARDING = "onboarding"
    AFTERSALES = "aftersales"
    COMPLAINT = "complaint"


class Part(StrEnum):
    """Which part of an order's life a promise is about."""

    RESPONSE = "response"
    SOLUTION = "solution"
    DECISION = "decision"  # of an integration: declined with a reason, or a plan, its completion and its fee
    RESULT = "result"  # of an onboarding: approved, or rejected with a reason
    REPLY = "reply"  # to a complaint: the result and what will be done better
    COMPLETION = "completion"  # the moment a given plan said the work would be finished


#: What each kind promises, in the order it comes, by clauses named ``kind.part``; the last is its answer.
PARTS: Mapping[Kind, tuple[Part, ...]] = {
    Kind.DAILY: (Part.RESPONSE, Part.SOLUTION),
    Kind.URGENT: (Part.RESPONSE, Part.SOLUTION),
    Kind.INTEGRATION: (Part.DECISION,),
    Kind.ONBOARDING: (Part.RESULT,),
    Kind.AFTERSALES: (Part.RESPONSE, Part.SOLUTION),
    Kind.COMPLAINT: (Part.REPLY,),
}

#: What a plan given keeps, and what a decline is the answer to.
BY_PLAN = (Part.RESPONSE, Part.SOLUTION, Part.DECISION)
BY_DECLINE = (Part.RESPONSE, Part.DECISION, Part.RESULT)

#: Something does not work: the kinds that may become one another by a merge or be made urgent.
FAULTS = frozenset({Kind.DAILY, Kind.URGENT, Kind.AFTERSALES})
#: Applications: declined they are corrected and sent again.
APPLICATIONS = frozenset({Kind.INTEGRATION, Kind.ONBOARDING})


class Rejection(StrEnum):
    """What an onboarding was rejected for; how it is mended stands in the phrases."""

    LICENSE = "license"  # 营业执照
    IDENTITY = "identity"  # 法人证件
    ACCOUNT = "account"  # 结算账户
    PREMISES = "premises"  # 门店照片
    CATEGORY = "category"  # 经营类目
    OTHER = "other"
