"""Places in running text: forms, homonyms, governments."""

import pytest

from services.texts import compose, tag


def places(text, scheme="unit", **given):
    return {one.value for one in tag("", text, **given).tags if one.scheme == scheme}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Clashes in Batken Region.", "KG-B"),
        ("Перестрелка в Баткенской области.", "KG-B"),
        ("Баткен облусунда жаңжал болду.", "KG-B"),
        ("Seizure in Surkhandarya.", "UZ-SU"),
        ("Сурхондарё вилоятида йиғилиш.", "UZ-SU"),
        ("Surxondaryo viloyatida yigʻilish.", "UZ-SU"),
        ("Түркістан облысында семинар өтті.", "KZ-61"),
        ("В Туркестанской области прошёл семинар.", "KZ-61"),
        ("Дар вилояти Хатлон семинар шуд.", "TJ-KT"),
        ("В Горно-Бадахшанской автономной области тихо.", "TJ-GB"),
        ("Balkan welaýatynda maslahat geçirildi.", "TM-B"),
        ("در ولایت هلمند حمله شد.", "AF-HEL"),
        ("In Kunduz Province shops closed.", "AF-KDZ"),
        ("Семинар в Ошской области.", "KG-O"),
        ("Семинар в Оше.", "KG-GO"),
        ("Алматы облысында жиналыс өтті.", "KZ-19"),
        ("Алматыда жиналыс өтті.", "KZ-75"),
        ("В Самарканде и окрестностях.", "UZ-SA"),
        ("Toshkent viloyatida yigʻilish.", "UZ-TO"),
        ("Toshkentda yigʻilish.", "UZ-TK"),
    ],
)
def test_a_province_is_found_in_its_languages_and_forms(text, unit):
    assert places(text) == {unit}
    assert places(text, "country") == {unit[:2]}


def test_a_town_gives_its_unit_and_its_country_with_the_same_words():
    found = [one for one in tag("", "Пост под Исфарой закрыт.").tags if one.method == "gazetteer"]
    assert {one.value for one in found} == {"TJ-SU/isfara", "TJ-SU", "TJ"}
    assert {one.spans for one in found} == {found[0].spans}


def test_a_name_of_two_places_is_read_by_the_rest_of_the_text():
    assert places("A seizure in Jalalabad, Nangarhar.") == {"AF-NAN"}
    assert places("Жалал-Абадда жана Ошто жыйын өттү.") == {"KG-J", "KG-GO"}


def test_a_name_of_two_places_is_read_by_the_sender_where_the_text_is_silent():
    assert places("A meeting in Jalalabad.", sender_countries=("KG",)) == {"KG-J"}
    assert places("A meeting in Jalalabad.", sender_countries=("AF",)) == {"AF-NAN"}


@pytest.mark.parametrize(
    "text",
    [
        "Mary wrote a letter.",
        "The oral exam was hard.",
        "Кант писал о мире.",
        "a talas of sheep near osh",
        "The Balkan countries met.",
        "Скоро откроют дорогу.",  # with an ending of another language
        "The film was shown in Paris.",
        "Семей стало меньше.",
        "Мария ждала. В Гаване был дождь.",
        "Кабмин Украины принял решение.",  # an institution of another country
        "AQSH prezidenti nutq soʻzladi.",
        "ABŞ-nyň prezidenti söz sözledi.",
        "The State Security Service of Georgia reported.",
        "The SOM was held in Vienna.",  # no money
        "Videolar oʻzbek tilidagi kanalda tarqaldi.",  # a language
        "Uzbek-speaking recruiters posted in the Kyrgyz language.",
        "Реклама на узбекском языке подорожала.",
    ],
)
def test_a_common_word_is_no_place(text):
    assert not places(text, "country")


def test_a_common_word_is_a_place_beside_its_country():
    assert places("In Mary, Turkmenistan, a course was held.") == {"TM-M"}


def test_a_capital_that_speaks_is_a_government_and_no_place():
    assert not places("Tashkent said that it would help.")
    assert places("A conference was held in Tashkent.") == {"UZ-TK"}


def test_who_is_active_in_a_country_speaks_for_its_place_of_a_shared_name():
    assert places("Jalolobodda qoʻlga olingan odam tolibonlarga pul bergan.") == {"AF-NAN"}
    assert places("Jalolobodda qoʻlga olingan odam ukasiga pul bergan.") == {"KG-J"}
    assert not places("Tolibonlar pul soʻradi.")
    assert "AF-NAN" not in places("A Taliban delegation, sent by the Taliban, visited Jalalabad and Bishkek.")


