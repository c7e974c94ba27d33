"""What the replicas of the proxy hear by way of Redis."""
import hashlib

import redis
from django.conf import settings

CONNECTION = redis.Redis.from_url(settings.REDIS_URL)


def publish_route(host, upstream, groups):
    """For the plugin redis-routes: nobody gets in if there are no groups."""
    CONNECTION.hset(f"sluice:route:{host}.{settings.DOMAIN}", mapping={"upstream": upstream, "groups": ",".join(groups)})


def withdraw_route(host):
    CONNECTION.delete(f"sluice:route:{host}.{settings.DOMAIN}")


def application_changed(public_host):
    """For the plugin django-lookup: ask again."""
    CONNECTION.set(f"sluice:django-lookup:{public_host}", "", ex=1)


def end_logins(subject):
    """For the plugin sso: ends the user's sessions at once, with their WebSockets."""
    group = "sluice:sso:group:sub:" + hashlib.sha256(subject.encode()).hexdigest()
    sessions = ["sluice:sso:session:" + session.decode() for session in CONNECTION.zrange(group, 0, -1)]
    return CONNECTION.delete(*sessions) if sessions else 0


def logins(subject):
    return CONNECTION.zcard("sluice:sso:group:sub:" + hashlib.sha256(subject.encode()).hexdigest())
