# style: fn itself is asked later: then its callbacks come later, too
from functools import partial


def always_later(call_soon, fn):
    def ask(on_done, on_error):
        words = []

        def first(callback, value):
            words.append(value)
            if len(words) == 1:
                call_soon(callback, value)

        try:
            fn(partial(first, on_done), partial(first, on_error))
        except Exception as error:
            first(on_error, error)

    return lambda on_done, on_error: call_soon(ask, on_done, on_error) and None


def classify(fn):
    times = [0, 0]

    def hear(_):
        times[returned] += 1

    answers = []
    for _ in range(10):
        returned, before = 0, times[0]
        fn(hear, hear)
        returned = 1
        answers.append(times[0] > before)
    if all(answers):
        return "sync"
    return "both" if any(answers) else "async"
