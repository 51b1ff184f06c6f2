"""A lending library as a JSON REST server, which can be told to be wrong in one way: `shelf.py --fault NAME --port 0`.

Standard library only. Without a fault it does what `shelf.yaml` says; each fault of `FAULTS` changes one thing. The faults
are those that studies of REST testing tools seed (limits, enums and required fields that are not enforced, `Location`,
DELETE, PUT, PATCH, authentication, crashes, undocumented statuses and types, what is stored) and some that nothing in an OpenAPI
document forbids. It prints its address, and on SIGTERM how many requests it answered.
"""

import argparse
import json
import re
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

KEY = "key-of-the-shelf"
FAULTS = {
    # Input that the document forbids.
    "ignored-maximum": "`limit` above its maximum is accepted",
    "ignored-enum": "any `status` of a book is accepted",
    "ignored-required": "a book without `isbn` is accepted",
    "ignored-max-length": "a `title` of any length is accepted",
    "ignored-pattern": "any text is an `isbn`",
    "ignored-max-items": "any number of `tags` is accepted",
    "unknown-members-accepted": "members that `additionalProperties: false` forbids are accepted",
    "strings-as-numbers": "`pages` may be a string of digits",
    "days-not-checked": "a loan may last any number of days",
    # What becomes of things.
    "wrong-location": "`Location` of a new book names another one",
    "created-not-stored": "a new book is not there afterwards",
    "delete-does-nothing": "DELETE of a book says 204, and the book stays",
    "deleted-still-listed": "a deleted book is not shown any more, but listed",
    "partial-put": "PUT forgets to write `tags`",
    "put-not-idempotent": "PUT appends to `tags` instead of replacing them",
    "put-loses-update": "PUT answers with the new book and keeps the old one",
    "put-keeps-old": "an optional member that PUT leaves out keeps its old value",
    "patch-resets": "PATCH resets the members that it does not name",
    "patch-ignored": "PATCH answers 200 and changes nothing",
    "refused-put-writes": "PUT with a wrong `pages` is refused after `title` was written",
    "get-deletes": "showing a book takes its tags away",
    "loan-of-wrong-book": "a loan is kept for another book",
    # Who asks, and how.
    "auth-ignored-delete": "DELETE of a book needs no key",
    "auth-any-key": "any key will do for PUT",
    "method-served": "DELETE of /books is served, and is not documented",
    "content-type-ignored": "JSON under any content type is read",
    # Answers.
    "crash-on-edge": "500 for an `offset` beyond what a 32-bit number holds",
    "crash-on-malformed": "500 for a body that is no JSON",
    "crash-on-empty-list": "500 when `tags` is an empty list",
    "undocumented-status": "410 instead of 404 for a loan that is not there",
    "undocumented-type": "refusals of a new loan are text/plain",
    "null-in-answer": "`status` of a book is null where the client leaves it out",
    "trace-shown": "a refusal of a bad `sort` shows a stack trace",
    # Not in the document's words.
    "filter-ignored": "`status` as a filter is ignored",
    "limit-ignored": "`limit` is ignored, though it is checked",
    "total-wrong": "`total` counts the page, not the books",
    "sort-ignored": "`sort` is ignored",
}
STATUSES = ["available", "lent", "lost"]
INPUT = {"title", "isbn", "status", "pages", "tags", "note"}


class Refused(Exception):
    def __init__(self, status, detail, headers=()):
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers


class Shelf:
    """Everything that is kept."""

    def __init__(self, fault):
        self.fault, self.lock = fault, threading.Lock()
        self.books, self.loans, self.next, self.requests = {}, {}, 1, 0
        self.listed = {}

    def number(self):
        self.next += 1
        return self.next - 1


def whole(value):
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())


def check(condition, detail):
    if not condition:
        raise Refused(400, detail)


def read_book(body, fault, partial=False):
    check(isinstance(body, dict), "expected an object")
    check(fault == "unknown-members-accepted" or not set(body) - INPUT, "unknown member")
    needed = [] if partial else ["title"] if fault == "ignored-required" else ["title", "isbn"]
    check(all(name in body for name in needed), "missing member")
    if "title" in body:
        title = body["title"]
        most = 10**9 if fault == "ignored-max-length" else 80
        check(isinstance(title, str) and 1 <= len(title) <= most, "`title` is a text of 1 to 80 characters")
    if "isbn" in body:
        pattern = ".*" if fault == "ignored-pattern" else "97[89][0-9]{10}"
        flags = re.DOTALL if fault == "ignored-pattern" else 0
        check(isinstance(body["isbn"], str) and re.fullmatch(pattern, body["isbn"], flags), "`isbn` has 13 digits")
    if "status" in body:
        status = body["status"]
        check(isinstance(status, str) if fault == "ignored-enum" else status in STATUSES, "no such `status`")
    if "pages" in body:
        pages = body["pages"]
        if fault == "strings-as-numbers" and isinstance(pages, str) and re.fullmatch("[0-9]{1,4}", pages):
            pages = body["pages"] = int(pages)
        check(whole(pages) and 1 <= pages <= 5000, "`pages` is 1 to 5000")
        body["pages"] = int(pages)
    if "tags" in body:
        tags = body["tags"]
        if fault == "crash-on-empty-list" and tags == []:
            raise ZeroDivisionError
        most = 10**9 if fault == "ignored-max-items" else 5
        check(isinstance(tags, list) and len(tags) <= most, "at most 5 `tags`")
        check(all(isinstance(tag, str) and 1 <= len(tag) <= 20 for tag in tags), "tags have 1 to 20 characters")
        check(len(set(tags)) == len(tags), "`tags` repeat")
    if "note" in body:
        note = body["note"]
        check(note is None or isinstance(note, str) and len(note) <= 200, "`note` has at most 200 characters")
    return body


