"""Quotes located in their notices: share placed right and time, by kind of quote, against langextract's aligner."""

from __future__ import annotations

import random
import re
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from eval.gold import CORPUS_VARIABLE, load_gold
from extractor.alignment import Alignment, Placement
from extractor.normalization import find_dates, find_money
from extractor.records import Span

if TYPE_CHECKING:
    from langextract.core.tokenizer import Tokenizer

_SENTENCE = re.compile(r"[^。！？；\n]{8,}[。！？；]")
_CLAUSE = re.compile(r"[^\s，。！？；：、,;:（）()《》“”*#]{6,}")
_HAN = re.compile("[一-鿿]")
_WIDTHS = str.maketrans("，。；：！？（）“”《》,;:!?()", ',.;:!?()""<>，；：！？（）')
_LONGEST_BLANK_FREE = 9


class Quote(NamedTuple):
    """A passage as an engine would write it, and where it stands.

    Attributes:
        literal: what is looked for.
        place: where it is; None if it is nowhere.
        within: the sentence around it; None if it is looked for in the whole notice.
        occurrence: which of several it is; None if there is one, or if that is not said.
    """

    literal: str
    place: Span | None
    within: Span | None = None
    occurrence: int | None = None


@dataclass
class Tally:
    """What an aligner made of the quotes of one kind."""

    quotes: int = 0
    right: int = 0
    seconds: float = 0.0

    def add(self, quotes: Sequence[Quote], places: Sequence[Span | None], seconds: float) -> None:
        """Count the quotes of one notice."""
        self.quotes += len(quotes)
        self.right += sum(quote.place == place for quote, place in zip(quotes, places, strict=True))
        self.seconds += seconds

    def __str__(self) -> str:
        if not self.quotes:
            return f"{'-':>8}{'-':>11}"
        return f"{self.right / self.quotes:8.1%}{1000 * self.seconds / self.quotes:8.3f} ms"


Aligner = Callable[[str, Sequence[Quote]], list[Span | None]]


@click.command("aligner")
@click.option("--gold", default="gold", type=click.Path(path_type=Path), show_default=True, help="The gold folder.")
@click.option("--corpus", type=click.Path(path_type=Path), envvar=CORPUS_VARIABLE, help="Texts that do not ship.")
@click.option("--quotes", default=150, show_default=True, help="Quotes of a kind taken from one notice at most.")
@click.option("--by-character", is_flag=True, help="Also langextract with its tokenizer by characters: minutes.")
@click.option("--seed", default=1, show_default=True)
def main(gold: Path, corpus: Path | None, quotes: int, by_character: bool, seed: int) -> None:
    """Locate quotes, spoilt as engines spoil them, in whole notices and in single sentences."""
    documents = load_gold(gold, corpus, "real" if corpus else None).documents
    texts = [document.document.text for document in documents]
    aligners: dict[str, Aligner] = {"zhenggai": _locate} | _langextract(by_character)
    click.echo(f"{len(texts)} notices of {sum(map(len, texts)) / len(texts):.0f} characters on average")
    click.echo(f"{'':36}{'quotes':>7}" + "".join(f"{name:>19}" for name in aligners))
    for kind, make in KINDS.items():
        tallies = _measure(texts, make, aligners, quotes, seed)
        line = "".join(f"{tally!s:>19}" for tally in tallies)
        click.echo(f"{kind:36}{tallies[0].quotes:7}{line}{_ratio(tallies)}")


def _measure(texts: list[str], make: Maker, aligners: dict[str, Aligner], most: int, seed: int) -> list[Tally]:
    tallies = [Tally() for _ in aligners]
    for number, text in enumerate(texts):
        chance = random.Random(f"{seed} {number}")
        quotes = list(make(text, chance, texts[:number] + texts[number + 1 :]))
        chosen = sorted(chance.sample(range(len(quotes)), min(most, len(quotes))))
        quotes = [quotes[index] for index in chosen]
        for tally, aligner in zip(tallies, aligners.values(), strict=True) if quotes else ():
            start = time.process_time()
            places = aligner(text, quotes)
            tally.add(quotes, places, time.process_time() - start)
    return tallies


def _ratio(tallies: Sequence[Tally]) -> str:
    ours, *others = tallies
    return "".join(f"  {other.seconds / ours.seconds:.0f}x the time" for other in others if ours.seconds)


