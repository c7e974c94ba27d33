"""A Django site that offers what the plugin django-lookup asks for, and starts real processes.

usage: workspace.py PORT DIRECTORY
"""
import json
import os
import signal
import subprocess
import sys

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import IntegrityError, connection, models
from django.http import HttpResponse, JsonResponse
from django.urls import path

PORT, DIRECTORY = sys.argv[1], sys.argv[2]
TOOL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tool.py")

settings.configure(
    ALLOWED_HOSTS=[".example.org", "127.0.0.1"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.path.join(DIRECTORY, "db.sqlite3"),
            "OPTIONS": {"timeout": 20},
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    ROOT_URLCONF=__name__,
    SECRET_KEY="only for this test",
)
django.setup()


class Application(models.Model):
    public_host = models.CharField(max_length=63, unique=True)
    state = models.CharField(max_length=16, default="SPAWNING")
    pid = models.IntegerField(null=True)

    class Meta:
        app_label = "workspace"

    @property
    def port_file(self):
        return os.path.join(DIRECTORY, f"{self.id}.port")

    def current_state(self):
        if self.pid is not None and not alive(self.pid):
            return "STOPPED"
        return self.state

    def as_json(self):
        proxy_url = None
        if os.path.exists(self.port_file):
            with open(self.port_file) as file:
                proxy_url = f"http://127.0.0.1:{file.read()}/"
        wrap = "FULL_HEIGHT_IFRAME" if self.public_host.startswith("wrapped") else "NONE"
        return {
            "id": self.id,
            "name": self.public_host,
            "user": 1,
            "state": self.current_state(),
            "proxy_url": proxy_url,
            "wrap": wrap,
        }


def alive(pid):
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:  # started before this process
        try:
            os.kill(pid, 0)
            return True
        except ProcessLookupError:
            return False


def note(request, status):
    with open(os.path.join(DIRECTORY, "calls.log"), "a") as log:
        log.write(f"{request.method} {request.path} {status}\n")


def api(request, public_host):
    if "HTTP_SSO_PROFILE_USER_ID" not in request.META or public_host.startswith("secret"):
        response = JsonResponse({"message": "forbidden"}, status=403)
    else:
        response = {"GET": look, "PUT": start, "PATCH": mark, "DELETE": delete}[request.method](request, public_host)
    note(request, response.status_code)
    return response


def look(request, public_host):
    try:
        return JsonResponse(Application.objects.get(public_host=public_host).as_json())
    except Application.DoesNotExist:
        return JsonResponse({"message": "does not exist"}, status=404)


def start(request, public_host):
    if not public_host.startswith(("lab", "wrapped")) or "--" in public_host:
        return JsonResponse({"message": "no such template"}, status=400)
    try:
        application = Application.objects.create(public_host=public_host)
    except IntegrityError:
        return JsonResponse({"message": "exists"}, status=409)
    process = subprocess.Popen(
        [sys.executable, TOOL, application.port_file, "0.4"], start_new_session=True, stdin=subprocess.DEVNULL
    )
    application.pid = process.pid
    application.save()
    with open(os.path.join(DIRECTORY, "pids"), "a") as pids:
        pids.write(f"{process.pid}\n")
    return JsonResponse(application.as_json())


def mark(request, public_host):
    if json.loads(request.body) != {"state": "RUNNING"}:
        return JsonResponse({"message": "only RUNNING"}, status=400)
    Application.objects.filter(public_host=public_host).update(state="RUNNING")
    return JsonResponse({})


def delete(request, public_host):
    for application in Application.objects.filter(public_host=public_host):
        if application.pid is not None and alive(application.pid):
            os.kill(application.pid, signal.SIGTERM)
        application.delete()
    return JsonResponse({})


def spawning(request, public_host):
    page = """<!doctype html><title>Starting</title><p>Starting %s ...</p><script>
    const poll = () => fetch(location, {headers: {'X-Data-Workspace-No-Modify-Application-Instance': '1'}})
        .then(r => r.status === 202 ? setTimeout(poll, 1000) : location.reload());
    setTimeout(poll, 1000);
    </script>"""
    return HttpResponse(page % public_host, status=202)


def running(request, public_host):
    return HttpResponse(f"<!doctype html><title>{public_host}</title><iframe></iframe>")


def error(status):
    def view(request):
        note(request, status)
        return HttpResponse(f"<!doctype html><h1>Error {status}</h1>{request.GET.get('failure_message', '')}", status=status)

    return view


urlpatterns = [
    path("api/v1/application/<public_host>", api),
    path("tools/<public_host>/spawning", spawning),
    path("tools/<public_host>/running", running),
    path("error_403_visualisation", error(403)),
    path("error_404", error(404)),
    path("error_500", error(500)),
    path("error_500_application", error(500)),
]

if __name__ == "__main__":
    from django.core.servers.basehttp import WSGIServer

    # With a queue of ten, a crowd's connections wait for the kernel's second and third try.
    WSGIServer.request_queue_size = 512
    if Application._meta.db_table not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Application)
    execute_from_command_line([sys.argv[0], "runserver", "--noreload", f"127.0.0.1:{PORT}"])