def test_a_theatre_or_a_bazaar_hints_at_the_town_where_no_place_is_named():
    for text in ("Дар театри Лоҳутӣ намоиши нав баромад.", "В театре Лахути показали новую пьесу."):
        told = {one.value: one.confidence for one in tag("", text).tags if one.scheme == "unit"}
        assert told == {"TJ-DU": 0.5}
    assert places("Труппа театра Лахути приехала в Худжанд.") == {"TJ-SU"}
    assert not places("Певица Костенко пела, а Максим Горький слушал.")


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Алматыда ұсталғандарға Ауғанстандағы топтан нұсқау келген.", "KZ"),
        ("Ошто кармалгандарга Ооганстандагы уюмдан көрсөтмө келген.", "KG"),
        ("Бішкекте келісімге қол қойылды, келесі жиын Ташкентте өтеді.", "KG"),
    ],
)
def test_where_somebody_is_who_acts_elsewhere_and_where_one_will_meet_is_no_place(text, country):
    assert places(text, "country") == {country}


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("A fire broke out at a mill in Kokshetau; a commission left Pavlodar to look at it.", {"KZ-11"}),
        ("Police in Osh and Batken searched nine houses.", {"KG-GO", "KG-B"}),
        ("Police searched a house in Osh. In Batken they found nothing.", {"KG-GO", "KG-B"}),
        ("Police searched a house in Osh.\nA shop in Batken was robbed.", {"KG-GO", "KG-B"}),
        ("A man was held in Naryn. Later Talas was searched; Talas is quiet.", {"KG-N", "KG-T"}),
        ("Arrests in Termez were ordered by a planner in Kunar.", {"UZ-SU"}),
    ],
)
def test_a_unit_named_in_passing_is_no_place_unless_it_is_listed_repeated_or_a_new_scene(text, units):
    assert places(text) == units


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Бишкекский зоопарк просит денег на ограду.", "KG-GB"),
        ("Актюбинские следователи раскрыли схему.", "KZ-15"),
        ("Семинар провели в Чолпон-Ате.", "KG-Y"),
        ("Семинар провели в Алма-Ате.", "KZ-75"),
        ("На пункте «Жибек Жолы» открыли новый зал.", "KZ-61"),
        ("Kant: the growers met on Monday.", "KG-C"),
        ("В столичном театре Таджикистана дали премьеру.", "TJ-DU"),
    ],
)
def test_a_place_is_read_as_an_adjective_in_quotation_marks_and_as_a_dateline(text, unit):
    assert places(text) == {unit}


def test_a_river_is_no_place_of_its_name():
    assert places("Сарыағаш ауданында Келес өзенінен екі адам өтті.") == {"KZ-61"}


def test_a_border_named_by_two_peoples_is_in_both_countries():
    assert places("Стрельба на кыргызско-таджикской границе.", "country") == {"KG", "TJ"}


def test_spans_refer_to_title_line_break_and_text():
    title, text = "Отчёт", "Ташкентская область и г. Ош"
    for one in tag(title, text).tags:
        if one.value in {"UZ-TO", "KG-GO"}:
            words = {compose(title, text)[start:end] for start, end in one.spans}
            assert words <= {"Ташкентская область", "Ош"}
            assert words


