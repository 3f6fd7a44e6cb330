"""Bulk bodies that mean harm, or come from what is broken: made from a seed, with good lines among the bad."""

import gzip
import json
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from services.kernel.config import settings
from tests.world import report

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Body:
    """What is sent: bytes after a head of these headers. `told`: the length that the head tells, if it lies; `cut`: it
    may end without an answer; `good`: the own references of lines that are good."""

    family: str
    content: bytes
    headers: dict[str, str] = field(default_factory=dict)
    told: int | None = None
    cut: bool = False
    good: tuple[str, ...] = ()


GZIP = {"Content-Encoding": "gzip"}
Family = Callable[[random.Random, "Lines"], Body]


class Lines:
    """Good lines, each with an own reference that no other has."""

    def __init__(self) -> None:
        self._number = 0

    def make(self, count: int = 1) -> tuple[bytes, tuple[str, ...]]:
        """Some good lines with their ends, and their own references."""
        names = tuple(f"good-{self._number + n}" for n in range(count))
        self._number += count
        return b"".join(
            json.dumps(report(own_reference=one, title=f"Good {one}")).encode() + b"\n" for one in names
        ), names


def bomb(dice: random.Random, lines: Lines) -> Body:
    """Little that unpacks to much."""
    good, names = lines.make(2)
    filler = dice.choice((b" ", b"\n", b"\0", b"x", b"{", b'[[[["', b'{"title": "x"}\n', b"\r\n"))
    much = dice.choice((2, 8, 24)) if len(filler) < 10 else 0.25  # of lines, each of which is answered
    made = filler * int(much * MEGABYTE / len(filler))
    return Body("bomb", gzip.compress(good + made, compresslevel=dice.choice((1, 9))), GZIP, good=names)


def bomb_of_many_files(dice: random.Random, lines: Lines) -> Body:
    """As many small files in one as an attacker likes: each harmless."""
    good, names = lines.make(2)
    return Body(
        "many files", gzip.compress(good) + gzip.compress(b"\n" * 60_000) * dice.randint(20, 60), GZIP, good=names
    )


def packed_twice(dice: random.Random, lines: Lines) -> Body:
    """Gzip in gzip, which nobody asked to unpack twice."""
    return Body("packed twice", gzip.compress(gzip.compress(lines.make(dice.randint(1, 50))[0])), GZIP)


def cut_gzip(dice: random.Random, lines: Lines) -> Body:
    """Gzip that ends early, anywhere."""
    packed = gzip.compress(lines.make(dice.randint(1, 60))[0])
    return Body("cut gzip", packed[: dice.randint(1, len(packed) - 1)], GZIP)


def trailed_gzip(dice: random.Random, lines: Lines) -> Body:
    """Gzip with rubbish after its end."""
    good, names = lines.make(dice.randint(1, 20))
    rubbish = dice.choice((b"\0" * 512, b"PK\x03\x04", b"rubbish", b"\x1f\x8b\x08\x00", dice.randbytes(200)))
    return Body("trailed gzip", gzip.compress(good) + rubbish, GZIP, good=names)


def damaged_gzip(dice: random.Random, lines: Lines) -> Body:
    """Gzip with some bytes changed: in its head, its data or its sums."""
    packed = bytearray(gzip.compress(lines.make(dice.randint(1, 60))[0]))
    for _ in range(dice.randint(1, 4)):
        packed[dice.randrange(len(packed))] ^= 1 << dice.randrange(8)
    return Body("damaged gzip", bytes(packed), GZIP)


def false_encoding(dice: random.Random, lines: Lines) -> Body:
    """A Content-Encoding that is not true, or none of ours."""
    good, names = lines.make()
    says = dice.choice(("gzip", "br", "deflate", "gzip, gzip", "GZIP ", "x-gzip", "identity", "zstd", "", "\x7f"))
    content = dice.choice((good, zlib.compress(good), gzip.compress(good), b"\x1f\x8b", b""))
    plain = says == "identity" and content is good
    return Body("false encoding", content, {"Content-Encoding": says}, good=names if plain else ())


def other_script(dice: random.Random, lines: Lines) -> Body:
    """Lines in other encodings among good ones."""
    good, names = lines.make(2)
    first, second = good.splitlines(keepends=True)
    encoding = dice.choice(("cp1251", "koi8-r", "utf-16", "utf-16-le", "utf-32", "cp866", "utf-8-sig"))
    strange = json.dumps(report(title="Ош, Хоруғ"), ensure_ascii=False).encode(encoding, "replace")
    return Body("other script", first + strange.replace(b"\n", b"") + b"\n" + second, good=names)


def endless_line(dice: random.Random, lines: Lines) -> Body:
    """A line that does not end, or ends late."""
    good, names = lines.make(2)
    first, second = good.splitlines(keepends=True)
    wide = settings().line_limit * dice.choice((1, 2, 9)) + dice.randint(1, 99)
    line = dice.choice((b"x", b" ", b'{"title": "', b"[", b"\0", b"\xff")) * wide
    tail = b"\n" + second if dice.random() < 0.6 else b""
    return Body("endless line", first + line[:wide] + tail, good=names if tail else names[:1])


