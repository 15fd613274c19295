"""Browser windows on the running house: their sizes, their start, and what every page must pass."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]


# A toast that is still fading in is nothing anybody reads; what never ends is not waited for.
SETTLED = """() => Promise.all(document.getAnimations()
  .filter((one) => one.effect && one.effect.getComputedTiming().endTime !== Infinity)
  .map((one) => one.finished.catch(() => {})))"""


def accessible(page: Page) -> None:
    """No violation found by axe, no sideways scrolling, the help numbers in sight."""
    page.evaluate(SETTLED)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator('a[href="tel:12356"]').count() >= 1
