# expect: failed test_errors_come_later_too
# expect: passed test_calls_back_after_it_has_returned
# expect: passed test_passes_on_what_comes_later
# expect: passed test_tells_once
# mistake: only a ShopError that the function raises is told
# kind: behaviour
from shop import ShopError

TRIES = 10


def always_later(call_soon, fn):
    def later(on_done, on_error):
        answered = False

        def answer(callback, value):
            nonlocal answered
            if not answered:
                answered = True
                call_soon(callback, value)

        try:
            fn(lambda value: answer(on_done, value), lambda error: answer(on_error, error))
        except ShopError as error:
            answer(on_error, error)

    return later


def classify(fn):
    seen = {_answers_at_once(fn) for _ in range(TRIES)}
    if len(seen) > 1:
        return "both"
    return "sync" if True in seen else "async"


def _answers_at_once(fn):
    told = []
    fn(told.append, told.append)
    return bool(told)
