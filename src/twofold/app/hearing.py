"""What hears each SMSC, and what is known of when it could not have been heard."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from twofold.app.settings import Settings, Smsc
from twofold.channels.punctuality import Outages
from twofold.channels.smpp import SmppChannel, VendorTlvs
from twofold.domain.terms import LATE_MS


def vendor_tlvs(smsc: Smsc) -> VendorTlvs:
    """An SMSC's part of the configuration, as its channel takes it."""
    return VendorTlvs(smsc.mo_id_tlv, smsc.mo_time_tlv, smsc.mo_imsi_tlv)


def zone_of(smsc: Smsc) -> ZoneInfo:
    """The zone of its times that name none."""
    return ZoneInfo(smsc.time_zone)


def outages_of(settings: Settings, heard_of_at: int) -> dict[str, Outages]:
    """By SMSC: nothing could be heard since the engine before this one was last heard of."""
    return {smsc.name: Outages(heard_of_at) for smsc in settings.smsc}


def held_codes(
    settings: Settings, channels: Mapping[str, SmppChannel], now_at: int
) -> tuple[str, ...]:
    """Short codes to which replies that were sent in time may still be on their way.

    After an outage a bind that tells when a message was sent must have been up for two minutes
    before anything that it carries expires; one whose times are ignored is not waited for.
    """
    free: list[str] = []
    for smsc in settings.smsc:
        channel = channels[smsc.name]
        up_since_at = channel.outages.up_since_at
        if smsc.mo_time_tlv is None:
            continue
        is_steady = up_since_at is not None and now_at - up_since_at >= LATE_MS
        if is_steady or channel.smsc_clock.skew_ms:
            free += smsc.short_codes
    return tuple(code for code in sorted(settings.timed_codes) if code not in free)
