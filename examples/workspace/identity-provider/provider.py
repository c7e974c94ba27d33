"""The organisation's SSO: an OpenID Connect provider with a login page, made of Debian's django-oauth-toolkit.

usage: provider.py PORT DIRECTORY

The environment names the one client: CLIENT_ID, CLIENT_SECRET, and PUBLIC_URL, where its users come from.
"""
import json
import os
import sys

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.management import call_command, execute_from_command_line

PORT, DIRECTORY = sys.argv[1], sys.argv[2]
ISSUER = f"http://localhost:{PORT}/o"
CLIENT_ID, PUBLIC_URL = os.environ["CLIENT_ID"], os.environ["PUBLIC_URL"]
HERE = os.path.dirname(os.path.abspath(__file__))

# Name and groups; the password is the name.
PEOPLE = {"alice": ["analysts"], "bob": [], "carol": ["analysts", "admins"], "dan": ["analysts"]}


def signing_key():
    file = os.path.join(DIRECTORY, "key.pem")
    if not os.path.exists(file):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with open(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
            out.write(pem)
    with open(file) as pem:
        return pem.read()


settings.configure(
    ALLOWED_HOSTS=["localhost"],
    AUTH_PASSWORD_VALIDATORS=[],
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(DIRECTORY, "provider.sqlite3")}
    },
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.staticfiles",
        "oauth2_provider",
    ],
    LOGIN_URL="/login",
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    OAUTH2_PROVIDER={
        "OAUTH2_VALIDATOR_CLASS": f"{__name__}.People",
        "OIDC_ENABLED": True,
        "OIDC_ISS_ENDPOINT": ISSUER,
        "OIDC_RSA_PRIVATE_KEY": signing_key(),
        "PKCE_REQUIRED": True,
        "SCOPES": {"openid": "who you are", "profile": "your name and groups", "email": "your address"},
    },
    # A login here has to outlive neither the browser nor the example.
    PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"],
    ROOT_URLCONF=__name__,
    SECRET_KEY=os.environ["CLIENT_SECRET"],
    SESSION_COOKIE_NAME="provider-session",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [os.path.join(HERE, "templates")],
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ],
    USE_TZ=True,
)
django.setup()

from django.contrib.auth import logout
from django.contrib.auth.models import Group, User
from django.contrib.auth.views import LoginView
from django.http import HttpResponseBadRequest, HttpResponseRedirect, JsonResponse
from django.urls import include, path
from jwcrypto import jwk, jws
from oauth2_provider.models import Application
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.views import ConnectDiscoveryInfoView

LOGGED_OUT = f"{PUBLIC_URL}/.sluice/sso/logged-out"


class People(OAuth2Validator):
    """What ID tokens say about a person."""

    def get_additional_claims(self, request):
        user = request.user
        return {
            "preferred_username": user.username,
            "email": user.email,
            "email_verified": True,
            "given_name": user.first_name,
            "family_name": user.last_name,
            "groups": [group.name for group in user.groups.all()],
        }


def discovery(request):
    """The toolkit's own, with the logout that this version of it does not have."""
    told = json.loads(ConnectDiscoveryInfoView.as_view()(request).content)
    told["end_session_endpoint"] = f"http://localhost:{PORT}/end-session"
    told["code_challenge_methods_supported"] = ["S256"]
    return JsonResponse(told)


def end_session(request):
    """RP-Initiated Logout 1.0: the ID token shows that the client asks for the user who is logged in here."""
    try:
        token = jws.JWS()
        token.deserialize(request.GET["id_token_hint"], jwk.JWK.from_pem(signing_key().encode()))
        claims = json.loads(token.payload)
    except (KeyError, ValueError, jws.InvalidJWSObject, jws.InvalidJWSSignature):
        return HttpResponseBadRequest("id_token_hint: missing or not of this provider")
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if CLIENT_ID not in audience or request.GET.get("post_logout_redirect_uri") != LOGGED_OUT:
        return HttpResponseBadRequest("post_logout_redirect_uri: not registered")
    if request.user.is_authenticated and str(request.user.pk) == claims["sub"]:
        logout(request)
    return HttpResponseRedirect(LOGGED_OUT)


urlpatterns = [
    path("login", LoginView.as_view(), name="login"),
    path("end-session", end_session),
    path("o/.well-known/openid-configuration", discovery),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
]


def register():
    """Makes the people, and the client that asks for them."""
    for name, groups in PEOPLE.items():
        user, new = User.objects.get_or_create(
            username=name,
            defaults={
                "email": f"{name}@example.org",
                "first_name": name.title(),
                "last_name": "Example",
            },
        )
        if new:
            user.set_password(name)
            user.save()
            user.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])
    Application.objects.update_or_create(
        client_id=CLIENT_ID,
        defaults={
            "name": "Sluice",
            "client_type": Application.CLIENT_CONFIDENTIAL,
            "client_secret": os.environ["CLIENT_SECRET"],
            "authorization_grant_type": Application.GRANT_AUTHORIZATION_CODE,
            "algorithm": Application.RS256_ALGORITHM,
            "redirect_uris": f"{PUBLIC_URL}/.sluice/sso/callback",
            "skip_authorization": True,
        },
    )


if __name__ == "__main__":
    # The toolkit's settings name a class of this module, which would else be loaded a second time.
    sys.modules["provider"] = sys.modules[__name__]
    call_command("migrate", verbosity=0)
    register()
    execute_from_command_line([sys.argv[0], "runserver", "--noreload", f"127.0.0.1:{PORT}"])
