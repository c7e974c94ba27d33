from importlib.util import find_spec

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand

from workspace.models import Application, SharedSite, Tool


class Command(BaseCommand):
    help = "Makes the example's tools and its shared site, and forgets what ran before a restart"

    def add_arguments(self, parser):
        parser.add_argument("handbook", help="where the shared site runs: http://host:port")

    def handle(self, handbook, **_):
        analysts = Group.objects.get_or_create(name="analysts")[0]
        Application.objects.all().delete()
        self.tool("notebook", "Notebook", "Python, cell by cell, and your files", 3, [analysts])
        if find_spec("notebook"):
            self.tool("jupyter", "Jupyter", "Jupyter Notebook, as Debian ships it", 6, [analysts])
        site = SharedSite.objects.update_or_create(
            host="handbook", defaults={"title": "Handbook", "upstream": handbook}
        )[0]
        site.groups.set([analysts])
        site.publish()

    @staticmethod
    def tool(name, title, description, seconds, groups):
        told = {"title": title, "description": description, "seconds": seconds}
        Tool.objects.update_or_create(name=name, defaults=told)[0].groups.set(groups)
