# expect: failed test_callers_exception_is_the_callers
# expect: passed test_calls_back_after_it_has_returned
# expect: passed test_tells_once
# mistake: a try round the callback, so that the caller never hears of his own mistake
# kind: behaviour
def always_later(call_soon, fn):
    def later(on_done, on_error):
        heard = []

        def safely(callback, value):
            try:
                callback(value)
            except Exception as error:
                print("a callback failed:", error)

        def tell(callback):
            def hear(value):
                if not heard:
                    heard.append(value)
                    call_soon(safely, callback, value)

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
