"""`/api/problems/{name}`: what the type of a problem means, for whoever follows it."""

from fastapi import APIRouter
from pydantic import BaseModel

from twofold.api.calling import problems
from twofold.api.problems import FAULTS, Fault, Problem
from twofold.domain.reason import EXPLANATIONS, Reason

router = APIRouter(tags=["problems"])


class ExplanationView(BaseModel):
    """One type of problem."""

    name: str
    meaning: str


@router.get("/problems/{name}", responses=problems(Fault.NOT_FOUND))
async def explain(name: str) -> ExplanationView:
    """Explain a type of problem."""
    if name in Fault.__members__:
        return ExplanationView(name=name, meaning=FAULTS[Fault[name]].title)
    if name in Reason.__members__:
        return ExplanationView(name=name, meaning=EXPLANATIONS[Reason[name]].doc)
    raise Problem(Fault.NOT_FOUND)
