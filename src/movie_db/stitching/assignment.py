"""Which of the compared pairs are links: the best for both of their films, each film once, and never one of equals."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

from movie_db.stitching.match import ASK, SAME

_MOST: Final = 40.0
"""More bits than this make nothing more certain."""


class Pair(NamedTuple):
    """A film of the left list and one of the right, by their rows, and the bits for their being one.

    `note` is a number of the caller's own.
    """

    left: int
    right: int
    bits: float
    note: int = 0


class Link(NamedTuple):
    """What became of a pair.

    `probability` is that of this pair, and of none of the other pairs that its two films are in; `rival` is the
    likeliest of those, None where there are none.
    """

    pair: Pair
    says: Literal["same", "ask", "different"]
    probability: float
    rival: Pair | None


class Pairs:
    """Many pairs in little room: 24 bytes each."""

    def __init__(self, pairs: Iterable[Pair] = ()) -> None:
        self.left, self.right, self.bits, self.note = array("I"), array("I"), array("d"), array("Q")
        for pair in pairs:
            self.append(pair)

    def __len__(self) -> int:
        return len(self.bits)

    def __getitem__(self, number: int) -> Pair:
        return Pair(self.left[number], self.right[number], self.bits[number], self.note[number])

    def append(self, pair: Pair) -> None:
        self.left.append(pair.left)
        self.right.append(pair.right)
        self.bits.append(pair.bits)
        self.note.append(pair.note)

    def extend(self, other: "Pairs", behind: int = 0) -> None:
        """Takes up other pairs, whose right rows are so many behind."""
        self.left.extend(other.left)
        self.right.extend(array("I", (row + behind for row in other.right)))
        self.bits.extend(other.bits)
        self.note.extend(other.note)


class _Rivalry:
    """For every film the odds of all pairs it is in, together."""

    def __init__(self, left: "array[int]", right: "array[int]", odds: "array[float]", numbers: Iterable[int]) -> None:
        self._left, self._right, self._odds = left, right, odds
        self._of_left = array("d", bytes(8 * (max(left, default=-1) + 1)))
        self._of_right = array("d", bytes(8 * (max(right, default=-1) + 1)))
        for n in numbers:
            self._of_left[left[n]] += odds[n]
            self._of_right[right[n]] += odds[n]

    def probability(self, n: int) -> float:
        """That pair `n` is one film, and no other pair of its films is."""
        others = self._of_left[self._left[n]] + self._of_right[self._right[n]] - 2 * self._odds[n]
        return self._odds[n] / (1 + self._odds[n] + max(0.0, others))


def assign(pairs: Pairs, left_twins: Mapping[int, int], right_twins: Mapping[int, int]) -> Iterator[Link]:
    """What becomes of each film of the right list that is in a pair: its link or links, else its best pair.

    A pair is a link where it is certain among all pairs of its two films. Those are taken then, which may make others
    certain: so it goes in rounds, until a round makes no link. What would be certain if its film were not taken, or not
    as likely another, is to be asked.

    Args:
        left_twins: rows of the left list that are one film: each but the first, to the first. Twins are no rivals, and
            all are linked.
        right_twins: the same of the right list.
    """
    left, right = _merged(pairs.left, left_twins), _merged(pairs.right, right_twins)
    odds = array("d", (2.0 ** min(_MOST, bits) for bits in pairs.bits))
    leaders = _leaders(left, right, odds) if left_twins or right_twins else list(range(len(pairs)))
    probability = array("d", bytes(8 * len(pairs)))
    says = bytearray(len(pairs))
    first = _Rivalry(left, right, odds, leaders)
    for n in range(len(pairs)):
        probability[n] = first.probability(n)
    open_, rivalry = leaders, first
    taken_left, taken_right = set[int](), set[int]()
    while certain := [n for n in open_ if rivalry.probability(n) >= SAME]:
        for n in certain:
            probability[n], says[n] = rivalry.probability(n), True
            taken_left.add(left[n])
            taken_right.add(right[n])
        open_ = [n for n in open_ if left[n] not in taken_left and right[n] not in taken_right]
        rivalry = _Rivalry(left, right, odds, open_)
    for n in open_:
        probability[n] = rivalry.probability(n)
    linked = {(left[n], right[n]): probability[n] for n in range(len(pairs)) if says[n]}
    yield from _told(pairs, left, right, odds, probability, linked)


def _merged(rows: "array[int]", twins: Mapping[int, int]) -> "array[int]":
    return array("I", (twins.get(row, row) for row in rows)) if twins else rows


def _leaders(left: "array[int]", right: "array[int]", odds: "array[float]") -> list[int]:
    """Of the pairs between two groups of twins the likeliest."""
    best: dict[tuple[int, int], int] = {}
    for n, films in enumerate(zip(left, right, strict=True)):
        if films not in best or odds[n] > odds[best[films]]:
            best[films] = n
    return sorted(best.values())


def _told(
    pairs: Pairs,
    left: "array[int]",
    right: "array[int]",
    odds: "array[float]",
    probability: "array[float]",
    linked: Mapping[tuple[int, int], float],
) -> Iterator[Link]:
    of_left, of_right = _two_best(left, pairs.bits, right), _two_best(right, pairs.bits, left)
    best: dict[int, int] = {}
    links: list[int] = []
    for n, row in enumerate(pairs.right):
        if (left[n], right[n]) in linked:
            links.append(n)
        if row not in best or (-pairs.bits[n], pairs.left[n]) < (-pairs.bits[best[row]], pairs.left[best[row]]):
            best[row] = n
    for n in links:
        best.pop(pairs.right[n], None)
    for n in sorted([*links, *best.values()], key=lambda n: (pairs.right[n], pairs.left[n])):
        same = linked.get((left[n], right[n]))
        rivals = [m for m in (*of_left[left[n]], *of_right[right[n]]) if (left[m], right[m]) != (left[n], right[n])]
        rival = max(rivals, key=lambda m: (pairs.bits[m], -m), default=None)
        ask = probability[n] >= ASK or odds[n] / (1 + odds[n]) >= SAME
        yield Link(
            pairs[n],
            "same" if same is not None else "ask" if ask else "different",
            same if same is not None else probability[n],
            None if rival is None else pairs[rival],
        )


def _two_best(of: "array[int]", bits: "array[float]", other: "array[int]") -> dict[int, tuple[int, ...]]:
    """For each film its likeliest pair, and the likeliest with another film."""
    found: dict[int, tuple[int, ...]] = {}
    for n, row in enumerate(of):
        known = found.get(row)
        if known is None:
            found[row] = (n,)
        elif len(known) < 2 or bits[n] > bits[known[1]]:
            ranked = sorted((*known, n), key=lambda m: (-bits[m], m))
            second = next((m for m in ranked[1:] if other[m] != other[ranked[0]]), None)
            found[row] = (ranked[0],) if second is None else (ranked[0], second)
    return found
