"""What learners read is found in the sources, and nothing else."""

import pytest

from translation.extracting import messages

COMMAND = '''
@click.command("grade")
@click.option("--seed", help="Draw from this seed.")
@click.option("--verbose", is_flag=True)
def command():
    """Grade a submission.

    Twice.
    """
'''
CHECK = '''
@pytest.mark.check(points=2)
async def test_pays_once(shop, submission):
    """Pays once when a service answers twice.

    More for authors.
    """
'''


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('say("order {order}", order=1)', ["order {order}"]),
        ('language.say("a " "long one")', ["a long one"]),
        ('say("one" if single else "other")', ["one", "other"]),
        ('TOLD = {"x": later("kept for later")}', ["kept for later"]),
        ('say_count("{count} check", "{count} checks", 2)', [("{count} check", "{count} checks")]),
        ("say(message, why=why)", []),
        ("words.ngettext(one, many, count)", []),
        ('say("")', []),
        ('print("not for learners")', []),
        ('def say():\n    """No message."""', []),
        (COMMAND, ["Grade a submission.\n\nTwice.", "Draw from this seed."]),
        (CHECK, ["Pays once when a service answers twice."]),
    ],
)
def test_messages_are_found(source, found):
    """Said at once or later, help of commands, titles of checks."""
    assert sorted(map(str, messages(source))) == sorted(map(str, found))
