"""Tools as processes of this machine. A real control plane asks its cluster for containers at this place."""
import os
import signal
import socket
import subprocess
import sys

from django.conf import settings

TOOLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools")


def notebook(application):
    return [
        sys.executable,
        os.path.join(TOOLS, "notebook.py"),
        f"--port={application.port}",
        f"--owner={application.owner.username}",
        f"--files={application.home}",
        f"--wait={application.tool.seconds}",
    ]


def jupyter(application):
    """No token, since the proxy lets in nobody but its owner; of the hosts that it could be asked for, one is right."""
    return [
        sys.executable,
        "-m",
        "notebook",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={application.port}",
        "--port-retries=0",
        "--NotebookApp.token=",
        f"--NotebookApp.local_hostnames={application.public_host}.{settings.DOMAIN}",
        f"--notebook-dir={application.home}",
    ]


COMMANDS = {"notebook": notebook, "jupyter": jupyter}


def start(application):
    """Sets where it runs. It is some time before it listens there."""
    os.makedirs(application.home, exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        application.port = free.getsockname()[1]
    environment = {"PATH": os.environ["PATH"], "HOME": application.home, "LANG": "C.UTF-8"}
    with open(os.path.join(application.home, f"{application.tool.name}.log"), "ab") as log:
        process = subprocess.Popen(
            COMMANDS[application.tool.name](application),
            cwd=application.home,
            env=environment,  # nothing of the control plane's own
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    application.pid = process.pid


def is_alive(pid):
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:  # reaped by another thread, or never ours
        return False


def stop(pid):
    if pid is not None and is_alive(pid):
        os.kill(pid, signal.SIGTERM)
