"""A small notebook for one user: Python through a WebSocket, files up and down. Debian's python3-tornado moves the bytes.

It serves requests that carry its owner's identity, which the proxy adds and no web page can.
"""
import ast
import asyncio
import contextlib
import hashlib
import io
import os
import re
import time
import traceback

from tornado import options, web, websocket

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "notebook.html")
BLOCK = 1 << 20
SAMPLE = hashlib.shake_256(b"sample").digest(BLOCK - 8)

options.define("port", type=int)
options.define("owner", type=str)
options.define("files", type=str)
options.define("wait", type=float, help="seconds that a container would take to start")


class Owned(web.RequestHandler):
    def prepare(self):
        if self.request.headers.get("sso-profile-user-id") != options.options.owner:
            raise web.HTTPError(403)


class Page(Owned):
    def get(self):
        with open(PAGE) as page:
            self.finish(page.read())


class Kernel(Owned, websocket.WebSocketHandler):
    """Runs each message, in what the messages before it have left, by whichever connection they came."""

    names = {}

    async def on_message(self, code):
        answer = await asyncio.get_running_loop().run_in_executor(None, self.run, code)
        await self.write_message(answer)

    def run(self, code):
        printed = io.StringIO()
        try:
            tree = ast.parse(code)
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            with contextlib.redirect_stdout(printed):
                exec(compile(tree, "cell", "exec"), self.names)
                value = eval(compile(ast.Expression(last.value), "cell", "eval"), self.names) if last else None
            return printed.getvalue() + ("" if value is None else repr(value))
        except Exception:
            return printed.getvalue() + traceback.format_exc(limit=-1)


def sample(size):
    """The blocks of a file of this size: each is another, so that a lost or a swapped one shows."""
    for start in range(0, size, BLOCK):
        yield (start.to_bytes(8, "big") + SAMPLE)[: size - start]


class Sample(Owned):
    """A large file, made as it is sent, as fast as the client takes it."""

    async def get(self, size):
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Disposition", f'attachment; filename="sample-{size}.bin"')
        self.set_header("Content-Length", size)
        for block in sample(int(size)):
            self.write(block)
            await self.flush()


class SampleDigest(Owned):
    async def get(self, size):
        self.finish(await asyncio.get_running_loop().run_in_executor(None, self.digest, int(size)))

    def digest(self, size):
        digest = hashlib.sha256()
        for block in sample(size):
            digest.update(block)
        return digest.hexdigest()


@web.stream_request_body
class Upload(Owned):
    """A file, written as it arrives."""

    def prepare(self):
        super().prepare()
        self.request.connection.set_max_body_size(1 << 40)
        self.digest, self.size = hashlib.sha256(), 0
        name = re.sub(r"[^\w.-]", "_", self.path_args[0]).lstrip(".") or "file"
        self.file = open(os.path.join(options.options.files, name), "wb")

    def data_received(self, chunk):
        self.digest.update(chunk)
        self.size += len(chunk)
        self.file.write(chunk)

    def put(self, name):
        self.file.close()
        self.finish({"bytes": self.size, "sha256": self.digest.hexdigest()})

    def on_connection_close(self):
        self.file.close()


async def main():
    options.parse_command_line()
    time.sleep(options.options.wait)
    web.Application(
        [
            ("/", Page),
            ("/kernel", Kernel),
            (r"/sample/(\d{1,13})", Sample),
            (r"/sample/(\d{1,13})/sha256", SampleDigest),
            ("/files/(.+)", Upload),
        ]
    ).listen(options.options.port, "127.0.0.1")
    await asyncio.Event().wait()


asyncio.run(main())
