"""The page in a real browser: what a reader with a mouse, a keyboard, a phone or a screen reader meets."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

SERIOUS = {"serious", "critical"}


def focus_order(page):
    """What Tab comes to, from the top to the bottom: id, class and text of each."""
    describe = """() => {
        const at = document.activeElement;
        const article = at.closest(".finding");
        return at === document.body ? null : {
            tag: at.tagName, name: at.className, text: at.textContent.trim(), finding: article ? article.id : ""};
    }"""
    told = []
    for _ in range(600):
        page.keyboard.press("Tab")
        if (at := page.evaluate(describe)) is None:
            return told
        told.append(at)
    return pytest.fail("Tab never comes to the end of the page")


# ---- as it opens


def test_page_is_small(address, open_page):
    """Forty checks with a blocked loop are less than 600 kB."""
    page = open_page()

    assert page.locator(".check").count() == 40
    assert len(page.content().encode()) < 600_000


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_sticks_out(open_page, width):
    """No screen has to scroll sideways; only a timeline that is zoomed does, inside its frame."""
    page = open_page(width=width)
    page.evaluate(
        "() => document.querySelectorAll('details').forEach(details => details.open = true)"
    )

    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_page_can_be_read_without_its_script(open_page):
    """Findings, drawings and words are there; only what would need the script is not."""
    page = open_page(script=False)

    assert page.locator(".finding").first.is_visible()
    assert page.locator(".pan > svg").first.is_visible()
    assert not page.locator(".zoom").first.is_visible()
    assert not page.locator("#theme").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_axe_finds_nothing_serious(open_page, scheme, width):
    """All rules of axe, with everything opened, in both themes, wide and narrow."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed"
    )
    page = open_page(scheme=scheme, width=width)
    page.evaluate(
        "() => document.querySelectorAll('details').forEach(details => details.open = true)"
    )

    result = axe.Axe().run(page).response

    assert result["passes"]
    assert [rule["id"] for rule in result["violations"] if rule["impact"] in SERIOUS] == []


# ---- by keyboard


def test_every_finding_is_reached_by_keyboard(open_page):
    """Tab comes to each of them, in the order of the page."""
    page = open_page()
    findings = page.eval_on_selector_all(".finding", "all => all.map(one => one.id)")

    reached = [at["finding"] for at in focus_order(page) if at["finding"]]

    assert len(findings) == 20
    assert list(dict.fromkeys(reached)) == findings


def test_first_stop_skips_to_the_result(open_page):
    """Whoever walks by keyboard need not walk through the head."""
    page = open_page()

    page.keyboard.press("Tab")
    first = page.evaluate("() => document.activeElement.className")
    page.keyboard.press("Enter")

    assert first == "skip"
    assert page.evaluate("() => document.activeElement.id") == "main"


def test_link_to_a_finding_takes_the_focus_along(open_page):
    """From the list of what was found straight to it, even if its check was closed."""
    page = open_page()
    page.evaluate("() => document.querySelectorAll('.check').forEach(check => check.open = false)")

    page.locator(".findings a").first.focus()
    page.keyboard.press("Enter")

    page.wait_for_function("() => document.activeElement.classList.contains('finding')")
    assert page.locator(".finding").first.is_visible()


def test_arrows_go_from_bar_to_bar(open_page):
    """The readout says what the chosen bar is, and is announced."""
    page = open_page()
    figure = page.locator(".timeline").first
    figure.locator(".pan").focus()

    page.keyboard.press("ArrowRight")
    first = figure.locator(".readout").text_content()
    page.keyboard.press("ArrowRight")
    second = figure.locator(".readout").text_content()
    page.keyboard.press("End")
    last = figure.locator(".readout").text_content()

    assert first.startswith("0.00 s to 2.05 s checkout_many: cancelled")
    assert "get_user_data, line 6: answered" in second
    assert "time.sleep, line 9: held the loop for 50 ms" in last
    assert figure.locator(".on").count() == 1
    assert figure.locator(".readout").get_attribute("aria-live") == "polite"


def test_plus_and_minus_zoom(open_page):
    """Zoomed in, the drawing is wider than its frame and the axis has finer labels; 0 shows all again."""
    page = open_page()
    pan = page.locator(".pan").first
    pan.focus()
    before = page.locator(".axis").first.locator("text").count()

    for _ in range(4):
        page.keyboard.press("+")
    wide = pan.evaluate("pan => pan.scrollWidth / pan.clientWidth")
    finer = page.locator(".axis").first.locator("text").count()
    page.keyboard.press("0")

    assert wide > 4
    assert finer > before
    assert pan.evaluate("pan => pan.scrollWidth <= pan.clientWidth")


def test_chosen_bar_is_scrolled_into_view(open_page):
    """The keyboard never leads out of sight."""
    page = open_page()
    pan = page.locator(".pan").first
    pan.focus()
    for _ in range(6):
        page.keyboard.press("+")

    page.keyboard.press("Home")
    for _ in range(5):
        page.keyboard.press("ArrowRight")

    box, frame = page.locator(".on").first.bounding_box(), pan.bounding_box()
    assert frame["x"] <= box["x"] <= frame["x"] + frame["width"]


# ---- by mouse


def test_hovering_tells_what_a_bar_is(open_page):
    """A tip beside the pointer, gone when the pointer is."""
    page = open_page()
    page.locator(".b.service").first.scroll_into_view_if_needed()

    page.locator(".b.service").first.hover()
    tip = page.locator("#tip")

    assert tip.is_visible()
    assert "get_user_data, line 6: answered" in tip.text_content()
    page.mouse.move(2, 2)
    assert not tip.is_visible()


def test_buttons_zoom_and_a_click_chooses(open_page):
    """The same by mouse."""
    page = open_page()
    figure = page.locator(".timeline").first

    figure.get_by_role("button", name="Zoom in").click()
    wide = figure.locator(".pan").evaluate("pan => pan.scrollWidth / pan.clientWidth")
    figure.get_by_role("button", name="All").click()
    figure.locator(".b.hold").click()

    assert wide > 1.4
    assert "held the loop for 50 ms" in figure.locator(".readout").text_content()


# ---- themes


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_theme_is_the_systems(open_page, scheme, dark):
    """Nobody has to switch."""
    page = open_page(scheme=scheme)

    assert (luminance(page) < 0.2) is dark


def test_theme_can_be_switched(open_page):
    """As the system, light, dark, and round again; a reload keeps the choice."""
    page = open_page(scheme="dark")
    button = page.locator("#theme")

    seen = []
    for _ in range(3):
        seen.append((button.text_content(), luminance(page) < 0.2))
        button.click()
    button.click()
    page.reload()

    assert seen == [("Theme: as the system", True), ("Theme: light", False), ("Theme: dark", True)]
    assert page.locator("#theme").text_content() == "Theme: light"


def luminance(page):
    """Of the page's ground, 0 to 1."""
    colour = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    red, green, blue = (
        int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")
    )
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255
