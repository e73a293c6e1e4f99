"""Operations on the review queue."""

from datetime import UTC, datetime

from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from movie_db.contract.errors import UsageError
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.parameters import Fault, InvalidRequestError
from movie_db.movie_db_client.api.responses import json
from movie_db.movie_db_client.data_model.bookkeeping import ReviewRow
from movie_db.movie_db_client.editing.review import ReviewAnswer, UnknownQuestionError, answer_question
from movie_db.movie_db_client.entity_resolution.decisions import Decider
from movie_db.movie_db_client.reading.pages import Cursor, read_cursor


def list_review(call: Call) -> Response:
    cursor, limit = read_cursor(call.params), call.params["limit"]
    columns = (ReviewRow.review_id, ReviewRow.key, ReviewRow.movie_id, ReviewRow.probability, ReviewRow.item)
    statement = select(*columns).where(ReviewRow.status == "open").order_by(ReviewRow.review_id).limit(limit + 1)
    if cursor is not None:
        statement = statement.where(ReviewRow.review_id > cursor.number)
    with call.service.engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(statement).mappings()]
    more = Cursor(None, rows[limit - 1]["review_id"]).written(call.params) if len(rows) > limit else None
    return json({"questions": rows[:limit], "next": more})


def answer_review(call: Call) -> Response:
    body = call.body
    answer = ReviewAnswer(body["key"], body["verdict"], body.get("why"))
    try:
        with call.service.units() as unit:
            answer_question(unit, answer, Decider(body["by"], datetime.now(UTC)))
    except UnknownQuestionError:
        raise HTTPException(404, "There is no such question: GET /v1/review lists them.") from None
    except UsageError as error:
        raise InvalidRequestError([Fault("", str(error))], 422) from None
    return Response(status_code=204)