def whole_book(number, body, fault):
    default = None if fault == "null-in-answer" else "available"
    book = {"id": number, "status": default, "tags": [], "note": None, "isbn": "9780000000000", **body}
    return {name: value for name, value in book.items() if name in INPUT | {"id"}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "shelf", ""
    # One write an answer: no waiting for delayed acknowledgements.
    wbufsize, disable_nagle_algorithm = 1 << 16, True

    def log_message(self, *_):
        pass

    def send(self, status, body=None, headers=(), media="application/json"):
        raw = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        if raw:
            self.send_header("Content-Type", media)
        if status != 204:
            self.send_header("Content-Length", str(len(raw)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)

    def serve(self):
        shelf = self.server.shelf
        with shelf.lock:
            shelf.requests += 1
            length = self.headers.get("Content-Length", "0")
            if self.headers.get("Transfer-Encoding") or not length.isdigit() or int(length) > 1 << 20:
                self.close_connection = True
                return self.send(413 if length.isdigit() else 411, {"detail": "too much"}, [("Connection", "close")])
            self.raw = self.rfile.read(int(length))
            try:
                self.send(*self.answer(shelf))
            except Refused as refused:
                media = "application/json"
                text = {"detail": refused.detail}
                if shelf.fault == "undocumented-type" and self.path.endswith("/loans") and self.command == "POST":
                    media, text = "text/plain", refused.detail
                self.send(refused.status, text, refused.headers, media)
            except Exception:
                self.send(500, {"detail": "internal error"})

    def body(self, fault):
        media = self.headers.get("Content-Type", "").split(";")
        charset = [part.split("=")[1].strip(' "').lower() for part in media[1:] if part.strip().startswith("charset=")]
        if fault != "content-type-ignored" and (
            media[0].strip().lower() != "application/json" or any(name != "utf-8" for name in charset)
        ):
            raise Refused(415, "expected application/json")
        try:
            return json.loads(self.raw.decode(), parse_constant=lambda _: 1 / 0)
        except (ValueError, ZeroDivisionError, RecursionError) as e:
            if fault == "crash-on-malformed":
                raise ZeroDivisionError from e
            raise Refused(400, "the body is no JSON") from e

    def answer(self, shelf):
        fault, method = shelf.fault, self.command
        url = urlsplit(self.path)
        routes = [
            (r"/books", {"GET": self.list, "POST": self.create}),
            (r"/books/([^/]+)", {"GET": self.show, "PUT": self.put, "PATCH": self.patch, "DELETE": self.delete}),
            (r"/books/([^/]+)/loans", {"GET": self.loans_of, "POST": self.lend}),
            (r"/loans/([^/]+)", {"GET": self.show_loan, "DELETE": self.give_back}),
        ]
        for pattern, methods in routes:
            found = re.fullmatch(pattern, url.path)
            if not found:
                continue
            if fault == "method-served" and pattern == "/books" and method == "DELETE":
                return 200, {"deleted": 0}
            served = methods.get("GET" if method == "HEAD" else method)
            if served is None:
                raise Refused(405, "no such method", [("Allow", ", ".join(sorted(methods)))])
            key = self.headers.get("X-API-Key")
            free = fault == "auth-ignored-delete" and served == self.delete
            free = free or fault == "auth-any-key" and served == self.put and key
            if key != KEY and not free:
                raise Refused(401, "a key is needed", [("WWW-Authenticate", "ApiKey")])
            numbers = []
            for text in found.groups():
                check(re.fullmatch("[1-9][0-9]{0,18}", text), "ids are whole numbers from 1")
                numbers.append(int(text))
            return served(shelf, fault, *numbers, **({"query": url.query} if pattern == "/books" and served == self.list else {}))
        raise Refused(404, "no such path")

    def list(self, shelf, fault, query):
        pairs = parse_qs(query, keep_blank_values=True)
        value = lambda name: pairs.get(name, [None])
        check(all(len(value(name)) == 1 for name in ["limit", "offset", "status", "sort"]), "given twice")
        (limit,), (offset,), (status,), (sort,) = value("limit"), value("offset"), value("status"), value("sort")
        limit, offset = "20" if limit is None else limit, "0" if offset is None else offset
        check(re.fullmatch("[0-9]{1,20}", limit) and 1 <= int(limit), "`limit` is 1 to 100")
        check(fault == "ignored-maximum" or int(limit) <= 100, "`limit` is 1 to 100")
        check(re.fullmatch("[0-9]{1,40}", offset), "`offset` is a whole number from 0")
        if fault == "crash-on-edge" and int(offset) >= 2**31:
            raise OverflowError
        check(status is None or status in STATUSES, "no such `status`")
        if sort not in (None, "id", "title"):
            trace = 'Traceback (most recent call last):\n  File "/srv/shelf/app.py", line 90, in sort'
            raise Refused(400, trace if fault == "trace-shown" else "no such `sort`")
        books = list(shelf.books.values()) + list(shelf.listed.values())
        if status and fault != "filter-ignored":
            books = [book for book in books if book["status"] == status]
        if sort == "title" and fault != "sort-ignored":
            books.sort(key=lambda book: book["title"])
        page = books if fault == "limit-ignored" else books[int(offset):int(offset) + int(limit)]
        return 200, {"items": page, "total": len(page) if fault == "total-wrong" else len(books)}

    def create(self, shelf, fault):
        number, body = None, read_book(self.body(fault), fault)
        number = shelf.number()
        book = whole_book(number, body, fault)
        if fault != "created-not-stored":
            shelf.books[number] = book
        named = number + 1000 if fault == "wrong-location" else number
        return 201, book, [("Location", f"/books/{named}")]

    def known(self, shelf, number):
        if number not in shelf.books:
            raise Refused(404, "no such book")
        return shelf.books[number]

    def show(self, shelf, fault, number):
        book = dict(self.known(shelf, number))
        if fault == "get-deletes":
            shelf.books[number] = {**book, "tags": []}
        return 200, book

    def put(self, shelf, fault, number):
        old = self.known(shelf, number)
        body = self.body(fault)
        if fault == "refused-put-writes" and isinstance(body, dict) and isinstance(body.get("title"), str):
            shelf.books[number] = {**old, "title": body["title"][:80] or old["title"]}
        body = read_book(body, fault)
        book = whole_book(number, body, fault)
        if fault == "partial-put":
            book["tags"] = old["tags"]
        elif fault == "put-not-idempotent":
            book["tags"] = old["tags"] + book["tags"]
        elif fault == "put-keeps-old":
            book = {**old, **body}
        if fault != "put-loses-update":
            shelf.books[number] = book
        return 200, book

    def patch(self, shelf, fault, number):
        old = self.known(shelf, number)
        body = read_book(self.body(fault), fault, partial=True)
        book = {**old, **body}
        if fault == "patch-resets":
            book = whole_book(number, {"title": old["title"], "isbn": old["isbn"], **body}, fault)
        elif fault == "patch-ignored":
            book = old
        shelf.books[number] = book
        return 200, book

    def delete(self, shelf, fault, number):
        book = self.known(shelf, number)
        if fault != "delete-does-nothing":
            del shelf.books[number]
            shelf.loans = {k: loan for k, loan in shelf.loans.items() if loan["bookId"] != number}
        if fault == "deleted-still-listed":
            shelf.listed[number] = book
        return 204, None

    def loans_of(self, shelf, fault, number):
        self.known(shelf, number)
        return 200, [loan for loan in shelf.loans.values() if loan["bookId"] == number]

    def lend(self, shelf, fault, number):
        book = self.known(shelf, number)
        body = self.body(fault)
        check(isinstance(body, dict) and set(body) == {"member", "days"}, "a loan has `member` and `days`")
        check(isinstance(body["member"], str) and re.fullmatch("M[0-9]{4}", body["member"]), "no such `member`")
        most = 10**9 if fault == "days-not-checked" else 30
        check(whole(body["days"]) and 1 <= body["days"] <= most, "`days` is 1 to 30")
        if book["status"] != "available":
            raise Refused(409, "the book is not available")
        loan = {"id": shelf.number(), "bookId": number, "member": body["member"], "days": int(body["days"])}
        kept = {**loan, "bookId": number + 1} if fault == "loan-of-wrong-book" else loan
        shelf.loans[loan["id"]] = kept
        book["status"] = "lent"
        return 201, loan, [("Location", f"/loans/{loan['id']}")]

    def loan(self, shelf, fault, number):
        if number not in shelf.loans:
            raise Refused(410 if fault == "undocumented-status" else 404, "no such loan")
        return shelf.loans[number]

    def show_loan(self, shelf, fault, number):
        return 200, self.loan(shelf, fault, number)

    def give_back(self, shelf, fault, number):
        loan = self.loan(shelf, fault, number)
        del shelf.loans[number]
        if loan["bookId"] in shelf.books:
            shelf.books[loan["bookId"]]["status"] = "available"
        return 204, None

    def __getattr__(self, name):
        # Every method is answered, those that nobody knows too.
        if name.startswith("do_"):
            return self.serve
        raise AttributeError(name)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fault", choices=sorted(FAULTS))
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    ThreadingHTTPServer.daemon_threads = True
    ThreadingHTTPServer.request_queue_size = 128
    server = ThreadingHTTPServer(("127.0.0.1", arguments.port), Handler)
    server.shelf = Shelf(arguments.fault)

    def end(*_):
        print(server.shelf.requests, flush=True)
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