def _locate(text: str, quotes: Sequence[Quote]) -> list[Span | None]:
    alignment = Alignment(text)
    places: list[Span | None] = []
    for literal, _, within, occurrence in quotes:
        placed = alignment.locate(literal, *(within or Span(0, len(text))), occurrence)
        places.append(placed.span if isinstance(placed, Placement) else None)
    return places


def _langextract(by_character: bool) -> dict[str, Aligner]:
    try:
        from langextract.core.tokenizer import UnicodeTokenizer
    except ImportError:
        click.echo("langextract is not installed: pip install langextract==1.7.1, to compare")
        return {}
    aligners = {"langextract": _resolver(None)}
    return aligners | ({"by character": _resolver(UnicodeTokenizer())} if by_character else {})


def _resolver(tokenizer: Tokenizer | None) -> Aligner:
    """Its resolver as it calls it itself: all quotes of a text in their order, other settings its defaults."""
    from langextract.core.data import Extraction
    from langextract.resolver import Resolver

    def align(text: str, quotes: Sequence[Quote]) -> list[Span | None]:
        places: list[Span | None] = []
        for start, end, part in _ranges(text, quotes):
            extractions = [Extraction("quote", quote.literal) for quote in part]
            aligned = Resolver().align(extractions, text[start:end], 0, start, tokenizer_inst=tokenizer)
            intervals = [extraction.char_interval for extraction in aligned]
            places += [
                Span(interval.start_pos, interval.end_pos)
                if interval and interval.start_pos is not None and interval.end_pos is not None
                else None
                for interval in intervals
            ]
        return places

    return align


def _ranges(text: str, quotes: Sequence[Quote]) -> Iterator[tuple[int, int, list[Quote]]]:
    """The quotes by the range they are looked for in, in their order."""
    part: list[Quote] = []
    for quote in quotes:
        if part and quote.within != part[0].within:
            yield *(part[0].within or (0, len(text))), part
            part = []
        part.append(quote)
    yield *(part[0].within or (0, len(text))), part


Maker = Callable[[str, random.Random, Sequence[str]], Iterator[Quote]]
Spoil = Callable[[str, random.Random], str | None]


def _plain(text: str) -> str:
    return re.sub(r"[\s*#>]", "", text)