def empty_lines(dice: random.Random, lines: Lines) -> Body:
    """Many lines of nothing around a good one."""
    good, names = lines.make()
    end = dice.choice((b"\n", b"\r\n", b" \n", b"\t\r\n"))
    return Body("empty lines", end * dice.randint(1, 300_000) + good + end * dice.randint(1, 99_999), good=names)


def nothings(dice: random.Random, lines: Lines) -> Body:
    """U+0000 and other control characters, as bytes and as escapes."""
    good, names = lines.make(2)
    first, second = good.splitlines(keepends=True)
    what = dice.choice(("\\u0000", "\\ud800", "\\u001b", "\0", "\x1a", "\x7f"))
    bad = json.dumps(report(title="Ti~tle")).replace("~", what).encode()
    return Body(
        "nothings", first + dice.choice((bad, b"\0" * dice.randint(1, 999), bad + b"\0")) + b"\n" + second, good=names
    )


def deep(dice: random.Random, lines: Lines) -> Body:
    """JSON nested very deep, alone and in a field."""
    good, names = lines.make(2)
    first, second = good.splitlines(keepends=True)
    depth = dice.choice((40, 200, 5_000, 60_000))
    opens, closes = dice.choice((("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")))
    nest = opens * depth + ("1" + closes * depth if dice.random() < 0.6 else "")
    field_ = dice.choice(("answers", "figures", "themes", "marking", "source", "title", "x"))
    bad = dice.choice((nest, f'{{"{field_}": {nest}}}', json.dumps(report())[:-1] + f', "{field_}": {nest}}}'))
    return Body("deep", first + bad.encode()[: 4 * MEGABYTE] + b"\n" + second, good=names)


def wide(dice: random.Random, lines: Lines) -> Body:
    """Very many of something small: fields, items, digits, names given twice."""
    good, names = lines.make(2)
    first, second = good.splitlines(keepends=True)
    many = dice.choice((100, 3_000, 20_000))
    bad = dice.choice((
        {f"f{n}": n for n in range(many)},
        report(themes=["armed-attack"] * many),
        report(figures={f"a{'b' * (n % 30)}": 1 for n in range(many)}),
        report(marking={"tlp": "AMBER", "attribution": "named", "organisations": [f"nobody-{n}" for n in range(many)]}),
        report(answers={f"q{n}": {"value": n} for n in range(many)}),
        report(credibility=10**many if many < 1_000 else 10**999),
        report(title="e\u0301" * many),
    ))  # fmt: skip
    text = json.dumps(bad)[: settings().line_limit - 9].encode()
    return Body("wide", first + text + b"\n" + second, good=names)


def mutated(dice: random.Random, lines: Lines) -> Body:
    """Good lines after an accident: bytes changed, cut out, doubled."""
    good, names = lines.make(2)
    first, second = good.splitlines(keepends=True)
    line = bytearray(json.dumps(report(title="Mutated", text="Mutated " * 20)).encode())
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(line))
        match dice.randrange(3):
            case 0:
                line[at] = dice.randrange(256)
            case 1:
                del line[at : at + dice.randint(1, 20)]
            case _:
                line[at:at] = line[at : at + dice.randint(1, 20)]
        line = line or bytearray(b"{")
    return Body("mutated", first + bytes(line).replace(b"\n", b"") + b"\n" + second, good=names)


def odd_ends(dice: random.Random, lines: Lines) -> Body:
    """Ends of lines that are none, so that two lines are one."""
    good, _ = lines.make(2)
    end = dice.choice((b"\r", "\u2028".encode(), b"\x85", b"\x0b", b"\x0c", b"\x1e", b",", b"\n\r"))
    return Body("odd ends", good.replace(b"\n", end))


def false_length(dice: random.Random, lines: Lines) -> Body:
    """A Content-Length that promises more than comes, or less."""
    good, _ = lines.make(dice.randint(1, 5))
    told = dice.choice((len(good) + dice.randint(1, 99_999), dice.randint(0, len(good) - 1), 10**15, len(good) + 1))
    return Body("false length", good, told=told, cut=True)


def false_type(dice: random.Random, lines: Lines) -> Body:
    """A Content-Type of something else."""
    says = dice.choice(("application/json", "text/plain", "", "application/x-ndjson-x", "multipart/form-data", "a" * 9))
    return Body("false type", lines.make()[0], {"Content-Type": says})


FAMILIES: tuple[Family, ...] = (
    bomb, bomb_of_many_files, packed_twice, cut_gzip, trailed_gzip, damaged_gzip, false_encoding, other_script,
    endless_line, empty_lines, nothings, deep, wide, mutated, odd_ends, false_length, false_type,
)  # fmt: skip


def bodies(each: int, *, seed: int = 1) -> Iterator[Body]:
    """So many of each family, in turn."""
    dice, lines = random.Random(seed), Lines()
    for _ in range(each):
        for family in FAMILIES:
            yield family(dice, lines)
