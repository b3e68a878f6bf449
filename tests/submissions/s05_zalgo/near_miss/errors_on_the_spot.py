# expect: failed test_errors_come_later_too
# expect: passed test_calls_back_after_it_has_returned
# expect: passed test_tells_once
# expect: passed test_passes_on_what_comes_later
# mistake: defers answers and not errors: on_error is called before the function has returned
# kind: behaviour
def always_later(call_soon, fn):
    def later(on_done, on_error):
        heard = []

        def done(value):
            if not heard:
                heard.append(value)
                call_soon(on_done, value)

        def failed(error):
            if not heard:
                heard.append(error)
                on_error(error)

        try:
            fn(done, failed)
        except Exception as error:
            failed(error)

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
