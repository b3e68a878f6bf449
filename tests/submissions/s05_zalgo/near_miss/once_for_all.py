# expect: failed test_answers_each_asking
# expect: failed test_keeps_the_order
# expect: passed test_calls_back_after_it_has_returned
# expect: passed test_tells_once
# mistake: one flag for the function, not one for each asking: the second caller hears nothing
# kind: stuck
def always_later(call_soon, fn):
    heard = []

    def later(on_done, on_error):

        def tell(callback):
            def hear(value):
                if not heard:
                    heard.append(value)
                    call_soon(callback, value)

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
