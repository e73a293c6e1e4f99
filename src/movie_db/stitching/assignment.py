"""Which of the compared pairs are links: the best for both of their films, each film once, and never one of equals."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from movie_db.stitching.match import REVIEW_THRESHOLD, SAME_THRESHOLD

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


class AssignedLink(NamedTuple):
    """What became of a pair.

    `probability` is that of this pair, and of none of the other pairs that its two films are in; `rival` is the
    likeliest of those, None where there are none.
    """

    pair: Pair
    status: Literal["same", "ask", "different"]
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


def assign(
    pairs: Pairs, left_duplicates: Mapping[int, int], right_duplicates: Mapping[int, int]
) -> Iterator[AssignedLink]:
    """What becomes of each film of the right list that is in a pair: its link or links, else its best pair.

    A pair is a link where it is certain among all pairs of its two films. Those are taken then, which may make others
    certain: so it goes in rounds, until a round makes no link. What would be certain if its film were not taken, or not
    as likely another, is to be asked.

    Args:
        left_twins: rows of the left list that are one film: each but the first, to the first. Twins are no rivals, and
            all are linked.
        right_twins: the same of the right list.
    """
    left, right = _merged(pairs.left, left_duplicates), _merged(pairs.right, right_duplicates)
    odds = array("d", (2.0 ** min(_MOST, bits) for bits in pairs.bits))
    groups = _groups(pairs, left_duplicates, right_duplicates)
    leaders = _leaders(len(pairs), odds, groups)
    probability = array("d", bytes(8 * len(pairs)))
    status = bytearray(len(pairs))
    first = _Rivalry(left, right, odds, leaders)
    for n in range(len(pairs)):
        probability[n] = first.probability(n)
    open_, rivalry = leaders, first
    taken_left, taken_right = bytearray(max(left, default=-1) + 1), bytearray(max(right, default=-1) + 1)
    while certain := array("I", (n for n in open_ if rivalry.probability(n) >= SAME_THRESHOLD)):
        for n in certain:
            probability[n], status[n] = rivalry.probability(n), True
            taken_left[left[n]] = taken_right[right[n]] = True
        open_ = array("I", (n for n in open_ if not (taken_left[left[n]] or taken_right[right[n]])))
        rivalry = _Rivalry(left, right, odds, open_)
    for n in open_:
        probability[n] = rivalry.probability(n)
    for group in groups:
        for n in [n for n in group if status[n]]:
            for twin in group:
                probability[twin], status[twin] = probability[n], True
    yield from _told(pairs, left, right, odds, probability, status)


def _merged(rows: "array[int]", twins: Mapping[int, int]) -> "array[int]":
    return array("I", (twins.get(row, row) for row in rows)) if twins else rows


def _groups(pairs: Pairs, left_duplicates: Mapping[int, int], right_duplicates: Mapping[int, int]) -> list[list[int]]:
    """The pairs that are of the same two films, since one of these or both have twins."""
    found: dict[tuple[int, int], list[int]] = {}
    ours, theirs = {*left_duplicates, *left_duplicates.values()}, {*right_duplicates, *right_duplicates.values()}
    for n, (left, right) in enumerate(zip(pairs.left, pairs.right, strict=True)):
        if left in ours or right in theirs:
            films = left_duplicates.get(left, left), right_duplicates.get(right, right)
            found.setdefault(films, []).append(n)
    return list(found.values())


def _leaders(number: int, odds: "array[float]", groups: Iterable[Sequence[int]]) -> "array[int]":
    """All pairs, but of each group only the likeliest."""
    follows = bytearray(number)
    for group in groups:
        best = max(group, key=lambda n: (odds[n], -n))
        for n in group:
            follows[n] = n != best
    return array("I", (n for n in range(number) if not follows[n]))


def _told(
    pairs: Pairs,
    left: "array[int]",
    right: "array[int]",
    odds: "array[float]",
    probability: "array[float]",
    status: bytearray,
) -> Iterator[AssignedLink]:
    of_left, of_right = _two_best(left, pairs.bits, right), _two_best(right, pairs.bits, left)
    for n in _chosen(pairs, status):
        near = (*(best[left[n]] for best in of_left), *(best[right[n]] for best in of_right))
        rivals = [m for m in near if m >= 0 and (left[m], right[m]) != (left[n], right[n])]
        rival = max(rivals, key=lambda m: (pairs.bits[m], -m), default=None)
        ask = probability[n] >= REVIEW_THRESHOLD or odds[n] / (1 + odds[n]) >= SAME_THRESHOLD
        yield AssignedLink(
            pairs[n],
            "same" if status[n] else "ask" if ask else "different",
            probability[n],
            None if rival is None else pairs[rival],
        )


def _chosen(pairs: Pairs, status: bytearray) -> list[int]:
    """The links, and of each film of the right list without one its likeliest pair; in the order of the right list."""
    size = max(pairs.right, default=-1) + 1
    best, linked = array("q", [-1]) * size, bytearray(size)
    for n, row in enumerate(pairs.right):
        known = best[row]
        if known < 0 or (-pairs.bits[n], pairs.left[n]) < (-pairs.bits[known], pairs.left[known]):
            best[row] = n
        linked[row] |= status[n]
    found = [n for n, row in enumerate(pairs.right) if status[n] or (best[row] == n and not linked[row])]
    return sorted(found, key=lambda n: pairs.right[n] << 32 | pairs.left[n])


def _two_best(of: "array[int]", bits: "array[float]", other: "array[int]") -> tuple["array[int]", "array[int]"]:
    """For each film its likeliest pair, and the likeliest with another film; -1 where there is none."""
    best = array("q", [-1]) * (max(of, default=-1) + 1)
    second = best[:]
    for n, row in enumerate(of):
        known = best[row]
        if known < 0:
            best[row] = n
        elif bits[n] > bits[known]:
            if other[n] != other[known]:
                second[row] = known
            best[row] = n
        elif other[n] != other[known] and (second[row] < 0 or bits[n] > bits[second[row]]):
            second[row] = n
    return best, second
