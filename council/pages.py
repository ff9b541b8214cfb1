"""Result pages on screen: what their templates call beside the facts they are given."""

from functools import partial

from flask import Flask

from council import documents
from council.opinions import door as opinions
from council.opinions import words
from council.plans import door
from documents import charts, presentation
from documents.figures import organization_view, pinned
from documents.overview import campaign_view


def init_app(app: Flask) -> None:
    """Filters and functions of `templates/results/` and `templates/print/result_*`; safe to call again."""
    presentation.furnish(app.jinja_env)
    app.jinja_env.filters["reviewed"] = words.reviews
    app.jinja_env.globals.update(
        organization_view=partial(organization_view, layout=charts.NARROW),
        campaign_view=partial(campaign_view, layout=charts.NARROW),
        organization_details=documents.organization_details,
        campaign_details=documents.campaign_details,
        pinned_hashes=pinned,
        plan_url=door.plan_url,
        plans_of=door.plans_of,
        public_plans=door.public_plans,
        plans_changed=door.changed,
        plans_list=door.plans_list,
        other_ways=opinions.other_ways,
        last_result=opinions.last_result,
        results_by=opinions.results_by,
        opinion_words=words,
    )
