"""Answers to a referral: what is still to be supplied, and what was decided."""

from eh_interop.letters.replies.chase import Reply, reply
from eh_interop.letters.replies.outcome import Answer, outcome_record
from eh_interop.letters.replies.questions import Question, SectionOfQuestions, questions
from eh_interop.letters.replies.writing import FORMS, write_replies

__all__ = [
    "FORMS",
    "Answer",
    "Question",
    "Reply",
    "SectionOfQuestions",
    "outcome_record",
    "questions",
    "reply",
    "write_replies",
]