@pytest.mark.parametrize(
    ("text", "language", "units", "countries"),
    [
        # a road from or to a country, its citizen, its office, who acts, where somebody stays
        ("Qarshida Afgʻonistonga ketayotgan yuk topildi.", "uz", {"UZ-QA"}, {"UZ"}),
        ("Дар Кӯлоб шаҳрванди Афғонистон боздошт шуд.", "tg", {"TJ-KT"}, {"TJ"}),
        ("Hyratda partlama boldy. Türkmenistanyň Daşary işler ministrligi gynanç bildirdi.", "tk", {"AF-HER"}, {"AF"}),
        ("Дар Ҳироти Афғонистон заминларза шуд. Тоҷикистон хайма мефиристад.", "tg", {"AF-HER"}, {"AF"}),
        ("Buyruq Afgʻonistonda yashirinib yurgan rahbardan Andijonga kelgan.", "uz", {"UZ-AN"}, {"UZ"}),
        # the capital by that word, and a capital that speaks
        ("Poytaxtda bank ishlamadi.", "uz", {"UZ-TK"}, {"UZ"}),
        ("Дар пойтахти Афғонистон таркиш шуд.", "tg", {"AF-KAB"}, {"AF"}),
        ("Дар Қундузи Афғонистон таркиш шуд. Душанбе ба хонаводаҳо изҳори тасаллият кард.", "tg", {"AF-KDZ"}, {"AF"}),
        # what is in, or comes from, another country than the event's; the same with nothing named before it
        ("Atyrauda topar Owganystandaky ýolbaşçy bilen habarlaşypdyr.", "tk", {"KZ-23"}, {"KZ"}),
        ("Термиз шаҳрига Балхдан дрон учиб келди.", "uz", {"UZ-SU"}, {"UZ"}),
        ("Кундуздагы атышуудан кийин Хорогдо бекет ачылды.", "ky", {"AF-KDZ", "TJ-GB"}, {"AF", "TJ"}),
        # delegates' countries, one or a list
        ("Дар Остона мутахассисони Тоҷикистон, Ӯзбекистон ва Қирғизистон нишастанд.", "tg", {"KZ-71"}, {"KZ"}),
        # the capital of a text's own language, though it names another people; a state's body in that language
        ("Дар фурудгоҳи пойтахт тоҷири афғон боздошт шуд.", "tg", {"TJ-DU"}, {"TJ"}),
        ("Migrasiýa gullugy sanawy serhetçilere berdi.", "tk", set(), {"TM"}),
        # what comes next is elsewhere
        ("Andijonda yigʻilish boʻldi. Keyingi uchrashuv Oʻshda oʻtadi.", "uz", {"UZ-AN"}, {"UZ"}),
        # a district by its kind, a name of two countries by the country beside it
        ("Дар ноҳияи Сино силоҳ ёфт шуд.", "tg", {"TJ-DU"}, {"TJ"}),
        ("در ولسوالی درواز تاجیکستان نشست شد.", "fa", {"TJ-GB"}, {"TJ"}),
        # words of a name joined, apart or with the zero-width non-joiner; a weekday that is written as a city
        ("در پل‌علم نشست شد.", "fa", {"AF-LOG"}, {"AF"}),
        ("در پل علم نشست شد.", "fa", {"AF-LOG"}, {"AF"}),
        ("شب دوشنبه در بیشکک مردی بازداشت شد.", "fa", {"KG-GB"}, {"KG"}),
    ],
)
def test_a_place_is_where_it_happened(text, language, units, countries):
    assert places(text, language=language) == units
    assert places(text, "country", language=language) == countries


_LONG = " Those who saw it wrote it down the same evening and sent it on to all who had asked, word for word." * 2


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("The fishermen by Hazar pulled a barrel out of the water." + _LONG, {"TM"}),
        ("The fishermen by Hazar pulled it out, and the akim of Atyrau thanked them." + _LONG, {"KZ"}),  # not by itself
        ("The fishermen by Hazar pulled it out.", set()),  # too short to tell
        ("They told Mary, Karim and Temir, and Kant was read." + _LONG, set()),  # of more than one country
        ("Читали о хазарском каганате." + " Все, кто это видел, записали всё и разослали тем, кто просил." * 4, set()),
        ("Mary wrote a letter." + _LONG, set()),  # what begins a sentence has a great letter in any case
        ("Хоким и отынчи обошли дома, а узбекский имам молчал.", {"UZ"}),  # surer than a people's name, and no rival
        ("Хоким соседней области молчал, а на базаре в Оше всё шло своим чередом.", {"KG"}),  # a place is surer
        ("Жогорку Кенеш лойиҳани маъқуллади, Бош прокуратура вакили қарши чиқди.", {"KG"}),  # what Uzbek says of all
        ("Лойиҳани маъқуллади, Бош прокуратура вакили қарши чиқди, овоз бериш қолди.", {"UZ"}),
        ("Штраф составил сорок тысяч тенге.", {"KZ"}),
        ("Штраф составил сорок тысяч тенге, сообщил джамоат.", {"TJ"}),  # money last
        ("Кабмин Украины молчал, и Манас тоже.", set()),  # an institution of elsewhere is no evidence for a name
        ("The parliaments of the five states ratified it.", {"KZ", "KG", "TJ", "TM", "UZ"}),
    ],
)
def test_where_no_place_is_named_what_one_country_alone_has_tells_of_it(text, countries):
    assert places(text, "country") == countries
