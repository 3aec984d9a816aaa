"""Write judgement, evidence and orders in one transaction, and only then acknowledge."""

from twofold.commit.committer import Committer, CommitterSettings

__all__ = ["Committer", "CommitterSettings"]
