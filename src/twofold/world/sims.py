"""SIMs that take the place of others in a phone: bought, given by the shop, or had by a thief."""

from twofold.domain.msisdn import mask
from twofold.world.world import World


def replace_sim(world: World, number: str) -> None:
    """Put another SIM into a phone, where the SMSC tells which one it is: nobody sees it else."""
    if world.smsc.sims.are_told:
        world.sims[number] += 1
        world.smsc.sims.put_in(number, f"45202{world.sims[number]:03}{number[-7:]}")
        world.tell(f"{mask(int(number))} has another SIM")
