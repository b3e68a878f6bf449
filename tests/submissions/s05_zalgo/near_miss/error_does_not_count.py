# expect: failed test_tells_once
# expect: passed test_calls_back_after_it_has_returned
# expect: passed test_passes_on_what_comes_later
# expect: passed test_errors_come_later_too
# mistake: whatever comes after an error is told, too
# kind: behaviour
TRIES = 10


def always_later(call_soon, fn):
    def later(on_done, on_error):
        answered = False

        def answer(callback, value):
            nonlocal answered
            if not answered:
                answered = True
                call_soon(callback, value)

        def fail(error):
            if not answered:
                call_soon(on_error, error)

        try:
            fn(lambda value: answer(on_done, value), fail)
        except Exception as error:
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
