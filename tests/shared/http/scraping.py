"""The metrics of a service, as Prometheus reads them."""

import httpx
from prometheus_client.parser import text_string_to_metric_families


async def sample(client: httpx.AsyncClient, name: str, **labels: str) -> float:
    """One figure of the metrics."""
    families = text_string_to_metric_families((await client.get("/internal/metrics")).text)
    found = [
        line.value
        for family in families
        for line in family.samples
        if line.name == name and labels.items() <= line.labels.items()
    ]
    assert len(found) == 1, name
    return float(found[0])
