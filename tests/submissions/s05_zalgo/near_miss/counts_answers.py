# expect: failed test_finds_zalgo
# expect: passed test_calls_back_after_it_has_returned
# expect: passed test_passes_on_what_comes_later
# expect: passed test_tells_sync_from_async
# mistake: it counts the answers, of which there may be two to one call
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

        try:
            fn(lambda value: answer(on_done, value), lambda error: answer(on_error, error))
        except Exception as error:
            answer(on_error, error)

    return later


def classify(fn):
    told = []
    for _ in range(TRIES):
        fn(told.append, told.append)
    if not told:
        return "async"
    return "sync" if len(told) >= TRIES else "both"
