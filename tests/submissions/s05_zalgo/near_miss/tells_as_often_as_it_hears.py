# expect: failed test_tells_once
# expect: passed test_calls_back_after_it_has_returned
# expect: passed test_keeps_the_order
# expect: passed test_answers_each_asking
# mistake: hands every word to call_soon: who answers twice is heard twice
# kind: behaviour
def always_later(call_soon, fn):
    def later(on_done, on_error):
        def failed(error):
            call_soon(on_error, error)

        try:
            fn(lambda value: call_soon(on_done, value), failed)
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
