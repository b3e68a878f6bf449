"""What may be read never holds what is hidden, wherever the grader is installed."""

from grader.walls.landlock import READ
from grader.walls.places import readable, without


def installed(tmp_path):
    """A grader among other packages, as `pip install` leaves it."""
    for path in ("lib/site/grader/judge", "lib/site/anyio", "lib/site/shop", "lib/json"):
        (tmp_path / path).mkdir(parents=True)
    return tmp_path / "lib"


def test_folder_without_anything_hidden_is_shown_whole(tmp_path):
    lib = installed(tmp_path)

    assert without({str(lib / "json"): READ}, [str(lib / "site/grader")]) == {
        str(lib / "json"): READ
    }


def test_folder_that_holds_the_grader_is_shown_without_it(tmp_path):
    lib = installed(tmp_path)

    shown = without({str(lib): READ}, [str(lib / "site/grader")])

    assert set(shown) == {str(lib / "json"), str(lib / "site/anyio"), str(lib / "site/shop")}


def test_hidden_folder_itself_is_never_shown(tmp_path):
    lib = installed(tmp_path)

    assert without({str(lib / "site/grader"): READ}, [str(lib / "site/grader")]) == {}


def test_similar_name_is_not_hidden(tmp_path):
    """`grader_extras` is none of ours."""
    (tmp_path / "grader_extras").mkdir()

    shown = without({str(tmp_path / "grader_extras"): READ}, [str(tmp_path / "grader")])

    assert shown


def test_home_is_no_place_to_read():
    assert not [path for path in readable([]) if path in {"/", "/home", "/root", "/etc", "/usr"}]
