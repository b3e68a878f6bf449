# style: a future is told once, and calls back by the loop
import asyncio


def always_later(call_soon, fn):
    def later(on_done, on_error):
        future = asyncio.get_running_loop().create_future()

        def tell(settled):
            error = settled.exception()
            if error is None:
                on_done(settled.result())
            else:
                on_error(error)

        def done(value):
            if not future.done():
                future.set_result(value)

        def failed(error):
            if not future.done():
                future.set_exception(error)

        future.add_done_callback(tell)
        try:
            fn(done, failed)
        except Exception as error:
            failed(error)

    return later


def classify(fn):
    marks = ""
    for _ in range(10):
        told = []
        fn(told.append, told.append)
        marks += "s" if told else "a"
    return {"s" * 10: "sync", "a" * 10: "async"}.get(marks, "both")