def _passages(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    """The passages that stand in a text once, without blanks around them."""
    plain = _plain(text)
    for match in pattern.finditer(text):
        passage = match.group()
        start = match.start() + len(passage) - len(re.sub(r"^[\s\u200b\ufeff*#>]+", "", passage))
        # 1,987.5万元 is no clause from 987 on
        is_cut = any(re.match(r"\d[,，.．]\d", text[edge - 2 : edge + 1]) for edge in (start, match.end() + 1))
        if plain.count(_plain(passage)) == 1 and start < match.end() and not is_cut:
            yield Span(start, match.end())


def _spoilt(pattern: re.Pattern[str], spoil: Spoil) -> Maker:
    def make(text: str, chance: random.Random, _: Sequence[str]) -> Iterator[Quote]:
        for place in _passages(pattern, text):
            passage = text[slice(*place)]
            literal = spoil(passage, chance)
            if literal and (literal not in text or literal == passage):
                yield Quote(literal, place)

    return make


def _in_its_sentence(spoil: Spoil) -> Maker:
    """Clauses, looked for in their own sentences only."""

    def make(text: str, chance: random.Random, _: Sequence[str]) -> Iterator[Quote]:
        sentences = [Span(*match.span()) for match in _SENTENCE.finditer(text)]
        for place in _passages(_CLAUSE, text):
            around = _around(sentences, place)
            literal = spoil(text[slice(*place)], chance)
            if around and literal:
                yield Quote(literal, place, around)

    return make


def _around(sentences: Sequence[Span], place: Span) -> Span | None:
    index = bisect_left(sentences, (place.start + 1,)) - 1
    return sentences[index] if index >= 0 and sentences[index].end >= place.end else None


def _values(in_sentence: bool) -> Maker:
    """Dates and sums of money by their occurrence in the notice, or in their sentence."""

    def make(text: str, _: random.Random, __: Sequence[str]) -> Iterator[Quote]:
        dates = [Span(start, end) for start, end, _ in find_dates(text)]
        sentences = [Span(*match.span()) for match in _SENTENCE.finditer(text)]
        for place in sorted(dates + [Span(found.start, found.end) for found in find_money(text)]):
            literal = text[slice(*place)]
            around = _around(sentences, place) if in_sentence else Span(0, len(text))
            if around and literal == literal.strip():
                occurrence = _count(text, literal, around.start, place.start) + 1
                yield Quote(literal, place, around if in_sentence else None, occurrence)

    return make


def _count(text: str, part: str, low: int, high: int) -> int:
    return sum(text.startswith(part, place) for place in range(low, high))


def _foreign(text: str, _: random.Random, others: Sequence[str]) -> Iterator[Quote]:
    """Sentences of other notices that do not stand here."""
    plain = _plain(text)
    for other in others:
        for match in _SENTENCE.finditer(other):
            if _plain(match.group()) not in plain:
                yield Quote(match.group().strip(), None)


def _foreign_clauses(text: str, _: random.Random, others: Sequence[str]) -> Iterator[Quote]:
    plain = _plain(text)
    for other in others:
        for match in _CLAUSE.finditer(other):
            if match.group() not in plain:
                yield Quote(match.group(), None)


def _other_value(text: str, chance: random.Random, _: Sequence[str]) -> Iterator[Quote]:
    """Clauses with another digit than the notice has: they stand nowhere."""
    for place in _passages(_CLAUSE, text):
        clause = text[slice(*place)]
        digits = list(re.finditer(r"\d", clause))
        if digits:
            at = chance.choice(digits).start()
            digit = chance.choice([digit for digit in "0123456789" if int(digit) != int(clause[at])])
            literal = clause[:at] + digit + clause[at + 1 :]
            if literal not in text:
                yield Quote(literal, None)


def _same(quote: str, _: random.Random) -> str:
    return quote


def _other_width(quote: str, _: random.Random) -> str:
    return quote.translate(_WIDTHS)


def _with_blanks(quote: str, chance: random.Random) -> str:
    """A blank after every few characters, and the notice's own blanks gone."""
    characters, result = iter(re.sub(r"\s", "", quote)), ""
    while part := "".join(islice(characters, chance.randint(1, _LONGEST_BLANK_FREE))):
        result += part + " "
    return result.strip()


def _changed(quote: str, chance: random.Random) -> str | None:
    places = [match.start() for match in _HAN.finditer(quote)]
    if not places:
        return None
    at = chance.choice(places)
    other = chance.choice([character for character in _COMMON if character != quote[at]])
    return quote[:at] + other + quote[at + 1 :]


def _missing(quote: str, chance: random.Random) -> str | None:
    places = [match.start() for match in _HAN.finditer(quote)]
    at = chance.choice(places) if places else 0
    return quote[:at] + quote[at + 1 :] if 0 < at < len(quote) - 1 else None


def _surplus(quote: str, chance: random.Random) -> str | None:
    at = chance.randrange(1, len(quote))
    cuts_number = quote[at - 1].isdigit() and quote[at].isdigit()
    return None if cuts_number else quote[:at] + chance.choice(_COMMON) + quote[at:]


_COMMON = (
    "的是在了和有大这主中人上为们地个用工时要动国产以我到他会作来分生对于学下级义就年阶发成部民可"
    "出能方进同行面说种过命度革而多子后自社"
)
"""Characters that stand for misread ones."""

KINDS: dict[str, Maker] = {
    "sentences": _spoilt(_SENTENCE, _same),
    "punctuation of another width": _spoilt(_SENTENCE, _other_width),
    "blanks from scanning": _spoilt(_SENTENCE, _with_blanks),
    "clauses": _spoilt(_CLAUSE, _same),
    "dates and sums, by occurrence": _values(in_sentence=False),
    "dates and sums, in their sentence": _values(in_sentence=True),
    "one character changed": _spoilt(_SENTENCE, _changed),
    "one character missing": _spoilt(_SENTENCE, _missing),
    "one character too many": _spoilt(_SENTENCE, _surplus),
    "clauses, one changed": _spoilt(_CLAUSE, _changed),
    "the same, in their sentence": _in_its_sentence(_changed),
    "a digit changed (to be refused)": _other_value,
    "other notices' sentences (refused)": _foreign,
    "other notices' clauses (refused)": _foreign_clauses,
}
