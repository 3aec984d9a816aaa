"""What a text states, read back from the text itself and not from what rendered it."""

import re


def facts(text: str) -> dict[str, list[str]]:
    """Read what a text states, in a form that no language colors."""
    return {
        "amounts": [re.sub("[.,]", "", amount) for amount in re.findall(r"([\d.,]+)d\b", text)],
        "periods": [count or "1" for count in re.findall(r"d/(?:(\d+) )?(?:ngay|day)", text)],
        "times": re.findall(r"\b\d\d:\d\d \d\d/\d\d\b", text),
        "dates": re.findall(r"\b\d\d/\d\d\b", text),
        "stops": sorted(re.findall(r"\bHUY [A-Z0-9]+", text)),
        "joins": re.findall(r"\bDK [A-Z0-9]{2,}", text),
        "agrees": re.findall(r"\bY(?: [A-Z0-9]{2,})?(?= (?:gui|to|hoac|or) )", text),
        "numbers": sorted(set(re.findall(r"\b(?:gui|to|toi|tin qua|on) (\d+)", text))),
        "hotline": re.findall(r"18001091", text),
        "proofs": re.findall(r"\b[0-9A-Z]{11}\b", text),
        "vat": re.findall("VAT", text),
        "never_renews": ["no"] * len(re.findall("khong tu gia han|does not renew", text)),
        "no_charge": ["no"] if re.search("KHONG mat phi|NO charge", text) else [],
        "names": re.findall("Tin the thao 24h|Nhac cho|Dau truong|ABC Media|Tro choi XYZ", text),
    }
