"""The fault-injecting simulator: the real engine on a virtual clock, network and disk."""
