"""Parts of messages as the API takes them, checked; the errcodes of what is wrong with them."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

from bot.simulator import cards
from bot.simulator.answers import cut
from bot.simulator.cards import Card
from bot.simulator.media import Media

Body = dict[str, Any]


class ApiError(Exception):
    """An errcode other than 0."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        self.errcode, self.errmsg = errcode, errmsg
        super().__init__(errmsg)


def size(text: Any) -> int:
    """Length in UTF-8 bytes."""
    return len(str(text).encode("utf-8", "replace"))


def text_of(part: Body, field: str) -> str:
    """A text that is needed.

    Raises:
        ApiError: 44004, it is empty or missing.
    """
    text = part.get(field)
    if not isinstance(text, str) or not text:
        raise ApiError(44004, f"empty {field}")
    return text


def too_long(field: str, most: int) -> ApiError:
    """40058 as WeCom words it for a text over ``most`` bytes."""
    return ApiError(40058, f"{field} exceed max length {most}. invalid Request Parameter")


def card_of(card: Any, channel: cards.Channel) -> Card:
    """A card that keeps the channel's rules.

    Raises:
        ApiError: 40058, naming the field that breaks one.
    """
    try:
        return cards.check(card, channel)
    except cards.BadCard as e:
        raise ApiError(40058, f"{e}. invalid Request Parameter") from None


def articles_of(part: Body) -> list[Body]:
    """The 1 to 8 articles of a news message, cut to their limits.

    Raises:
        ApiError: 40058 or 41016.
    """
    articles = part.get("articles")
    if not isinstance(articles, list) or not 1 <= len(articles) <= 8:
        raise ApiError(40058, "news.articles must hold 1 to 8. invalid Request Parameter")
    for article in articles:
        if not isinstance(article, dict) or not article.get("title"):
            raise ApiError(41016, "missing title")
    return [article_of(a) for a in articles]


def article_of(part: Body) -> Body:
    """One article: title within 128 bytes, description within 512."""
    return {
        "title": cut(str(part["title"]), 128),
        "description": cut(str(part.get("description") or ""), 512),
        "url": part.get("url") or "",
    }


def picture_of(part: Body) -> bytes:
    """The bytes of a base64 picture of at most 2 MB.

    Raises:
        ApiError: 40058 no base64, 40009 its size, 301019 its md5.
    """
    try:
        data = base64.b64decode(str(part.get("base64") or ""), validate=True)
    except binascii.Error:
        raise ApiError(40058, "image.base64 is no base64. invalid Request Parameter") from None
    if not data or len(data) > 2 * 1024 * 1024:
        raise ApiError(40009, "invalid image size")
    if hashlib.md5(data, usedforsecurity=False).hexdigest() != str(part.get("md5") or "").lower():
        raise ApiError(301019, "image.md5 does not match")
    return data


def known_media(part: Body, media: Media) -> str:
    """The media_id of a part.

    Raises:
        ApiError: 40007, nothing was uploaded under it.
    """
    media_id = str(part.get("media_id") or "")
    if media.find(media_id) is None:
        raise ApiError(40007, "invalid media_id")
    return media_id
