"""Lists are read whole or refused whole; what changed is told, and who was taken off is kept nowhere."""

import io

import pytest
from sqlmodel import select, update

from services import sanctions
from services.kernel import clock, db
from services.sanctions import ListedEntry, NotAList, SanctionsList
from services.sanctions import listing as reading
from tests.sanctions.lists import GROUP, NAMES, PERSON, listed
from tests.world import World
from workers.lists import Refused, held, take


def parse(data: bytes) -> sanctions.Listing:
    return sanctions.parse(io.BytesIO(data))


def bring(data: bytes, **of: str) -> sanctions.Imported:
    with db.transaction() as session:
        return sanctions.import_list(session, parse(data), **of)


def standing() -> set[str]:
    with db.reading() as session:
        return set(sanctions.designated(session).entries)


def test_an_entry_has_its_names_and_of_a_person_no_alias() -> None:
    found = parse(listed(aliases=("Hollow Lantern",)))
    assert [(one.reference, one.kind, one.names) for one in found.entries] == [
        (GROUP, "entity", ("Brotherhood of the Hollow Lantern", "Hollow Lantern")),
        (PERSON, "individual", ("Quorbin Zelthar Vraimond",)),
    ]
    assert found.dated.isoformat() == "2026-09-01T10:00:00+00:00"


DOCTYPE = b"<!DOCTYPE a [<!ENTITY x 'y'><!ENTITY f SYSTEM 'file:///etc/passwd'>]>"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        listed()[:-40],
        listed().replace(b"</ENTITIES>", b""),
        listed().replace(b"?>", b"?>" + DOCTYPE, 1),
        listed().replace(b"CONSOLIDATED_LIST", b"OTHER_LIST"),
        listed().replace(b"QXi.001", b""),
        listed().replace(b"QXi.001", b"QXe.001"),
        listed(dated="yesterday"),
        listed({}),
        listed().replace(b"Quorbin", b"<A>" * 9 + b"</A>" * 9),
        listed().replace(b"Quorbin", b"q" * (reading.LONGEST_TEXT + 1)),
        listed().replace(b"UTF-8", b"EBCDIC-9"),
        b"<a>&#0;</a>",
    ],
)
def test_a_damaged_or_hostile_file_is_refused_whole_and_its_names_are_not_told(data: bytes) -> None:
    with pytest.raises(NotAList) as refused:
        parse(data)
    assert "Quorbin" not in str(refused.value)


def test_a_file_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    with pytest.raises(NotAList, match="larger"):
        parse(listed())


def test_an_import_tells_what_changed_and_the_same_list_changes_nothing(world: World) -> None:
    first = bring(listed())
    assert (first.stored, first.difference.added) == (True, (GROUP, PERSON))
    assert not bring(listed()).stored
    later = {GROUP: ("Brotherhood of the Empty Lantern",), "QXe.002": ("Union of the Seventh Fen",)}
    second = bring(listed(later, dated="2026-10-01T10:00:00Z"))
    assert (second.difference.added, second.difference.removed, second.difference.changed) == (
        ("QXe.002",), (PERSON,), (GROUP,),
    )  # fmt: skip
    assert standing() == later.keys()
    with db.reading() as session:
        kept = [name for row in session.exec(select(ListedEntry)).all() for name in row.names]
    assert sorted(kept) == sorted(name for (name,) in later.values())


@pytest.mark.one_kind
def test_what_is_refused_leaves_the_last_good_list(world: World, tmp_path) -> None:
    file = tmp_path / "list.xml"
    file.write_bytes(listed())
    first, *_ = take(file, source="un-sc", designated_by="")
    assert first == "List of 2026-09-01: 1 persons, 1 entities"
    for data in (listed()[:-30], listed(dated="2026-08-01T10:00:00Z")):
        file.write_bytes(data)
        with pytest.raises(Refused, match="the list that was held stays"):
            list(take(file, source="un-sc", designated_by=""))
    assert standing() == NAMES.keys()
    (line,) = held()
    assert "designated by UN Security Council  list of 2026-09-01, imported " in line
    assert line.endswith("1 persons, 1 entities")


@pytest.mark.one_kind
def test_a_national_list_says_whose_it_is_and_leads_to_no_tag_without_an_approval(world: World, tmp_path) -> None:
    file = tmp_path / "list.xml"
    file.write_bytes(listed())
    with pytest.raises(Refused, match="--designated-by"):
        list(take(file, source="north", designated_by=""))
    told = list(take(file, source="north", designated_by="Council of the North"))
    assert "secretariat approves it" in told[-1]
    assert standing() == set()
    assert "designated by Council of the North" in next(held())


@pytest.mark.one_kind
def test_no_list_of_a_state_takes_the_councils_place_nor_speaks_in_its_name(world: World, tmp_path) -> None:
    file = tmp_path / "list.xml"
    file.write_bytes(listed())
    list(take(file, source="un-sc", designated_by=""))
    for source, by in (("un-sc", "Council of the North"), ("north", "UN security council ")):
        with pytest.raises(Refused, match=r"--(source|designated-by)"):
            list(take(file, source=source, designated_by=by))
    list(take(file, source="north", designated_by="Council of the North"))
    with db.transaction() as session:
        session.exec(update(SanctionsList).values(approved_at=clock.now()))
    with db.reading() as session:
        by = {one.designated_by for one in sanctions.designated(session).entries.values()}
    assert by == {"UN Security Council"}, "entries that a state repeats under the Council's references"
    file.write_bytes(listed(dated="2027-01-01T10:00:00Z"))
    with pytest.raises(Refused, match="day to come"):
        list(take(file, source="un-sc", designated_by=""))
