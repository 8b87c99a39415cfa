"""The sweep: what deserves a word now, to whom, in one digest each; nothing new means no mail."""

from outreach.cases.commands.reminding.sweep import Swept, remind

__all__ = ["Swept", "remind"]
