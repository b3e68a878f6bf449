# expect: failed test_keeps_the_order
# expect: passed test_calls_back_after_it_has_returned
# expect: passed test_tells_once
# expect: passed test_answers_each_asking
# mistake: a stack of what is to be told: the last answer is told first
# kind: behaviour
def always_later(call_soon, fn):
    waiting = []

    def tell_one():
        callback, value = waiting.pop()
        callback(value)

    def later(on_done, on_error):
        heard = []

        def tell(callback):
            def hear(value):
                if not heard:
                    heard.append(value)
                    waiting.append((callback, value))
                    call_soon(tell_one)

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
