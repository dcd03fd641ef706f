"""Ask a real server everything Schemathesis makes of the OpenAPI document it serves.

    python simulations/ask_by_document.py --examples 500

So many requests for each path and method, once with bodies that fit the document and once with bodies that do
not. An answer is a fault where its status, headers or body are not those the document promises, where a body
that does not fit is taken or one that fits is not, and wherever it is a 5xx. The last line printed is a JSON
object with the figures.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from live_site import running
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks as of_documents

if TYPE_CHECKING:
    from live_site import Site
    from schemathesis.schemas import APIOperation

CHECKS = [
    schemathesis.checks.not_a_server_error,
    of_documents.status_code_conformance,
    of_documents.content_type_conformance,
    of_documents.response_headers_conformance,
    of_documents.response_schema_conformance,
    of_documents.negative_data_rejection,
    of_documents.positive_data_acceptance,
    of_documents.unsupported_method,
]


def ask(operation: APIOperation, mode: GenerationMode, site: Site, examples: int) -> Counter[str]:
    """Ask one operation so often; return how many answers there were of each kind, and faults."""
    headers = {"Authorization": "Basic " + base64.b64encode(f"{site.key}:".encode()).decode()}
    figures: Counter[str] = Counter()

    @seed(29)
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def asked(case: schemathesis.Case) -> None:
        answer = case.call(base_url=address_of(site), headers=headers)
        figures[f"answer {answer.status_code}"] += 1
        figures["requests"] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as found:
            figures["faults"] += 1
            print(f"{operation.label}, {mode.value}: {found}", file=sys.stderr)

    asked()
    return figures


def address_of(site: Site) -> str:
    """Return where a site listens."""
    return f"http://127.0.0.1:{site.port}"


def simulate(examples: int) -> Counter[str]:
    """Ask all operations of a running site."""
    figures: Counter[str] = Counter(faults=0)
    with running() as site:
        document = schemathesis.openapi.from_url(f"{address_of(site)}/v1/openapi.json")
        for operation in (one.ok() for one in document.get_all_operations()):
            modes = list(GenerationMode) if operation.method == "post" else [GenerationMode.POSITIVE]
            for mode in modes:
                figures.update(ask(operation, mode, site, examples))
        site.drained()
        from wegmarke.capture.counting import accounts

        figures["missing in the accounts"] = accounts().missing
    return figures


def main() -> int:
    """Simulate and print the figures; 1 where there was a fault."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    parser.add_argument("--examples", type=int, default=100)
    asked = parser.parse_args()
    begun = time.monotonic()
    figures = simulate(asked.examples)
    figures["seconds"] = round(time.monotonic() - begun)
    print(json.dumps(dict(sorted(figures.items()))))
    return int(bool(figures["faults"] or figures["missing in the accounts"]))


if __name__ == "__main__":
    sys.exit(main())
