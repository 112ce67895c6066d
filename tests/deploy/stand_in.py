"""The AI stand-in outside the office: HTTPS on TCP 443, an echo on UDP 443.

    stand_in.py LEAF_AND_KEY LOG

It answers every request with what it received, and writes one line per arrival to the log.
"""

import http.server
import socket
import socketserver
import ssl
import sys
import threading


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        text = f"{self.client_address[0]} tcp {self.headers.get('Host')} {self.command} {self.path}"
        log(text + " " + body.decode("utf-8", "replace"))
        answer = b"day la may chu gia lap\n" + body
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_POST = do_HEAD = do_GET

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    address_family = socket.AF_INET6

    def finish_request(self, request, address):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1])
        with context.wrap_socket(request, server_side=True) as tls:
            self.RequestHandlerClass(tls, address, self)

    def handle_error(self, *_):
        pass


def log(line: str):
    with open(sys.argv[2], "a") as file:
        file.write(line.replace("\n", " ") + "\n")


def echo():
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as udp:
        udp.bind(("::", 443))
        while True:
            data, address = udp.recvfrom(2048)
            log(f"{address[0]} udp {len(data)} bytes")
            udp.sendto(data, address)


if __name__ == "__main__":
    threading.Thread(target=echo, daemon=True).start()
    server = Server(("::", 443), Answer)
    print("ready", flush=True)
    server.serve_forever()
