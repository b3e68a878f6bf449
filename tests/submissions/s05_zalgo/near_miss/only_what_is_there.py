# expect: failed test_passes_on_what_comes_later
# expect: passed test_calls_back_after_it_has_returned
# expect: passed test_errors_come_later_too
# mistake: looks for the answer when fn has returned; what comes later is lost
# kind: stuck
def always_later(call_soon, fn):
    def later(on_done, on_error):
        heard = []
        try:
            fn(lambda value: heard.append((on_done, value)), lambda error: heard.append((on_error, error)))
        except Exception as error:
            heard.append((on_error, error))
        if heard:
            call_soon(*heard[0])

    return later


def classify(fn):
    seen = set()
    for _ in range(10):
        told = []
        fn(told.append, told.append)
        seen.add(bool(told))
    if len(seen) == 2:
        return "both"
    return "sync" if seen.pop() else "async"
