"""Questions that researchers ask of the saved discussions, as SQL that anybody can read, copy and change.

Each takes named values that may be left empty. Moments are in UTC. What the bot said, and what was deleted, is left
out.
"""

from bot.values import value


@value
class Question:
    """A question: what is asked, how it is answered, and the statement that answers it."""

    title: str
    about: str
    sql: str


NOBODYS_BUSINESS = frozenset(
    {
        "settings",
        "buttons",
        "suppressed",
        "local_messages",
        "scrubs",
        "erasures",
        "_sqlite_migrations",
        "sqlite_sequence",
    }
)

QUESTIONS = {
    "threads_of_a_passage": Question(
        "Discussions of a passage",
        "The discussions about a reading, or a passage of it by its key, not its number; the latest active first.",
        """
SELECT t.reading, t.passage, t.title, c.name AS channel, p.name AS opened_by, t.opened_at,
       count(m.id) AS messages, count(DISTINCT m.person) AS people, max(m.written_at) AS last_message, t.id AS thread
FROM threads t
JOIN channels c ON c.id = t.channel
LEFT JOIN people p ON p.id = t.opened_by
LEFT JOIN messages m ON m.thread = t.id AND m.deleted_at IS NULL AND m.ours = 0
WHERE t.reading IS NOT NULL AND t.deleted_at IS NULL
  AND (:reading = '' OR t.reading = :reading) AND (:passage = '' OR t.passage = :passage)
GROUP BY t.id
ORDER BY last_message DESC""",
    ),
    "quoted_passages": Question(
        "Passages by how often they are quoted",
        "How many messages quote each passage word for word, and how many people wrote them.",
        """
SELECT l.reading, l.passage, count(*) AS messages, count(DISTINCT m.person) AS people,
       max(m.written_at) AS last_quoted
FROM links l
JOIN messages m ON m.id = l.message
WHERE m.deleted_at IS NULL AND m.ours = 0 AND (:reading = '' OR l.reading = :reading)
GROUP BY l.reading, l.passage
ORDER BY messages DESC, l.reading, l.passage""",
    ),
    "busiest_days": Question(
        "The busiest days",
        "How many messages were written on each day (in UTC), by how many people, in how many discussions.",
        """
SELECT substr(m.written_at, 1, 10) AS day, count(*) AS messages, count(DISTINCT m.person) AS people,
       count(DISTINCT m.thread) AS discussions
FROM messages m
WHERE m.deleted_at IS NULL AND m.ours = 0 AND m.person IS NOT NULL AND m.written_at >= :since
GROUP BY day
ORDER BY messages DESC, day DESC""",
    ),
    "who_answers_whom": Question(
        "Who answers whom",
        "How often a message answers somebody's: the one that it names, else the one before it in its discussion. "
        "One's own are left out.",
        """
WITH said AS (
  SELECT m.id, m.channel, m.person, m.answers,
         iif(m.thread IS NULL, NULL, lag(m.person) OVER (PARTITION BY m.thread ORDER BY m.id)) AS before
  FROM messages m
  WHERE m.deleted_at IS NULL AND m.ours = 0 AND m.person IS NOT NULL AND m.written_at >= :since
), answered AS (
  SELECT s.person AS who, iif(s.answers = '', s.before, o.person) AS whom
  FROM said s
  LEFT JOIN messages o ON s.answers != '' AND o.channel = s.channel AND o.platform_id = s.answers
)
SELECT a.name AS who, b.name AS whom, count(*) AS times
FROM answered
JOIN people a ON a.id = answered.who
JOIN people b ON b.id = answered.whom
WHERE a.id != b.id
GROUP BY a.id, b.id
ORDER BY times DESC, who, whom""",
    ),
    "unanswered": Question(
        "Questions without an answer",
        "Messages with a question mark, in a discussion in which nobody else wrote anything after them, newest first.",
        """
SELECT m.written_at, p.name AS who, t.title, m.text, t.reading, t.passage, m.id AS message
FROM messages m
JOIN people p ON p.id = m.person
JOIN threads t ON t.id = m.thread
WHERE m.deleted_at IS NULL AND m.ours = 0 AND p.bot = 0 AND (instr(m.text, '?') OR instr(m.text, '？'))
  AND NOT EXISTS (SELECT 1 FROM messages n WHERE n.thread = m.thread AND n.id > m.id AND n.person != m.person
                  AND n.deleted_at IS NULL AND n.ours = 0)
ORDER BY m.id DESC""",
    ),
    "edits": Question(
        "What was edited",
        "Every earlier text of a message, with the text that stands, the latest edited first.",
        """
SELECT m.edited_at, p.name AS who, t.title, r.written_at AS earlier_from, r.text AS earlier, m.text AS now,
       m.id AS message
FROM revisions r
JOIN messages m ON m.id = r.message
JOIN people p ON p.id = m.person
LEFT JOIN threads t ON t.id = m.thread
WHERE m.deleted_at IS NULL AND m.written_at >= :since
ORDER BY m.edited_at DESC, r.written_at DESC""",
    ),
}
