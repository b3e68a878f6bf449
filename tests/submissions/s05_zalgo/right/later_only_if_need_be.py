# style: what comes after the return is passed on directly, the rest by call_soon
def always_later(call_soon, fn):
    def later(on_done, on_error):
        returned = over = False

        def tell(callback, value):
            nonlocal over
            if over:
                return
            over = True
            if returned:
                callback(value)
            else:
                call_soon(callback, value)

        try:
            fn(lambda value: tell(on_done, value), lambda error: tell(on_error, error))
        except Exception as error:
            tell(on_error, error)
        returned = True

    return later


def classify(fn):
    def at_once():
        told = False

        def hear(_):
            nonlocal told
            told = True

        fn(hear, hear)
        return told

    first = at_once()
    kind = "sync" if first else "async"
    for _ in range(9):
        if at_once() is not first:
            kind = "both"
    return kind
