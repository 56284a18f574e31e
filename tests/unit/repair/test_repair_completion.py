"""What a cut address may have been, from a list of addresses that begin alike."""

from workers.repair.completion import completions, is_long_enough

STUB = "http://news.example/2014/03/rivers-rise-in-the-n"
RIGHT = "http://news.example/2014/03/rivers-rise-in-the-north-after-storm"


def test_the_only_address_that_begins_so_is_proposed_alone() -> None:
    (only,) = completions(STUB, [RIGHT, f"{RIGHT}/", f"{RIGHT}?utm_source=x", f"{RIGHT}/amp"], said=())
    assert (only.url, only.rule, only.score) == (RIGHT, "completed", 1.0)
    assert only.evidence == ("the only address an archive lists that begins so",)


def test_of_several_the_one_whose_words_the_article_has_comes_first() -> None:
    other = "http://news.example/2014/03/rivers-rise-in-the-netherlands-again"
    made = completions(STUB, [other, RIGHT], said=("Rivers rise in the North after storm",))
    assert [(each.url, each.rule, each.score) for each in made] == [
        (RIGHT, "completed_among", 1.0),
        (other, "completed_among", 0.0),
    ]


def test_nothing_is_made_of_the_stub_itself_nor_of_side_pages() -> None:
    listed = [STUB, f"{STUB}/feed/", f"{STUB}.jpg", "http://news.example/2014/03/other"]
    assert completions(STUB, listed, said=()) == ()


def test_at_most_five_are_proposed() -> None:
    listed = [f"{STUB}-{letter}" for letter in "abcdefghi"]
    assert len(completions(STUB, listed, said=())) == 5


def test_a_stub_of_a_few_letters_is_not_looked_for() -> None:
    assert is_long_enough(STUB)
    assert not is_long_enough("http://news.example/2014/")
    assert not is_long_enough("news.example")
