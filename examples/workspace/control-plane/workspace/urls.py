from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from . import api, pages

urlpatterns = [
    path("", pages.home),
    path("stop/<public_host>", pages.stop),
    # For the plugin django-lookup, at its default paths.
    path("api/v1/application/<public_host>", api.application),
    path("tools/<public_host>/spawning", pages.spawning),
    path("error_403_visualisation", pages.forbidden),
    path("error_404", pages.not_found),
    path("error_500_application", pages.failed),
    path("error_500", pages.broken),
    # People log in and out at the SSO, by way of the proxy.
    path("admin/login/", pages.forbidden),
    path("admin/logout/", RedirectView.as_view(url="/.sluice/sso/logout")),
    path("admin/", admin.site.urls),
]

handler403 = pages.forbidden
handler404 = pages.not_found
handler500 = pages.broken
