from tests.browser.test_grid import *  # noqa


def test_look(site, sign_in):
    page = open_grid(sign_in("ekonom"), site, OTHER, unit="tkr")
    page.evaluate("window.scrollTo(0, 0)")
    write(page, cell(page, 1), "3.286")
    page.wait_for_timeout(800)
    page.screenshot(path="/tmp/grid_a.png", full_page=False)
    page.locator("#lines").scroll_into_view_if_needed()
    page.locator("#lines").evaluate("e => e.scrollIntoView()")
    page.screenshot(path="/tmp/grid_b.png")
    page.locator("tr.line").nth(0).locator("[data-menu]").click()
    page.screenshot(path="/tmp/grid_c.png")
    page.keyboard.press("Escape")
    page.locator("[data-many]").click()
    page.locator("#many-value").fill("3")
    page.locator("[name=preview]").click()
    page.wait_for_timeout(800)
    page.screenshot(path="/tmp/grid_d.png")
    p = open_grid(
        sign_in("objektagare", viewport={"width": 390, "height": 844}, color_scheme="dark"), site, OWN, unit="tkr"
    )
    p.locator("#lines").evaluate("e => e.scrollIntoView()")
    p.screenshot(path="/tmp/grid_e.png")
