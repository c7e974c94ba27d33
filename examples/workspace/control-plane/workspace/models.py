import hashlib
import os

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import models

from . import pushes


class Tool(models.Model):
    """What people may start for themselves."""

    name = models.SlugField(unique=True, help_text="the first part of its hosts; no hyphen")
    title = models.CharField(max_length=80)
    description = models.CharField(max_length=200)
    seconds = models.PositiveIntegerField(default=3, help_text="that it usually takes to start")
    groups = models.ManyToManyField(Group, blank=True, help_text="who may use it; everybody if empty")

    def __str__(self):
        return self.title

    def is_for(self, user):
        wanted = {group.pk for group in self.groups.all()}
        return not wanted or user.groups.filter(pk__in=wanted).exists()

    def public_host(self, user):
        return f"{self.name}-{owner_part(user)}"


def owner_part(user):
    """Of a host: safe whatever the user's id looks like, and never another user's."""
    return hashlib.sha256(user.username.encode()).hexdigest()[:8]


class Application(models.Model):
    """A tool that runs for one user. Its host is unique, so that it is started once, however many ask."""

    public_host = models.CharField(max_length=63, unique=True)
    tool = models.ForeignKey(Tool, on_delete=models.CASCADE)
    owner = models.ForeignKey(User, on_delete=models.CASCADE)
    state = models.CharField(max_length=16, default="SPAWNING")
    pid = models.IntegerField(null=True)
    port = models.IntegerField(null=True)
    started = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.public_host

    @property
    def url(self):
        return settings.PUBLIC_URL.replace("://", f"://{self.public_host}.", 1)

    @property
    def home(self):
        return os.path.join(settings.DIRECTORY, "home", owner_part(self.owner))


class SharedSite(models.Model):
    """A site that runs anyway, for everybody of some groups. Its route is in Redis, where every replica sees it."""

    host = models.SlugField(unique=True, help_text="in front of the domain")
    title = models.CharField(max_length=80)
    upstream = models.CharField(max_length=200, help_text="http://host:port")
    groups = models.ManyToManyField(Group, help_text="who may use it")

    def __str__(self):
        return self.title

    @property
    def url(self):
        return settings.PUBLIC_URL.replace("://", f"://{self.host}.", 1)

    def publish(self):
        pushes.publish_route(self.host, self.upstream, [group.name for group in self.groups.all()])

    def delete(self, *args, **kwargs):
        pushes.withdraw_route(self.host)
        return super().delete(*args, **kwargs)
