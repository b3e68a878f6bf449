# expect: failed test_errors_come_later_too
# expect: passed test_calls_back_after_it_has_returned
# expect: passed test_tells_once
# mistake: an exception that fn raises at once goes to whoever called, and on_error never hears of it
# kind: behaviour
def always_later(call_soon, fn):
    def later(on_done, on_error):
        heard = []

        def tell(callback):
            def hear(value):
                if not heard:
                    heard.append(value)
                    call_soon(callback, value)

            return hear

        done, failed = tell(on_done), tell(on_error)
        fn(done, failed)

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
