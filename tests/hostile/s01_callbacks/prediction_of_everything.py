# tries: predicts with a value that is equal to any list, and calls back with one equal to any payment
# expect: failed test_prediction
# expect: failed test_pays_the_first_order
# kind: behaviour
class Anything(list):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __len__ = lambda self: 1
    __iter__ = lambda self: iter([self])


PREDICTION = Anything()


def checkout(services, user_id, on_done, on_error):
    on_done(Anything())
