"""A scriptable WeCom in a process of its own: the real wire protocol in both directions, and a chat page.

It stands where WeCom stands. It serves the WeCom API at its root (set ``WECOM_API_BASE`` to its address),
calls the desk's ``/wecom/app`` and ``/wecom/aibot`` with real encryption, and knows nothing else of the
desk: of the project it imports ``bot.wecom.crypto`` alone. The one exception is ``desk``, the demo's entry,
which hands it the desk's clock to turn.

Numbers in parentheses are pages of WeCom's documents: developer.work.weixin.qq.com/document/path/<number>
"""
