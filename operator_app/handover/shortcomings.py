"""Sections 8, 10, 11: main deficiencies, conclusions, proposals, drafted by the rules of wording.toml (ПП 638, д–е)."""

from collections import defaultdict
from collections.abc import Iterator

from flask_babel import gettext as _

from documents import blocks
from documents.blocks import TEXT
from documents.presentation import BLOCKS, called, scored
from operator_app.handover.material import Draft, Material, of
from surveys.display import thousands
from surveys.measures import MEASURE
from surveys.results import Standing

NAMED = 5  # organisations named in a conclusion; the rest are counted


def deficiencies(m: Material) -> Draft:
    """д) What each organisation lacks, by name, and where people are not content."""
    rules = m.wording
    words = _(
        "Недостаток — это пункт чек-листа, которого проверка не нашла, или низкая доля довольных. Низкой"
        " отчёт называет долю"
        " меньше %(low)s %% при %(few)s и более ответивших. Этот порог — сложившаяся практика операторов:"
        " порядок расчёта"
        " порогов не устанавливает.",
        low=rules.low_share,
        few=rules.asked_at_least,
    )
    spotless = [one for one in m.standings if one.inspected and one.responses and not _told(m, one)]
    if spotless:
        words += "\n\n" + _("Недостатков не выявлено: %(names)s.", names="; ".join(map(called, spotless)))
    head = ((_("Организация"), TEXT, 28), (_("Недостатки"), TEXT, 72))
    rows = [(called(one), "\n".join(_told(m, one))) for one in m.standings if one not in spotless]
    return Draft(words, [blocks.table(_("Недостатки по организациям"), head, rows)])


def _told(m: Material, one: Standing) -> list[str]:
    told = [f"{BLOCKS.get(block, block)}: {'; '.join(titles)}." for block, titles in m.absent(one).items()]
    if not one.inspected:
        told.append(str(_("Проверка не проведена.")))
    low = [f"{MEASURE[share.measure].title.lower()} — {share.told}" for share in m.low(one)]
    if low:
        told.append(str(_("Мало довольных: %(list)s.", list="; ".join(low))))
    if not one.responses:
        told.append(str(_("Анкет нет.")))
    return told


def conclusions(m: Material) -> Draft:
    """е) What follows from the figures."""
    total = len(m.standings)
    words = [
        _(
            "Оценены организации: %(n)s. Получено анкет: %(responses)s. Средняя итоговая оценка —"
            " %(mean)s из 100 баллов.",
            n=thousands(total),
            responses=thousands(m.results.responses),
            mean=scored(m.results.means.get("total")),
        )
    ]
    known = [(figure.exact, id) for id in m.edition.criteria if (figure := m.results.means.get(id))]
    if len(known) > 1:
        (_low, weak), (_high, strong) = min(known), max(known)
        words.append(
            _(
                "Сильнее других критерий %(strong)s «%(a)s» — %(x)s, слабее других %(weak)s «%(b)s» — %(y)s.",
                strong=strong,
                a=m.edition.criteria[strong].title,
                x=scored(m.results.means[strong]),
                weak=weak,
                b=m.edition.criteria[weak].title,
                y=scored(m.results.means[weak]),
            )
        )
    said = [f"- {line[0].upper()}{line[1:]}." for line in [*_many_absent(m), *_many_low(m)]]
    if said:
        words.append(_("Чаще других встречаются недостатки:\n%(list)s", list="\n".join(said)))
    else:
        words.append(_("Недостатков, общих для многих организаций, не выявлено."))
    caution = [finding for finding in m.findings if finding.key in ("empty", "thin", "not_inspected")]
    if caution:
        told = "; ".join(finding.title[0].lower() + finding.title[1:] for finding in caution)
        words.append(_("Читать выводы нужно с оглядкой на данные: %(told)s.", told=told))
    return Draft("\n\n".join(words))


def proposals(m: Material) -> Draft:
    """е) What is proposed, to whom."""
    rules, said = m.wording, []
    for block, item, lacking in _absent(m):
        text = rules.absent[block][1].format(item=item[0].lower() + item[1:])
        said.append(f"{text} {_whom(lacking, len(m.standings))}")
    for measure, lacking in _low(m).items():
        said.append(f"{rules.shares[measure][1]} {_whom(lacking, len(m.standings))}")
    if not said:
        return Draft(_("Предложений по общим недостаткам нет: организациям стоит сохранять достигнутое."))
    listed = "\n".join(f"- {line}" for line in said)
    return Draft(
        _(
            "Органам, в ведении которых находятся организации, предлагается учесть в планах по устранению"
            " недостатков:\n"
            "%(list)s\n\nНедостатки каждой организации названы в разделе о недостатках.",
            list=listed,
        )
    )


def _many_absent(m: Material) -> Iterator[str]:
    for block, item, lacking in _absent(m):
        told = m.wording.absent[block][0].format(item=item[0].lower() + item[1:])
        yield f"{told} — {of(len(lacking), len(m.standings))}"


def _many_low(m: Material) -> Iterator[str]:
    for measure, lacking in _low(m).items():
        told = m.wording.shares[measure][0].format(threshold=m.wording.low_share)
        yield f"{told} — {of(len(lacking), len(m.standings))}"


def _absent(m: Material) -> list[tuple[str, str, list[Standing]]]:
    """(block, item, who lacks it): items that many lack, the most frequent first."""
    lacking: defaultdict[tuple[str, str], list[Standing]] = defaultdict(list)
    for one in m.standings:
        for block, titles in m.absent(one).items():
            for title in titles:
                lacking[block, title].append(one)
    inspected = sum(one.inspected for one in m.standings)
    many = [
        (block, item, who)
        for (block, item), who in lacking.items()
        if block in m.wording.absent and len(who) >= m.wording.absent_at_many * inspected
    ]
    return sorted(many, key=lambda found: -len(found[2]))[: m.wording.most_absent]


def _low(m: Material) -> dict[str, list[Standing]]:
    """Measure → organisations whose share is low, in the order of the questionnaire."""
    found: defaultdict[str, list[Standing]] = defaultdict(list)
    for one in m.standings:
        for share in m.low(one):
            found[share.measure].append(one)
    return {measure: found[measure] for measure in m.wording.shares if measure in found}


def _whom(lacking: list[Standing], total: int) -> str:
    if len(lacking) == total and total > 1:
        return str(_("Касается всех организаций."))
    named = "; ".join(map(called, lacking[:NAMED]))
    more = len(lacking) - NAMED
    return str(
        _("Касается: %(names)s и ещё %(n)s.", names=named, n=more)
        if more > 0
        else _("Касается: %(names)s.", names=named)
    )
