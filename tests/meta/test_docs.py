"""Every page is found from the navigation, every link leads somewhere, and nothing comes from another host."""

import re

import pytest
import yaml

from docs.pages import foreign, linked, named, reached, spread, without_folders

WORKPLACE = re.compile(r"/(home|root|tmp)/")
"""A machine's own paths: the pages are for everybody's."""


@pytest.fixture
def nav(root):
    """The site's navigation, with its patterns spread."""
    return spread(yaml.safe_load((root / "mkdocs.yml").read_text(encoding="utf-8"))["nav"], root)


@pytest.fixture
def pages(root, nav):
    """All pages of the site."""
    return [path for path in reached(named(nav), root) if path.endswith(".md")]


def test_each_page_is_reachable(root, pages):
    """Whoever adds a page need not remember to list it, and nobody can lose one."""
    written = [
        *root.glob("docs/**/*.md"),
        *root.glob("exercises/**/README*.md"),
        *root.glob("*.md"),
    ]
    lost = sorted({path.relative_to(root).as_posix() for path in written} - set(pages))

    assert not lost, f"no way leads to {', '.join(lost)}: name it in mkdocs.yml, or link to it"


def test_navigation_names_pages_that_exist(root, nav):
    """A page that was moved is noticed."""
    missing = [path for path in named(nav) if not (root / path).is_file()]

    assert not missing, f"mkdocs.yml names {missing[0]}, which is not there"


def test_navigation_names_each_page_once(nav):
    """Next and previous lead through all pages, and round in no circle."""
    paths = list(named(nav))

    assert sorted(paths) == sorted(set(paths))


def test_links_lead_somewhere(root, pages):
    """Each link of each page works where GitHub shows it, and so does it on the site."""
    broken = [
        f"{page}: {target}"
        for page in pages
        for target in linked(page, (root / page).read_text(encoding="utf-8"))
        if not (root / target).exists()
    ]

    assert not broken, f"links that lead nowhere: {', '.join(broken)}"


def test_pages_are_of_no_machine(root, pages):
    """No page speaks of the place where it was written."""
    found = [page for page in pages if WORKPLACE.search((root / page).read_text(encoding="utf-8"))]

    assert not found


def test_pattern_takes_what_no_line_names(tmp_path):
    """A page that has a place of its own does not come again with the pattern."""
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).touch()

    nav = spread(["b.md", {"Others": ["*.md"]}], tmp_path)

    assert nav == ["b.md", {"Others": ["a.md", "c.md"]}]


def test_linked_files_come_along(tmp_path):
    """Pages are followed from link to link; files that are no pages come, too, and are not read."""
    (tmp_path / "below").mkdir()
    (tmp_path / "start.md").write_text(
        "[next](below/next.md#there), [far](https://example.org/x.md)"
    )
    (tmp_path / "below/next.md").write_text("![picture](a.svg), [back](../start.md), [gone](no.md)")
    (tmp_path / "below/a.svg").write_text("[not read](b.md)")
    (tmp_path / "below/b.md").touch()

    assert reached(iter(["start.md"]), tmp_path) == ["start.md", "below/next.md", "below/a.svg"]


def test_link_to_a_folder_becomes_words(tmp_path):
    """GitHub lists folders; the site has no page for one."""
    (tmp_path / "programs").mkdir()
    (tmp_path / "page.md").touch()

    text = without_folders("docs/a.md", "[these](../programs), [that](../page.md)", tmp_path)

    assert text == "these, [that](../page.md)"


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://example.org/a.js"></script>',
        '<img src="//example.org/a.png">',
        '<link rel="stylesheet" href="http://example.org/a.css">',
        '<link rel="preconnect" href="https://example.org">',
        "<style>@import 'https://example.org/a.css';</style>",
        "body { background: url(https://example.org/a.png) }",
    ],
)
def test_foreign_host_is_noticed(text):
    """Whatever a browser would fetch from elsewhere is named."""
    (address,) = foreign(text)

    assert "//example.org" in address


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://example.org/">read on</a>',
        '<link rel="canonical" href="https://example.org/">',
        '<script src="assets/a.js"></script>',
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        "body { background: url(a.png) } /* https://example.org */",
    ],
)
def test_what_is_not_fetched_is_no_complaint(text):
    """Links that one may click, and names that look like addresses, are nobody's fetch."""
    assert foreign(text) == []
