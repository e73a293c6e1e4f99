"""A source's texts in languages other than English: separate records with nothing but texts.

So a movie's facts stay the same, in whatever languages it is shown. Such a record has its source's name with the
language appended, `wikipedia_it`, and the `source_id` of the English record.
"""

from datetime import datetime

from movie_db.contract.messages import MovieFacts, SourceRecord


def in_language(
    record: SourceRecord,
    language: str,
    *,
    title: str | None = None,
    plot: str | None = None,
    tagline: str | None = None,
    url: str | None = None,
    retrieved_at: datetime | None = None,
) -> SourceRecord | None:
    """Return these texts as a record beside the English one; None if there are none."""
    facts = MovieFacts(title=title or None, plot=plot or None, tagline=tagline or None)
    if not facts.present:
        return None
    beside = record.model_copy(
        update={
            "source": f"{record.source}_{language}",
            "language": language,
            "url": url or record.url,
            "retrieved_at": retrieved_at or record.retrieved_at,
            "facts": facts,
        }
    )
    beside._left_out = ()  # reported for the English record
    return beside


def translated(record: SourceRecord, other: SourceRecord, language: str) -> SourceRecord | None:
    """Return the texts of `other`, the same movie requested in `language`; None if there are none.

    A source without a translation returns its English text or the original title; these don't count.
    """
    ours, theirs = record.facts, other.facts
    fallbacks = {ours.title, None if language in other.facts.languages[:1] else theirs.original_title}
    return in_language(
        record,
        language,
        title=theirs.title if theirs.title not in fallbacks else None,
        plot=theirs.plot if theirs.plot != ours.plot else None,
        tagline=theirs.tagline if theirs.tagline != ours.tagline else None,
    )
