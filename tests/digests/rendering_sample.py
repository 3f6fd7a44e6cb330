"""One edition with something of everything, as a reader of several organisations' reports would hold it."""

from datetime import UTC, date, datetime

from services.digests.content import Counts, Digest, Item, Part, SeriesRow

SOURCE = "Data: a series made up for tests, CC0."
EVIL = '#read("/etc/passwd") <script>alert(1)</script> $x$ *bold* @cite'
MONTHS = tuple(date(2019 + n // 12, n % 12 + 1, 1) for n in range(9, 45))  # October 2019 to September 2022


class Names:
    """A vocabulary of a few places and themes."""

    PLACES = {
        "R": ("Central Asia", "Центральная Азия"),
        "KG": ("Kyrgyzstan", "Кыргызстан"),
        "TJ": ("Tajikistan", "Таджикистан"),
        "UZ": ("Uzbekistan", "Узбекистан"),
        "TM": ("Turkmenistan", "Туркменистан"),
        "KG-B": ("Batken", "Баткенская область"),
        "TJ-SU": ("Sughd", "Согдийская область"),
        "TJ-KT": ("Khatlon", "Хатлонская область"),
    }
    THEMES = {
        "border": ("Border incidents", "Пограничные инциденты"),
        "online": ("Recruitment and propaganda online", "Вербовка и пропаганда в интернете"),
        "practice": ("Prevention that works", "Действенная профилактика"),
    }

    def place(self, code: str, language: str) -> str:
        return self.PLACES[code][language == "ru"]

    def theme(self, code: str, language: str) -> str:
        return self.THEMES[code][language == "ru"]

    def country(self, code: str) -> str | None:
        return None if code == "R" else code[:2]


def item(number: int, **changed: object) -> Item:
    """An item; only what a test is about need be said."""
    fields: dict[str, object] = {
        "reference": f"EWN-AAAA-{number:04}",
        "title": "Shots fired near a border post; families left their homes",
        "language": "en",
        "sentences": (
            "Shots were fired near the border post in the morning.",
            "About forty families moved to the school.",
        ),
        "themes": ("border",),
        "places": ("KG-B",),
        "occurred_from": date(2022, 9, 14),
        "occurred_to": date(2022, 9, 17),
        "figures": {"killed": 3, "injured": 21},
        "reliability": "B",
        "credibility": 2,
        "originator": "Valley Dialogue Centre",
        "reports": (f"EWN-AAAA-{number:04}", f"EWN-BBBB-{number:04}"),
        "origins": 2,
        "circular": False,
        "status": "actual",
        "tlp": "GREEN",
    }
    return Item(**{**fields, **changed})  # type: ignore[arg-type]  # the fields are those of Item


def series(place: str, values: tuple[int | None, ...], **changed: object) -> SeriesRow:
    """An external series that ends with the edition's month."""
    fields: dict[str, object] = {
        "indicator": "deaths",
        "name": {"en": "Deaths in organised violence", "ru": "Погибшие в организованном насилии"},
        "place": place,
        "buckets": MONTHS[-len(values) :],
        "values": values,
        "unit": {"en": "deaths", "ru": "погибших"},
        "external": True,
        "attribution": {"en": SOURCE},
    }
    return SeriesRow(**{**fields, **changed})  # type: ignore[arg-type]  # the fields are those of SeriesRow


def sample(**changed: object) -> Digest:
    """The edition of September 2022."""
    actual = Part(
        "actual",
        Counts(reports=1204, incidents=3, origins=4, nothing_to_report=5),
        items=(
            item(1),
            item(
                2,
                title="Вооружённое столкновение в приграничном селе; жители ушли к родственникам",
                language="ru",
                sentences=("Утром произошла перестрелка.", "Школа и медпункт закрыты."),
                places=("TJ-SU",),
                figures={"killed": 1, "detained": 2, "seized_kg": 5},
                originator=None,
                reliability=None,
                credibility=None,
                reports=("EWN-AAAA-0002",),
                origins=1,
                tlp="AMBER",
            ),
            item(3, title=EVIL, sentences=(EVIL,), themes=("online", "border"), places=(), figures={}, language=None),
            item(
                4,
                title="د سرحدي پوستې سره نږدې ډزې",
                language="ps",
                sentences=("Қ Ө Ҷ Ү қ ө ҷ ү ғ ӣ ӯ ҳ",),
                themes=("practice",),
                figures={},
            ),
        ),
        selections=(item(5, reports=("EWN-SSSS-0005",)),),
        selected=1024,
        series=(
            series("KG", (0,) * 18 + (39,) + (0, 0, 1) + (0,) * 13 + (67,)),
            series("TJ", (None,) * 3 + (0,) * 15 + (16,) + (0,) * 8 + (2, 0, 1, 0, 0, 1, 0, 0, 83)),
            series("UZ", (0,) * 36),
            series("TM", (0,) * 35 + (None,)),
        ),
        places={"KG-B": 1, "TJ-SU": 1, "TJ-KT": 0},
        unplaced={"UZ": 1},
    )
    exercise = Part(
        "exercise",
        Counts(reports=40, incidents=31, origins=25),
        items=(item(6, status="exercise", title="A drill at the pass", themes=("practice",)),),
        series=(
            series(
                "KG",
                (4,) * 35 + (6,),
                indicator="drill",
                name={"en": "Exercise reports"},
                unit={"en": "reports"},
                external=False,
                attribution=None,
            ),
        ),
        places={"TJ-KT": 7},
    )
    fields: dict[str, object] = {
        "reference": "EWN-7KQ4-M2XF",
        "network": {"en": "Exercise network", "ru": "Учебная сеть"},
        "name": {"en": "Monthly regional digest", "ru": "Ежемесячный региональный дайджест"},
        "status": "actual",
        "region": "R",
        "grain": "month",
        "start": date(2022, 9, 1),
        "end": date(2022, 9, 30),
        "cut_off": datetime(2022, 10, 3, 6, 0, tzinfo=UTC),
        "parts": (actual, exercise),
    }
    return Digest(**{**fields, **changed})  # type: ignore[arg-type]  # the fields are those of Digest
