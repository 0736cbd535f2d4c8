"""What is published for everybody who verifies tokens: the keys and the provider's description of itself."""

from aiohttp import web

from tests.simulator.channel import Platform
from tests.simulator.login import here as finding


def add_to(app: web.Application, platform: Platform) -> None:
    async def certs(request: web.Request) -> web.StreamResponse:
        """The JWKS: the published keys of every Login channel here, each found by its kid."""
        keys = [key.jwk() for here in finding.every(platform) for key in here.login.keys if key.published]
        return web.json_response({"keys": keys}, headers={"Access-Control-Allow-Origin": "*"})

    async def discovery(request: web.Request) -> web.StreamResponse:
        return web.json_response(described(platform.base_url))

    app.router.add_get("/oauth2/v2.1/certs", certs)
    app.router.add_get("/access/.well-known/openid-configuration", discovery)


def described(base_url: str) -> dict[str, object]:
    return {
        "issuer": f"{base_url}/access",
        "authorization_endpoint": f"{base_url}/access/oauth2/v2.1/authorize",
        "token_endpoint": f"{base_url}/oauth2/v2.1/token",
        "revocation_endpoint": f"{base_url}/oauth2/v2.1/revoke",
        "userinfo_endpoint": f"{base_url}/oauth2/v2.1/userinfo",
        "scopes_supported": ["openid", "profile", "email"],
        "jwks_uri": f"{base_url}/oauth2/v2.1/certs",
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256"],
    }
