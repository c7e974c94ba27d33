"""What the plugin django-lookup asks: where is an application, may this user go there, does it run?"""
import json

from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

from . import processes
from .models import Application, Tool


class Refused(Exception):
    def __init__(self, status):
        self.status = status


@csrf_exempt
def application(request, public_host):
    try:
        tool = permitted(request.user, public_host)
        found = Application.objects.filter(public_host=public_host).first()
        return CALLS[request.method](request, public_host, tool, found)
    except Refused as refused:
        return JsonResponse({}, status=refused.status)


def permitted(user, public_host):
    tool = Tool.objects.filter(name=public_host.partition("-")[0]).first()
    if tool is None:
        raise Refused(404)
    if not user.is_authenticated or tool.public_host(user) != public_host or not tool.is_for(user):
        raise Refused(403)
    return tool


def look(request, public_host, tool, found):
    if found is None:
        raise Refused(404)
    return JsonResponse(as_json(found))


def start(request, public_host, tool, found):
    try:
        with transaction.atomic():
            new = Application.objects.create(public_host=public_host, tool=tool, owner=request.user)
    except IntegrityError:
        raise Refused(409)
    processes.start(new)
    new.save()
    return JsonResponse(as_json(new))


def mark(request, public_host, tool, found):
    state = json.loads(request.body).get("state")
    if state != "RUNNING":
        raise Refused(400)
    Application.objects.filter(public_host=public_host).update(state=state)
    return JsonResponse({})


def forget(request, public_host, tool, found):
    if found is not None:
        processes.stop(found.pid)
        found.delete()
    return JsonResponse({})


CALLS = {"GET": look, "PUT": start, "PATCH": mark, "DELETE": forget}


def as_json(found):
    ended = found.pid is not None and not processes.is_alive(found.pid)
    return {
        "id": found.pk,
        "state": "STOPPED" if ended else found.state,
        "proxy_url": f"http://127.0.0.1:{found.port}/" if found.port else None,
        "wrap": "NONE",
    }
