"""Who the user is, as the proxy says in every request. Nobody but the proxy can reach this site."""
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AnonymousUser, Group, User


class IdentityMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        subject = request.META.get("HTTP_SSO_PROFILE_USER_ID")
        request.user = self.known(subject, request.META) if subject else AnonymousUser()
        return self.get_response(request)

    @staticmethod
    def known(subject, headers):
        groups = {group for group in headers.get("HTTP_SSO_PROFILE_GROUPS", "").split(",") if group}
        told = {
            "email": headers.get("HTTP_SSO_PROFILE_EMAIL", ""),
            "first_name": headers.get("HTTP_SSO_PROFILE_FIRST_NAME", ""),
            "is_staff": "admins" in groups,
            "is_superuser": "admins" in groups,
            "password": UNUSABLE_PASSWORD_PREFIX,
        }
        user, _ = User.objects.get_or_create(username=subject, defaults=told)
        if any(getattr(user, field) != value for field, value in told.items()):
            User.objects.filter(pk=user.pk).update(**told)
            user.refresh_from_db()
        if {group.name for group in user.groups.all()} != groups:
            user.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])
        return user
