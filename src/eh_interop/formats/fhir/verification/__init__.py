"""Verification: whether a receiver of FHIR R4 and UK Core would accept a document."""

from eh_interop.formats.fhir.verification.problem import Problem
from eh_interop.formats.fhir.verification.verify import EVERY, How, Which, verify, verify_many

__all__ = ["EVERY", "How", "Problem", "Which", "verify", "verify_many"]
