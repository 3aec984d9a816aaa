"""An ESME made of PyPI's smpplib: a service that asks, welcomes and says goodbye, none of it ours.

Run as `python esme_smpplib.py PORT`. Prints one line for each thing that it reads, fields separated
by tabs: `bound SYSTEM_ID`, `message FROM TO TEXT`, `accepted ID`, `receipt ID STAT`, `unbound`.
Answers DK with a prompt, Y with a welcome, HUY with a long text in two parts; END makes it unbind.
"""

import re
import sys
from typing import Any

import smpplib.client  # type: ignore[import-untyped]
import smpplib.consts  # type: ignore[import-untyped]
import smpplib.gsm  # type: ignore[import-untyped]
import smpplib.smpp  # type: ignore[import-untyped]

RECEIPT = 0x04
TEXTS = {"DK": "De dong y, soan Y gui 9166", "Y": "Dang ky thanh cong", "HUY": "Đã hủy. " * 12}


def told(*fields: object) -> None:
    """Print one line."""
    sys.stdout.write("\t".join(map(str, fields)) + "\n")
    sys.stdout.flush()


class Service:
    """Answers each message."""

    def __init__(self, port: int) -> None:
        self.client = smpplib.client.Client("127.0.0.1", port, allow_unknown_opt_params=True)
        self.client.set_message_received_handler(self.heard)
        self.client.set_message_sent_handler(lambda pdu: told("accepted", pdu.message_id.decode()))
        self.is_over = False

    def run(self) -> None:
        """Serve until END."""
        self.client.connect()
        answer = self.client.bind_transceiver(system_id="twofold", password="secret")
        told("bound", answer.system_id.decode())
        while not self.is_over:
            self.client.read_once()
        self.client.send_pdu(smpplib.smpp.make_pdu("unbind", client=self.client))
        while self.client.read_pdu().command != "unbind_resp":
            pass  # what was under way comes first
        told("unbound")
        self.client.disconnect()

    def heard(self, pdu: Any) -> int:  # noqa: ANN401 - smpplib's own
        """Take an MO or a receipt."""
        text = pdu.short_message.decode("latin-1")
        if pdu.esm_class & RECEIPT:
            found = re.search(r"id:(\S+) .*stat:(\S+)", text)
            told("receipt", *(found.groups() if found else ("?", text)))
            return 0
        told("message", pdu.source_addr.decode(), pdu.destination_addr.decode(), text)
        word = text.split()[0]
        self.is_over = word == "END"
        if word in TEXTS:
            self.send(pdu.destination_addr.decode(), pdu.source_addr.decode(), TEXTS[word])
        return 0

    def send(self, source: str, destination: str, text: str) -> None:
        """Send a text, in as many parts as it needs."""
        parts, encoding, msg_type = smpplib.gsm.make_parts(text)
        for part in parts:
            self.client.send_message(
                source_addr_ton=smpplib.consts.SMPP_TON_UNK,
                source_addr=source,
                dest_addr_ton=smpplib.consts.SMPP_TON_INTL,
                dest_addr_npi=smpplib.consts.SMPP_NPI_ISDN,
                destination_addr=destination,
                short_message=part,
                data_coding=encoding,
                esm_class=msg_type,
                registered_delivery=True,
            )


if __name__ == "__main__":
    Service(int(sys.argv[1])).run()
