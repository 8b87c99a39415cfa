"""Somebody who has a keyboard and nothing else, and looks where the focus is after every key."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

MOST_TABS = 400
"""So many times Tab, and one has been round any page."""

_HERE = "element => element === document.activeElement"

_SHOWN = """() => {
  const around = [];
  for (let one = document.activeElement; one && around.length < 4; one = one.parentElement) around.push(one);
  const looks = () => around.map(one => {
    const style = getComputedStyle(one);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor,
      style.backgroundColor, style.clipPath, style.transform].join();
  }).join();
  const focused = around[0], before = looks();
  focused.blur();
  const after = looks();
  focused.focus({ focusVisible: true, preventScroll: true });
  return before !== after;
}"""

_WHERE = """() => {
  const one = document.activeElement;
  return one === document.body ? "" : one.outerHTML.slice(0, 160);
}"""


@dataclass
class Keys:
    """A page, reached by Tab, Enter, Space and arrows alone."""

    page: Page

    def go_to(self, wanted: Locator) -> None:
        """Tab on until the focus is there; wherever it stands meanwhile, one can see it."""
        wanted.wait_for(state="attached")
        where = self.page.evaluate(_WHERE)
        for _ in range(MOST_TABS):
            if wanted.evaluate(_HERE):
                return
            self.page.keyboard.press("Tab")
            before, where = where, self.page.evaluate(_WHERE)
            if where not in ("", before) and not self.page.evaluate(_SHOWN):
                raise AssertionError(f"on {self.page.url} nobody can see that the focus is at {where}")
        raise AssertionError(f"on {self.page.url} no key leads to {wanted}; the focus stays at {where}")

    def follow(self, link: str) -> None:
        """A link by its words."""
        self.go_to(self.page.get_by_role("link", name=link).first)
        self.page.keyboard.press("Enter")

    def press(self, button: str) -> None:
        """A button by its words."""
        self.go_to(self.page.get_by_role("button", name=button, exact=True).first)
        self.page.keyboard.press("Enter")

    def unfold(self, summary: Locator) -> None:
        """Something that opens."""
        self.go_to(summary)
        self.page.keyboard.press("Space")

    def type(self, label: str, text: str) -> None:
        """Text into a field."""
        self.go_to(self.page.get_by_label(label))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def pick(self, field: Locator, option: str) -> None:
        """One of a list that drops down, by typing how it begins."""
        self.go_to(field)
        self.page.keyboard.type(option)

    def choose(self, question: str, answer: str) -> None:
        """One answer of a question: Tab to the group, arrows within it."""
        group = self.page.get_by_role("group", name=question)
        wanted = group.get_by_role("radio", name=answer, exact=True)
        self.go_to(group.locator("input:checked, input").first)
        for _ in range(group.get_by_role("radio").count() + 1):
            self.page.keyboard.press("Space")
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{question}: no arrow leads to {answer}")

    def tick(self, box: Locator) -> None:
        """A box to tick."""
        self.go_to(box)
        self.page.keyboard.press("Space")
