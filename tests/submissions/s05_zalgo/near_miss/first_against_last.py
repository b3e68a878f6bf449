# expect: failed test_finds_zalgo
# expect: passed test_tells_sync_from_async
# mistake: classify compares the first call with the last, and misses one in between
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
        try:
            fn(done, failed)
        except Exception as error:
            failed(error)

    return later


def classify(fn):
    seen = []
    for _ in range(10):
        told = []
        fn(told.append, told.append)
        seen.append(bool(told))
    if seen[0] is not seen[-1]:
        return "both"
    return "sync" if seen[0] else "async"
