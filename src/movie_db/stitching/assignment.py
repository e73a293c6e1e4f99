"""Chooses the links among compared pairs: each film once, the best pair for both films, never one of several equals."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from movie_db.stitching.match import REVIEW_THRESHOLD, SAME_THRESHOLD

_MOST: Final = 40.0
"""Bits above which a pair does not become more certain."""


class Pair(NamedTuple):
    """A film of the left list and one of the right, by row, with the match weight in bits.

    `note` is a number for the caller's use.
    """

    left: int
    right: int
    bits: float
    note: int = 0


class AssignedLink(NamedTuple):
    """The result for a pair. The status `ask` means review.

    `probability` is that of this pair and of no other pair of its two films. `rival` is the likeliest of the other
    pairs, None if there are none.
    """

    pair: Pair
    status: Literal["same", "ask", "different"]
    probability: float
    rival: Pair | None


class Pairs:
    """A compact sequence of pairs: 24 bytes each."""

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
        """Appends other pairs, with `behind` added to their right rows."""
        self.left.extend(other.left)
        self.right.extend(array("I", (row + behind for row in other.right)))
        self.bits.extend(other.bits)
        self.note.extend(other.note)


class _Rivalry:
    """The summed odds of all pairs of each film."""

    def __init__(self, left: "array[int]", right: "array[int]", odds: "array[float]", numbers: Iterable[int]) -> None:
        self._left, self._right, self._odds = left, right, odds
        self._of_left = array("d", bytes(8 * (max(left, default=-1) + 1)))
        self._of_right = array("d", bytes(8 * (max(right, default=-1) + 1)))
        for n in numbers:
            self._of_left[left[n]] += odds[n]
            self._of_right[right[n]] += odds[n]

    def probability(self, n: int) -> float:
        """The probability that pair `n`, and no other pair of its two films, is a match."""
        others = self._of_left[self._left[n]] + self._of_right[self._right[n]] - 2 * self._odds[n]
        return self._odds[n] / (1 + self._odds[n] + max(0.0, others))


def assign(pairs: Pairs, left_same: Mapping[int, int], right_same: Mapping[int, int]) -> Iterator[AssignedLink]:
    """Yields the link or links of each film of the right list that is in a pair; without a link, its best pair.

    A pair is a link if it is certain among all pairs of its two films. A link removes its films, which may make other
    pairs certain, so this is repeated until no link is added. A pair that would be certain without the links of its
    films or without rivals goes to review.

    Args:
        left_same: duplicate rows of the left list, each mapped to the first row of the same film. Duplicates are not
            rivals, and all of them are linked.
        right_same: the same for the right list.
    """
    left, right = _merged(pairs.left, left_same), _merged(pairs.right, right_same)
    odds = array("d", (2.0 ** min(_MOST, bits) for bits in pairs.bits))
    groups = _groups(pairs, left_same, right_same)
    leaders = _leaders(len(pairs), odds, groups)
    probability = array("d", bytes(8 * len(pairs)))
    is_link = bytearray(len(pairs))
    first = _Rivalry(left, right, odds, leaders)
    for n in range(len(pairs)):
        probability[n] = first.probability(n)
    open_, rivalry = leaders, first
    taken_left, taken_right = bytearray(max(left, default=-1) + 1), bytearray(max(right, default=-1) + 1)
    while certain := array("I", (n for n in open_ if rivalry.probability(n) >= SAME_THRESHOLD)):
        for n in certain:
            probability[n], is_link[n] = rivalry.probability(n), True
            taken_left[left[n]] = taken_right[right[n]] = True
        open_ = array("I", (n for n in open_ if not (taken_left[left[n]] or taken_right[right[n]])))
        rivalry = _Rivalry(left, right, odds, open_)
    for n in open_:
        probability[n] = rivalry.probability(n)
    for group in groups:
        for n in [n for n in group if is_link[n]]:
            for other in group:
                probability[other], is_link[other] = probability[n], True
    yield from _results(pairs, left, right, odds, probability, is_link)


def _merged(rows: "array[int]", same: Mapping[int, int]) -> "array[int]":
    return array("I", (same.get(row, row) for row in rows)) if same else rows


def _groups(pairs: Pairs, left_same: Mapping[int, int], right_same: Mapping[int, int]) -> list[list[int]]:
    """Groups of pairs that are of the same two films, because these have duplicates."""
    found: dict[tuple[int, int], list[int]] = {}
    ours, theirs = {*left_same, *left_same.values()}, {*right_same, *right_same.values()}
    for n, (left, right) in enumerate(zip(pairs.left, pairs.right, strict=True)):
        if left in ours or right in theirs:
            films = left_same.get(left, left), right_same.get(right, right)
            found.setdefault(films, []).append(n)
    return list(found.values())


def _leaders(number: int, odds: "array[float]", groups: Iterable[Sequence[int]]) -> "array[int]":
    """All pairs, but only the likeliest one of each group."""
    follows = bytearray(number)
    for group in groups:
        best = max(group, key=lambda n: (odds[n], -n))
        for n in group:
            follows[n] = n != best
    return array("I", (n for n in range(number) if not follows[n]))


def _results(
    pairs: Pairs,
    left: "array[int]",
    right: "array[int]",
    odds: "array[float]",
    probability: "array[float]",
    is_link: bytearray,
) -> Iterator[AssignedLink]:
    of_left, of_right = _two_best(left, pairs.bits, right), _two_best(right, pairs.bits, left)
    for n in _chosen(pairs, is_link):
        near = (*(best[left[n]] for best in of_left), *(best[right[n]] for best in of_right))
        rivals = [m for m in near if m >= 0 and (left[m], right[m]) != (left[n], right[n])]
        rival = max(rivals, key=lambda m: (pairs.bits[m], -m), default=None)
        in_doubt = probability[n] >= REVIEW_THRESHOLD or odds[n] / (1 + odds[n]) >= SAME_THRESHOLD
        yield AssignedLink(
            pairs[n],
            "same" if is_link[n] else "ask" if in_doubt else "different",
            probability[n],
            None if rival is None else pairs[rival],
        )


def _chosen(pairs: Pairs, is_link: bytearray) -> list[int]:
    """The links, and for each film of the right list without one its likeliest pair, in the order of the right list."""
    size = max(pairs.right, default=-1) + 1
    best, linked = array("q", [-1]) * size, bytearray(size)
    for n, row in enumerate(pairs.right):
        first = best[row]
        if first < 0 or (-pairs.bits[n], pairs.left[n]) < (-pairs.bits[first], pairs.left[first]):
            best[row] = n
        linked[row] |= is_link[n]
    found = [n for n, row in enumerate(pairs.right) if is_link[n] or (best[row] == n and not linked[row])]
    return sorted(found, key=lambda n: pairs.right[n] << 32 | pairs.left[n])


def _two_best(of: "array[int]", bits: "array[float]", other: "array[int]") -> tuple["array[int]", "array[int]"]:
    """For each film its likeliest pair, and its likeliest pair with another film; -1 if there is none."""
    best = array("q", [-1]) * (max(of, default=-1) + 1)
    second = best[:]
    for n, row in enumerate(of):
        first = best[row]
        if first < 0:
            best[row] = n
        elif bits[n] > bits[first]:
            if other[n] != other[first]:
                second[row] = first
            best[row] = n
        elif other[n] != other[first] and (second[row] < 0 or bits[n] > bits[second[row]]):
            second[row] = n
    return best, second
