"""Write judgement, evidence and orders in one transaction, then acknowledge: nothing is said before it is durable."""

from twofold.commit.committer import Committer, CommitterSettings

__all__ = ["Committer", "CommitterSettings"]
