"""An application as a workspace runs them: it takes a while to listen, sets its cookie on its very first response only,
and echoes WebSocket messages.

usage: tool.py PORT_FILE DELAY
"""
import base64
import hashlib
import http.server
import itertools
import os
import socket
import struct
import sys
import time

RESPONSES = itertools.count()


class Tool(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.headers.get("Upgrade", "").lower() == "websocket":
            self.echo()
            return
        body = f"tool at {self.path} for {self.headers.get('Host')}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        if next(RESPONSES) == 0:
            self.send_header("Set-Cookie", "_xsrf=2|first; Path=/")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def echo(self):
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
        self.end_headers()
        self.close_connection = True
        while True:
            head = self.rfile.read(2)
            if len(head) < 2:
                return
            length = head[1] & 0x7F
            if length == 126:
                (length,) = struct.unpack("!H", self.rfile.read(2))
            mask = self.rfile.read(4)
            data = bytes(b ^ mask[i % 4] for i, b in enumerate(self.rfile.read(length)))
            size = bytes([length]) if length < 126 else b"\x7e" + struct.pack("!H", length)
            self.wfile.write(head[:1] + size + data)
            if head[0] & 0x0F == 8:
                return

    def log_message(self, *args):
        pass


def main(port_file, delay):
    time.sleep(delay)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    with open(port_file + ".part", "w") as out:
        out.write(str(listener.getsockname()[1]))
    os.rename(port_file + ".part", port_file)
    time.sleep(delay)
    server = http.server.ThreadingHTTPServer(listener.getsockname(), Tool, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.daemon_threads = True
    # With the library's queue of five, a crowd's connections wait for the kernel's second and third try.
    server.request_queue_size = 512
    server.server_activate()
    server.serve_forever()


main(sys.argv[1], float(sys.argv[2]))
