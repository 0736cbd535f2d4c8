"""The list of all endpoints of rich menus."""

from tests.simulator.api.richmenus import aliases, batches, insight, links, objects, pictures

ENDPOINTS = [
    *aliases.ENDPOINTS,
    *batches.ENDPOINTS,
    *insight.ENDPOINTS,
    *links.ENDPOINTS,
    *objects.ENDPOINTS,
    *pictures.ENDPOINTS,
]
