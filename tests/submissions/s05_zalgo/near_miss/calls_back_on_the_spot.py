# expect: failed test_calls_back_after_it_has_returned
# expect: passed test_passes_on_what_comes_later
# expect: passed test_finds_zalgo
# mistake: passes the callbacks on as they are, so an answer that is there at once is told at once
# kind: behaviour
def always_later(call_soon, fn):
    def later(on_done, on_error):
        heard = []

        def tell(callback):
            def hear(value):
                if not heard:
                    heard.append(value)
                    callback(value)

            return hear

        done, failed = tell(on_done), tell(on_error)
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
