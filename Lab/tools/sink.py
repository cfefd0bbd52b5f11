#!/usr/bin/env python3
"""Takes every mail and writes it to a folder, a file each: where bounces go.

    sink.py ADDRESS FOLDER
"""
import itertools
import pathlib
import socketserver
import sys

folder = pathlib.Path(sys.argv[2])
numbers = itertools.count(1)


class Session(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        self.say("220 sink")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 go on")
                lines = []
                for line in self.rfile:
                    if line == b".\r\n":
                        break
                    lines.append(line)
                (folder / f"{next(numbers)}.eml").write_bytes(b"".join(lines))
                self.say("250 kept")
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Who only looks whether the port is open hangs up."""


folder.mkdir(parents=True, exist_ok=True)
Sink((sys.argv[1], 25), Session).serve_forever()
