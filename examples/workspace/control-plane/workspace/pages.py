from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from . import processes, pushes
from .models import Application, SharedSite, Tool


def home(request):
    running = {application.tool_id: application for application in Application.objects.filter(owner=request.user)}
    tools = [
        {
            "tool": tool,
            "url": settings.PUBLIC_URL.replace("://", f"://{tool.public_host(request.user)}.", 1),
            "running": running.get(tool.pk),
        }
        for tool in Tool.objects.order_by("name")
        if tool.is_for(request.user)
    ]
    sites = SharedSite.objects.filter(groups__in=request.user.groups.all()).distinct()
    return render(request, "workspace/home.html", {"tools": tools, "sites": sites})


@require_POST
def stop(request, public_host):
    application = get_object_or_404(Application, public_host=public_host, owner=request.user)
    stop_application(application)
    return redirect("/")


def stop_application(application):
    processes.stop(application.pid)
    application.delete()
    pushes.application_changed(application.public_host)


def spawning(request, public_host):
    tool = get_object_or_404(Tool, name=public_host.partition("-")[0])
    return render(request, "workspace/spawning.html", {"tool": tool}, status=202)


def error(status, title, text):
    def view(request, exception=None):
        told = {"status": status, "title": title, "text": text, "home": settings.PUBLIC_URL}
        return render(request, "workspace/error.html", told, status=status)

    return view


forbidden = error(403, "Not for you", "You are logged in, but you have not been given access to this.")
not_found = error(404, "Nothing here", "There is no tool of this name.")
failed = error(500, "The tool has stopped", "Reload this page to start it again.")
broken = error(500, "Something went wrong", "Try again in a moment.")
