# expect: failed test_calls_back_after_it_has_returned
# expect: passed test_tells_sync_from_async
# mistake: waits on the spot, so that it comes later: the loop stands still
# kind: blocking
import time


def always_later(call_soon, fn):
    def later(on_done, on_error):
        heard = []

        def tell(callback):
            def hear(value):
                if not heard:
                    heard.append(value)
                    time.sleep(0.05)
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
