"""What a device is told about itself: it keeps this and stands a month without a network on it."""

import json
from hashlib import sha256
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from kiosk import envelopes, tongues
from kiosk.tables import Kiosk
from surveys import hosts, library, qr, queries
from surveys.channels import CHANNELS
from surveys.clock import today
from surveys.doors import Way
from surveys.languages import RUSSIAN
from surveys.models import Campaign, Pinned
from surveys.questionnaire import Question, Questionnaire

CHANNEL = CHANNELS["kiosk"]
Settings = dict[str, Any]


def of(session: Session, kiosk: Kiosk) -> Settings:
    """Everything the screen needs; `fingerprint` changes with any of it."""
    secret, organization = current_app.config["SECRET_KEY"], kiosk.organization
    way = Way(organization.code, kiosk.place)
    address = _survey(way)
    told = {
        "kiosk": kiosk.id,
        "name": kiosk.name,
        "organization": organization.display_name,
        "place": queries.place_name(session, organization.id, kiosk.place),
        "stands": kiosk.place,
        "idle": kiosk.idle_seconds,
        "opens": kiosk.opens,
        "closes": kiosk.closes,
        "aloud": kiosk.aloud,
        "inches": kiosk.inches,
        **_asked(session, kiosk),
        "key": envelopes.public_key(secret),
        "proof": envelopes.proof(secret, kiosk.id),
        "address": hosts.shown(address).partition("://")[2],
        "qr": qr.svg(address, title=address),
    }
    for one in told["languages"]:
        if one["code"] != RUSSIAN:  # the phone then speaks as the screen did
            there = _survey(way, one["code"])
            one["qr"] = qr.svg(there, title=there)
    digest = sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    return {**told, "fingerprint": digest[:16]}


def _survey(way: Way, language: str = "") -> str:
    """Where the code on the screen leads one's own phone."""
    return f"{current_app.config['BASE_URL']}/q/{way.code}{way.query(language=language)}"


def _asked(session: Session, kiosk: Kiosk) -> Settings:
    """The campaign and its questions, or why there are none."""
    found = queries.open_assessment(session, kiosk.organization_id, today())
    if found is None:
        return {
            "campaign": None,
            "form": None,
            "demo": False,
            "languages": tongues.told(kiosk.languages, None),
        }
    pinned = pinned_for(found.campaign, kiosk.form)
    form = library.pinned(pinned.name, pinned.sha256)
    fits = all(question.closed or not question.required for question in form.questions)
    return {
        "campaign": found.campaign_id if fits else None,
        "starts_on": found.campaign.starts_on.isoformat(),  # without a network the device itself must know when to stop
        "ends_on": found.campaign.ends_on.isoformat(),
        "form": _form(form),
        "demo": found.campaign.demo,
        "languages": tongues.told(kiosk.languages, form),
    }


def pinned_for(campaign: Campaign, form: str) -> Pinned:
    """The questionnaire that the device is set to, where the campaign has pinned it, else its own for kiosks."""
    chosen = (row.questionnaire for row in campaign.questionnaires if form and row.questionnaire.name == form)
    return next(chosen, None) or campaign.questionnaire_of(CHANNEL.number)


def _form(form: Questionnaire) -> Settings:
    """Only what is answered by a choice: a screen in a hall has no keyboard, and what is typed may be read over."""
    return {
        "sha256": form.content_hash,
        "total": len(form.numbered),
        "questions": [_question(question) for question in form.closed],
    }


def _question(question: Question) -> Settings:
    return {
        "id": question.id,
        "caption": question.caption,
        "hint": question.hint,
        "kind": question.kind,
        "required": question.required,
        "when": dict(question.when),
        "choices": [{"value": choice.value, "text": choice.text} for choice in question.choices],
    }
