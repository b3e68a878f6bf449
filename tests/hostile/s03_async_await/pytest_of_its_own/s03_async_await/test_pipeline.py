def test_pays_the_first_order():
    pass
