"""How well the screening of people's words does on made-up comments, and how long it takes."""

import resource
from time import perf_counter

from benchmarks.words import made_up
from benchmarks.words.scoring import scored
from surveys.screening import Kind, screen

UNSEEN = 2026
"""Another seed than the one by which the rules were mended."""
LONG = 1000


def measure() -> dict[str, float | str]:
    """Recall and precision by kind, on lines made by lot from a fresh seed and on those written by hand."""
    told: dict[str, float | str] = {}
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    screen("Спасибо")
    told["words_dictionary_mib"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - kib) / 1024
    sets = {"lot": made_up.drawn(UNSEEN), "hard": made_up.written("hard"), "fresh": made_up.written("fresh")}
    for name, comments in sets.items():
        score = scored(comments)
        told[f"words_{name}"] = f"{score.whole} of {score.texts} whole"
        for kind in Kind:
            if score.there[kind]:
                said = f"{score.there[kind]}: {score.recall(kind):.3f} / {score.precision(kind):.3f}"
                told[f"words_{name}_{kind}"] = said
        if name == "lot":
            told["words_lot_recall"] = sum(score.covered.values()) / sum(score.there.values())
    texts = [comment.text for comment in sets["lot"]]
    began = perf_counter()
    for text in texts:
        screen(text)
    told["words_ms"] = (perf_counter() - began) / len(texts) * 1000
    long = " ".join(dict.fromkeys(" ".join(texts).split()))[:LONG]
    began = perf_counter()
    screen(long)
    told["words_1000_letters_ms"] = (perf_counter() - began) * 1000
    return told
