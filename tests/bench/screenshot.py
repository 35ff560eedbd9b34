"""Draw the README's picture anew from a running page: ``python -m tests.bench.screenshot [URL]``."""

from __future__ import annotations

import io
import sys

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.conftest import ROOT

QUESTIONS = ("贫困村通光纤比例是多少？", "网络支付使用率是多少？")


def main(url: str = "http://127.0.0.1:7860") -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN", color_scheme="light")
        page.goto(url)
        page.wait_for_selector("#examples .chips", timeout=120_000)
        for number, question in enumerate(QUESTIONS, start=1):
            page.fill("#question textarea", question)
            page.press("#question textarea", "Enter")
            page.wait_for_selector(f":nth-match(#chat .answer, {number})")
        page.locator("#chat .place").first.click()
        page.wait_for_timeout(600)
        page.evaluate("document.activeElement.blur(); document.querySelector('#chat [role=log]').scrollTop = 0")
        page.wait_for_timeout(200)
        picture = Image.open(io.BytesIO(page.screenshot()))
        browser.close()
    picture.convert("RGB").quantize(128).save(ROOT / ".assets" / "chat.png", optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
