"""Which language is spoken, and how a sentence is made in it."""

import gettext

import pytest

from grader.language import Language, language, say, say_count, speak, speaking, spoken, wanted


class Loud(gettext.NullTranslations):
    """A language in which everything is shouted."""

    def gettext(self, message):
        return message.upper().replace("{WHO}", "{who}")


def test_a_sentence_is_english_by_default():
    """Without a choice a message is said as it stands, with its places filled."""
    assert say("the payment of order {order}", order=11) == "the payment of order 11"


def test_a_message_without_values_is_taken_as_it_is():
    """A title may hold braces; an empty one is not the header of a catalogue."""
    with speaking(language("ko")):
        assert say("gives {} for {nobody}") == "gives {} for {nobody}"
        assert say("") == ""


def test_what_a_submission_says_is_never_a_message():
    """Braces in a value stay what they are."""
    assert say("{what} broke the loop", what="{0.__class__}") == "{0.__class__} broke the loop"


def test_numbers_have_their_own_forms():
    """English knows one and many; Korean has one form for both."""
    forms = "{count} check to go", "{count} checks to go"

    english = say_count(*forms, 1), say_count(*forms, 2)
    with speaking(language("ko")):
        korean = say_count(*forms, 1), say_count(*forms, 2)

    assert english == ("1 check to go", "2 checks to go")
    assert korean == ("검사 1개 남음", "검사 2개 남음")


def test_a_language_is_spoken_for_a_while():
    """Afterwards the one from before is spoken, whatever was chosen meanwhile."""
    with speaking(Language("loud", Loud())):
        loud = say("hello {who}", who="you")
        speak(language("ko"))

    assert loud == "HELLO you"
    assert spoken().code == "en"


def test_what_is_not_translated_is_said_in_english():
    """A stage that nobody has translated yet is graded all the same."""
    with speaking(language("ko")):
        assert say("no catalogue holds {this}", this=1) == "no catalogue holds 1"


def test_titles_of_stages_are_in_their_own_catalogues():
    """The grader's catalogue and those of the stages are one language."""
    title = "Goes on once when a service answers twice."

    with speaking(language("ko")):
        assert say(title) == "서비스가 두 번 답해도 한 번만 이어 간다."


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko"}, "ko"),
        ({"LANG": "ko-KR"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ko_KR.UTF-8"}, "ko"),
        ({"LC_MESSAGES": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LC_ALL": "", "LANG": "ko_KR"}, "ko"),
        ({"UNBLOCKED_LANGUAGE": "ko", "LC_ALL": "C.UTF-8"}, "ko"),
        ({"UNBLOCKED_LANGUAGE": "en", "LANG": "ko_KR.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_environment_chooses(environ, code):
    """Our own variable comes first, then the locale as POSIX orders it; English is the rest."""
    assert wanted(environ) == code
