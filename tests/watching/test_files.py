"""Which files have changed: by what they look like, so that no save is lost."""

from grader.watching.files import changes, look
from grader.watching.session import Saved


def test_every_way_to_save_is_seen(tmp_path):
    """A file written, replaced, made and deleted is told once, and an untouched one never."""
    files = {name: tmp_path / name for name in ("written", "replaced", "made", "deleted", "same")}
    for name in ("written", "replaced", "deleted", "same"):
        files[name].write_text("before")
    before = look(files)

    files["written"].write_text("more than before")
    (tmp_path / "new").write_text("before")
    (tmp_path / "new").replace(files["replaced"])
    files["made"].touch()
    files["deleted"].unlink()
    now = look(files)

    told = [Saved("written"), Saved("replaced"), Saved("made"), Saved("deleted", there=False)]
    assert changes(before, now) == told
    assert changes(now, look(files)) == []
