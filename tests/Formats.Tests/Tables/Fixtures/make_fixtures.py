"""Makes cells.db.gz: small pages, so that its table has interior pages and a row that goes on over several pages; and forms.db.gz: tables whose statements take many forms."""
import gzip, os, sqlite3


def pack(path):
    with open(path, "rb") as source, open(path + ".gz", "wb") as target:
        target.write(gzip.compress(source.read(), 9, mtime=0))
    os.remove(path)


with sqlite3.connect("cells.db") as db:
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
pack("cells.db")

# The first column that is stored is the id, 7 and 9; w is 0.5 and 1.5.
FORMS = {
    "generated": "id INTEGER PRIMARY KEY, twice AS (w * 2), [as] INT GENERATED ALWAYS AS (id + (1)) VIRTUAL, kept REAL AS (w + 1) STORED, w REAL CHECK (CAST(w AS REAL) > 0)",
    "alchemy": "id INTEGER NOT NULL, w FLOAT DEFAULT 'x AS (1), PRIMARY KEY', PRIMARY KEY (id)",
    "named": 'w REAL, "Id" integer, CONSTRAINT "pk (w)" PRIMARY KEY (iD COLLATE nocase DESC) ON CONFLICT FAIL UNIQUE (w)',
    "blanks": '"my ""id""" "INTEGER" CONSTRAINT a PRIMARY KEY, w',
    "comments": "-- it's, (not\n id /* , */ INTEGER -- PRIMARY KEY DESC\n PRIMARY/**/KEY, /* gone REAL, */ w REAL DEFAULT '--' -- the end )",
    "descending": "id INTEGER PRIMARY KEY DESC, w",
    "short": "id INT PRIMARY KEY, w",
    "sized": "id INTEGER(4), w, PRIMARY KEY (id)",
    "pair": "id INTEGER, w REAL, PRIMARY KEY (id, w)",
    "brackets (": "id INTEGER PRIMARY KEY, w",
}
with sqlite3.connect("forms.db") as db:
    for name, columns in FORMS.items():
        db.execute('create table "%s" (%s\n)' % (name, columns))
        first = {"named": '"Id"', "blanks": '"my ""id"""'}.get(name, "id")
        db.executemany('insert into "%s" (%s, w) values (?, ?)' % (name, first), [(7, 0.5), (9, 1.5)])
pack("forms.db")
