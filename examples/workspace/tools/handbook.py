"""A shared site that runs anyway. usage: handbook.py PORT"""
import http.server
import sys

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Handbook</title>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; color: #12303f">
<h1>Handbook</h1>
<p>One process, one route in Redis, for everybody in the group <b>analysts</b>. Django was not asked about it.</p>
"""


class Handbook(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = PAGE.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handbook).serve_forever()
