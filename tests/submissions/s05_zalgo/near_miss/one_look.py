# expect: failed test_finds_zalgo
# expect: passed test_calls_back_after_it_has_returned
# mistake: classify asks once, and takes the first answer for all
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
    told = []
    fn(told.append, told.append)
    return "sync" if told else "async"
