"""A mistake's key in a sentence for people: what was done instead of what the Order says."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

import nok
from surveys.old_reports.targets import short_title

SIDES: Mapping[str, object] = {"stand": _l("стенду"), "site": _l("сайту")}
PLAIN: Mapping[str, object] = {
    "": _l("не объясняется: ни одна из известных ошибок такого числа не даёт"),
    "inputs": _l("в пределах округления: показатели напечатаны короче, чем с ними считали"),
    "empty": _l("в отчёте пусто, а посчитать можно"),
    "torn": _l("счётчики противоречат друг другу: довольных больше, чем опрошенных"),
    "doubtful_zero": _l("0 баллов: похоже, никого не опросили, а посчитали как «все недовольны»"),
    "impossible": _l("такого числа не бывает: баллы даются за целые пункты"),
    "to_whole": _l("округлено до целых"),
    "to_tenth": _l("округлено до десятых"),
    "to_hundredth": _l("округлено до сотых"),
    "cut": _l("лишние знаки отброшены, а не округлены"),
    "scale_share": _l("доля от единицы вместо баллов"),
    "scale_five": _l("пятибалльная шкала вместо баллов от 0 до 100"),
    "scale_ten": _l("десятибалльная шкала вместо баллов от 0 до 100"),
    "of_all": _l("делили на всех опрошенных, а не на тех, кого об этом спрашивали"),
    "half": _l("данные только с одной стороны, а вторая взята за 0"),
    "pooled": _l("стенд и сайт сложены вместе, а доли не усреднены"),
    "uncapped": _l("предел в 100 баллов не применён"),
    "of_list": _l("доля от списка вместо баллов за каждый пункт"),
    "only_waiting": _l("взяты одни баллы за время ожидания, без доли получивших услугу вовремя"),
    "only_share": _l("взята одна доля получивших услугу вовремя, без баллов за время ожидания"),
    "two_of_three": _l("К2 посчитан как среднее двух показателей, 2.1 и 2.3, а не трёх"),
    "three_of_two": _l("в К2 учтено время ожидания (2.2), а в этой сфере его не измеряют"),
    "three_of_two_zero": _l("в К2 время ожидания (2.2) взято за 0, а в этой сфере его не измеряют"),
    "steps_whole": _l("округлено до целых по дороге"),
    "steps_tenth": _l("округлено до десятых по дороге"),
    "steps_hundredth": _l("округлено до сотых по дороге"),
    "equal": _l("показатели усреднены поровну, без весов Порядка"),
    "sum": _l("показатели сложены, а не усреднены"),
    "criterion_zero": _l("критерий, которого нет, взят за 0"),
    "known_only": _l("среднее только тех критериев, которые есть"),
    "right_criteria": _l("итог посчитан по верным критериям, а в таблице критерии другие"),
    "by_four": _l("сумма критериев делена на 4, а не на 5"),
    "not_divided": _l("критерии сложены, а не усреднены"),
    "of_indicators": _l("среднее показателей, а не критериев"),
    "performing": _l("среднее К1 и К3, как у театров и концертных организаций"),
}


#: Sentences that name an indicator, a weight, an edition: kind → the sentence.
FILLED: Mapping[str, object] = {
    "zero": _l("показатель %(one)s посчитан как 0, хотя никого не опросили: его не считают"),
    "hundred": _l("показатель %(one)s взят за 100, хотя никого не опросили"),
    "siblings": _l("вместо показателя %(one)s, которого нет, взято среднее остальных"),
    "renormalised": _l("показатель %(one)s, которого нет, не учтён, веса остальных увеличены"),
    "edition": _l("редакция Порядка другая: %(one)s"),
    "side": _l("посчитано только по %(one)s"),
    "points": _l("за пункт взято баллов: %(one)s"),
    "swapped": _l("веса показателей перепутаны: %(one)s"),
    "left_out": _l("показатель %(one)s не учтён, веса остальных увеличены"),
    "as_zero": _l("показатель %(one)s взят за 0, хотя в таблице он есть"),
    "weight": _l("показатель %(one)s взят с другим весом: %(two)s"),
    "right_criterion": _l("итог посчитан с верным %(one)s, а в таблице он другой"),
    "criterion_left": _l("критерий %(one)s не учтён: взято среднее остальных"),
}


def said(key: str, at: str) -> str:
    """The sentence of a key, about this figure."""
    kind, *told = key.split("|")
    if kind in PLAIN:
        return str(PLAIN[kind])
    one, two = [*told, short_title(at), ""][:2]
    if kind == "edition":
        one = nok.edition(one).title
    if kind == "side":
        one = str(SIDES[one])
    if kind in ("criterion_left", "right_criterion"):
        one = short_title(one)
    return str(FILLED[kind]) % {"one": one.replace(";", "; "), "two": two}
