"""Faults that a machine can find in what a browser shows: axe, on a page as it stands."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page as Tab

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

LOOKS = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
"""Rules whose answer depends on width and theme; what the others read is the same on every screen."""

EVERYTHING: dict[str, Any] = {"runOnly": TAGS}
HOW_IT_LOOKS: dict[str, Any] = {"runOnly": LOOKS}
WHAT_IT_SAYS: dict[str, Any] = {"runOnly": TAGS, "rules": {rule: {"enabled": False} for rule in LOOKS}}

_RUN = """async options => {
  const found = await axe.run({ ...options, resultTypes: ["violations"] });
  return found.violations.map(fault => [fault.id, fault.help, fault.nodes.map(node => node.target.join(" "))]);
}"""

UNFOLD = "() => document.querySelectorAll('details:not([open])').forEach(one => one.open = true)"
"""Open whatever one can tap open."""


def bring(tab: Tab) -> None:
    """Have axe at hand in every page of this tab."""
    tab.add_init_script(AXE_SCRIPT)


def faults(tab: Tab, options: dict[str, Any] = EVERYTHING) -> list[str]:
    """What is wrong with the page as it stands, a line for each rule."""
    found: list[Any] = tab.evaluate(_RUN, options)
    return [f"{rule}: {told} ({len(places)}x: {'; '.join(places[:3])})" for rule, told, places in found]
