"""Stand-ins for what belongs to others, on real sockets: the SMSC with its phones, and a load."""
