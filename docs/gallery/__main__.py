"""Screenshots of every kind of report, at the width of a desktop and of a phone.

`python -m docs.gallery` simulates a small result of each kind, writes its page, opens it in the
browser that is there, offline, and writes docs/gallery/*.jpg with an index of them. It says how
many A4 sheets each page prints on and whether it scrolls sideways, and exits with 1 if a page
takes more than six sheets, or is wider than its screen. `--pages FOLDER` keeps the pages; some
minutes on two cores. `--lab` makes those of the lab instead; see docs/gallery/lab.py.
"""

import argparse
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from docs.gallery import lab

import underwatch as uw

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTHS = {1280: 1700, 360: 1700}  # pixels: of a screen, and of the picture's height
MOST_SHEETS = 6
QUALITY = 72


def run() -> uw.Run:
    """One run."""
    return uw.run("atlantic-2018", citizens=50_000)


def replicates():
    return uw.run("atlantic-2018", citizens=8000, seeds=5)


def comparison():
    return uw.compare("unwatched", "atlantic-2018", "safeguarded", citizens=8000, seeds=3)


def attribution():
    organs = ["M1", "M7", "M12", "M20"]
    return uw.attribute("atlantic-2018", "chilled_acts", organs=organs, citizens=3000, seeds=3)


def frontier():
    safeguards = "no_speech,wall,minimise,retain"
    return uw.frontier("atlantic-2018", safeguards=safeguards, citizens=3000, seeds=3)


def diffusion():
    return uw.diffusion("diffusion", citizens=300)


def explanation():
    made = uw.run("atlantic-2018", citizens=20_000)
    worst = made.find(wrongful=True, order="restricted_days", limit=1)
    return uw.explain(made, int(worst.index[0]), twin="safeguarded")


def assessment():
    return uw.assess("station", citizens=50_000, seeds=5)


KINDS: dict[str, Callable] = {
    "run": run,
    "replicates": replicates,
    "comparison": comparison,
    "attribution": attribution,
    "frontier": frontier,
    "diffusion": diffusion,
    "explanation": explanation,
    "assessment": assessment,
}


def pages(folder: Path, kinds: list[str]) -> None:
    """Simulate each kind and write its page; a page that is there already is kept."""
    for kind in kinds:
        if not (folder / f"{kind}.html").exists():
            print(f"simulating: {kind}", file=sys.stderr)
            KINDS[kind]().report(folder / f"{kind}.html")


def photographed(folder: Path, kinds: list[str], browser) -> list[str]:
    """Write the pictures of each page; what is wrong with a page, one sentence each."""
    faults = []
    for kind in kinds:
        for width, height in WIDTHS.items():
            page = browser.new_page(viewport={"width": width, "height": height}, offline=True)
            page.goto((folder / f"{kind}.html").as_uri())
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                faults.append(f"{kind} is {wide} pixels wide on a screen of {width}")
            page.screenshot(path=HERE / f"{kind}-{width}.jpg", type="jpeg", quality=QUALITY)
            if width == max(WIDTHS):
                sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
                print(f"{kind}: {sheets} A4 sheets")
                if sheets > MOST_SHEETS:
                    faults.append(f"{kind} prints on {sheets} A4 sheets")
            page.close()
    return faults


def index(folder: Path, kinds: list[str]) -> str:
    """The page that shows the pictures, each with the finding that is its title."""
    words = {kind: f"{'an' if kind[0] in 'ae' else 'a'} {kind}" for kind in kinds}
    words["replicates"] = "replicates"
    parts = ["# Gallery", "", "Made by `python -m docs.gallery` from small simulations. Everyone "
             "in them is invented; the first screens of each page are shown, on a desktop and on "
             "a phone."]  # fmt: skip
    for kind in kinds:
        text = (folder / f"{kind}.html").read_text("utf-8")
        title = re.search(r"<h1>(.*?)</h1>", text, re.DOTALL).group(1).strip()
        parts += ["", f"## {kind.capitalize()}", "", f"*{title}*", "",
                  f"![The page of {words[kind]} on a desktop]({kind}-1280.jpg)",
                  f"![The same page on a phone]({kind}-360.jpg)"]  # fmt: skip
    return "\n".join([*parts, *lab.index()]) + "\n"


def of_the_lab(browser, kept: Path | None) -> list[str]:
    """Write the pictures of the lab and their part of the index; what is wrong with a view."""
    with lab.served(kept) as address:
        faults = lab.photographed(browser, address, WIDTHS, QUALITY)
    page = HERE / "index.md"
    before = page.read_text("utf-8").partition("\n## Lab\n")[0].rstrip("\n")
    page.write_text("\n".join([before, *lab.index()]) + "\n", "utf-8")
    return faults


def main() -> int:
    """Simulate, photograph, and say what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--pages",
        type=Path,
        help="Folder for the pages, or the runs of the lab; those there are used.",
    )
    parser.add_argument("--kinds", default=",".join(KINDS), help="Which kinds, between commas.")
    parser.add_argument("--lab", action="store_true", help="The views of the lab.")
    options = parser.parse_args()
    kinds = [kind for kind in options.kinds.split(",") if kind in KINDS]
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        print("No browser found: install Debian's package chromium, or Chrome.", file=sys.stderr)
        return 1
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as scratch:
        folder = options.pages or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if not options.lab:
            pages(folder, kinds)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found)
            faults = (
                of_the_lab(browser, options.pages)
                if options.lab
                else photographed(folder, kinds, browser)
            )
            browser.close()
        if len(kinds) == len(KINDS) and not options.lab:
            (HERE / "index.md").write_text(index(folder, kinds), "utf-8")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
