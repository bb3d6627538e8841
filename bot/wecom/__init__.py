"""Everything that knows WeCom's wire: no Flask, no database, no settings object inside.

``crypto``, ``callback``, ``app_callback`` and ``aibot_callback`` are the two doors; ``cards``, ``plain`` and
``limits`` shape what is said; ``client`` (with ``tokens``) and ``webhook`` say it; ``errcodes`` names what
became of it. The protocol is developer.work.weixin.qq.com; its document numbers stand in the docstrings.
"""
