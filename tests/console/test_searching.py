"""The page on which reports are found: the words in their place, in both languages, and what to do where none is."""

from collections.abc import Callable

from tests.console.conftest import Browser
from tests.world import World


def test_what_is_found_is_shown_with_the_words_that_were_looked_for(
    world: World, browser: Callable[..., Browser]
) -> None:
    ben = browser("ben")
    sent = world.submit("north", title="Взрывы <b>на</b> границе", text=f"Оружие. {'Далее. ' * 60}Взрыв на рынке.")
    world.settle()
    page = ben.get("/search?q=взрыв+граница")
    (row,) = page.select("ol.reports > li")
    assert row.find("a")["href"] == f"/reports/{sent}"
    assert [one.text for one in row.select("h3 mark")] == ["Взрывы", "границе"]
    assert "…" in row.select_one(".piece").text
    assert [one.text for one in row.select(".piece mark")] == ["Взрыв"]
    assert page.find("input", {"name": "q"})["value"] == "взрыв граница"
    day = world.get("north", f"/v1/reports/{sent}")["occurred_from"]
    for query, found in (
        (f"from={day}&to={day}&status=actual", 1),
        (f"from={day[:4]}-12-31", 0),
        ("status=test", 0),
        ("to=x", 1),
    ):
        assert len(ben.get(f"/search?q=взрыв&{query}").select("ol.reports > li")) == found, query
    ben.speak("ru")
    empty = ben.get("/search?q=взрыв+тишина&kind=incident")
    assert "нет всех этих слов" in empty.select_one(".empty").text
    assert empty.select_one(".empty a")["href"].startswith("/search?q=")
    assert "Не более 10 слов" in ben.get("/search?q=a+b+c+d+e+f+g+h+i+j+k").select_one(".fault").text
    assert "Напишите" in ben.get("/search").select_one(".empty").text
