"""Makes cells.db.gz: small pages, so that its table has interior pages and a row that goes on over several pages."""
import gzip, os, sqlite3

path = "cells.db"
with sqlite3.connect(path) as db:
    db.execute("pragma page_size=512")
    db.execute('create table "my cells" (id INTEGER PRIMARY KEY, [a name] TEXT, x REAL CHECK (x > -1), big INT, CONSTRAINT u UNIQUE (x, big))')
    db.execute("create table other (a, b)")
    db.execute("create index i on other (a)")
    db.execute("create table noid (a primary key) without rowid")
    for i in range(1, 301):
        name = "long" * 900 if i == 200 else 'n%d,"q"' % i
        db.execute('insert into "my cells" values (?, ?, ?, ?)', (i * 3, name, i / 7, (-1) ** i * (1 << (i % 60))))
    db.execute("insert into other values (null, ?)", (b"\x01\xff",))
    db.execute("alter table other add column c")
    db.execute("alter table other add column d default 3")
with open(path, "rb") as source, open("cells.db.gz", "wb") as target:
    target.write(gzip.compress(source.read(), 9, mtime=0))
os.remove(path)
