"""Reads a vault without Tickmark: the data key in hex, and Python's SQLCipher. Prints what the journey left, as JSON."""

import json
import sys

from sqlcipher3 import dbapi2 as sqlcipher


def rows(database, query):
    return [list(row) for row in database.execute(query)]


def main():
    path, key = sys.argv[1:]
    database = sqlcipher.connect(f"file:{path}?mode=ro", uri=True)
    database.execute(f"PRAGMA key = \"x'{key}'\"")
    try:
        database.execute("DELETE FROM result")
        refused = "nothing was refused"
    except sqlcipher.DatabaseError as error:
        refused = str(error)
    print(json.dumps({
        "records": rows(database, "SELECT count(*) FROM record")[0][0],
        "bundles": rows(database, "SELECT name, sha256, records FROM bundle ORDER BY bundle"),
        "results": rows(database, "SELECT pick, outcome, note FROM result ORDER BY seq"),
        "findings": rows(database, "SELECT title, severity, status FROM finding ORDER BY seq"),
        "draws": rows(database, "SELECT method, seed FROM draw ORDER BY seq"),
        "picks": [row[0] for row in rows(database, "SELECT frame FROM pick ORDER BY number")],
        "custody": rows(database, "SELECT count(*), max(seq) FROM custody_event")[0],
        "refused": refused,
    }))


main()
