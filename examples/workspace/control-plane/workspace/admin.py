from django.contrib import admin
from django.contrib.auth.models import User

from . import pushes
from .models import Application, SharedSite, Tool
from .pages import stop_application

admin.site.site_header = "Workspace"
admin.site.unregister(User)


@admin.register(User)
class People(admin.ModelAdmin):
    """Who has been here; the SSO says who they are."""

    list_display = ["first_name", "email", "member_of", "logins"]
    fields = readonly_fields = ["username", "first_name", "email", "member_of", "logins"]
    actions = ["log_out"]

    @admin.display(description="groups")
    def member_of(self, user):
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description="login sessions")
    def logins(self, user):
        return pushes.logins(user.username)

    @admin.action(description="Log out everywhere, at once")
    def log_out(self, request, people):
        ended = sum(pushes.end_logins(user.username) for user in people)
        self.message_user(request, f"{ended} sessions ended")

    def has_add_permission(self, request):
        return False


@admin.register(Application)
class Applications(admin.ModelAdmin):
    """What runs now."""

    list_display = ["public_host", "tool", "who", "state", "started", "pid", "port"]
    list_filter = ["tool", "state"]
    actions = ["stop"]

    @admin.display(description="owner")
    def who(self, application):
        return application.owner.first_name

    @admin.action(description="Stop")
    def stop(self, request, applications):
        for application in applications:
            stop_application(application)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, application=None):
        return False


@admin.register(Tool)
class Tools(admin.ModelAdmin):
    list_display = ["title", "name", "description", "seconds"]
    filter_horizontal = ["groups"]


@admin.register(SharedSite)
class SharedSites(admin.ModelAdmin):
    list_display = ["title", "host", "upstream"]
    filter_horizontal = ["groups"]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.instance.publish()

    def delete_queryset(self, request, sites):
        for site in sites:
            site.delete()
