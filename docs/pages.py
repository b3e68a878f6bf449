"""Which pages the site has: its tree is the repository's, so that a link means the same on GitHub and on the site.

MkDocs reads this file as a hook. What the navigation names is a page, and so is all that those pages link to.
"""

from __future__ import annotations

import logging
import posixpath
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
LINK = re.compile(r"\[([^][]*)\]\((?![a-z]+:)([^)#\s]+)[^)]*\)")
"""A link or a picture that stays in the repository: what is read, and where it leads."""
FOREIGN = re.compile(r"(?:https?:)?//", re.IGNORECASE)
STYLE = re.compile(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')\s]+)", re.IGNORECASE)
NOT_LOADED = {"canonical", "next", "prev", "author", "license"}
"""Relations of a `<link>` that a browser tells, and does not fetch."""

log = logging.getLogger("mkdocs.pages")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Put the repository's pages in the place of those of one folder."""
    from mkdocs.structure.files import File  # noqa: PLC0415 - the tests of this file need no MkDocs

    for file in [file for file in files if file.src_dir == config.docs_dir]:
        files.remove(file)
    config.nav = spread(config.nav or [], ROOT)
    for path in reached(named(config.nav), ROOT):
        files.append(File(path, str(ROOT), config.site_dir, config.use_directory_urls))
    return files


def on_page_markdown(markdown: str, *, page: Page, **_: object) -> str:
    """Write what GitHub takes as MkDocs takes it: folders are no pages, and a fold is told to hold Markdown."""
    text = markdown.replace("<details>", '<details markdown="1">')
    return without_folders(page.file.src_uri, text, ROOT)


def on_post_build(*, config: MkDocsConfig) -> None:
    """Complain of every file of the site that would have a browser fetch from another host."""
    site = Path(config.site_dir)
    for path in sorted([*site.rglob("*.html"), *site.rglob("*.css")]):
        for address in foreign(path.read_text(encoding="utf-8")):
            log.warning("%s would be fetched for %s", address, path.relative_to(site))


def spread(nav: list[Any], root: Path) -> list[Any]:
    """A navigation without patterns: each is replaced by the pages that no other line names."""
    taken = {path for path in named(nav) if "*" not in path}

    def entry(item: Any) -> list[Any]:  # noqa: ANN401 - YAML: a page, or a title over a page or a list
        if isinstance(item, dict):
            return [{title: entries(below)} for title, below in item.items()]
        if "*" not in item:
            return [item]
        found = [path.relative_to(root).as_posix() for path in sorted(root.glob(item))]
        return [path for path in found if path not in taken]

    def entries(below: Any) -> Any:  # noqa: ANN401 - as above
        return below if isinstance(below, str) else [new for old in below for new in entry(old)]

    return list(entries(nav))


def named(nav: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    """The paths in a navigation, in its order."""
    if isinstance(nav, str):
        yield nav
        return
    for item in nav.values() if isinstance(nav, dict) else nav:
        yield from named(item)


def reached(paths: Iterator[str], root: Path) -> list[str]:
    """Those files, and all files that they and their like link to, by whatever way; in the order of finding."""
    found = dict.fromkeys(path for path in paths if (root / path).is_file())
    waiting = list(found)
    for path in waiting:
        if path.endswith(".md"):
            text = (root / path).read_text(encoding="utf-8")
            fresh = [target for target in linked(path, text) if target not in found]
            files = [target for target in dict.fromkeys(fresh) if (root / target).is_file()]
            found.update(dict.fromkeys(files))
            waiting += files
    return list(found)


def linked(path: str, text: str) -> list[str]:
    """Where a page's links lead, from the root of the repository."""
    return [_target(path, link) for _, link in LINK.findall(text)]


def without_folders(path: str, text: str, root: Path) -> str:
    """A page whose links to folders are plain words."""

    def words(link: re.Match[str]) -> str:
        return link[1] if (root / _target(path, link[2])).is_dir() else link[0]

    return LINK.sub(words, text)


def foreign(text: str) -> list[str]:
    """Addresses of other hosts that a browser fetches for a page or a style sheet; those one may click are none."""
    loads = Loads()
    loads.feed(text)
    return [address for address in loads.addresses if FOREIGN.match(address)] + STYLE.findall(text)


class Loads(HTMLParser):
    """Collects what a browser fetches for a page without being asked."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the sources, and the link unless it only tells a relation."""
        values = {name: value or "" for name, value in attrs}
        self.addresses += [values[name] for name in ("src", "srcset", "data") if name in values]
        if tag == "link" and not NOT_LOADED & set(values.get("rel", "").split()):
            self.addresses.append(values.get("href", ""))


def _target(path: str, link: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
