#!/bin/sh
# Copies a database that may be in use, checks the copy, and only then puts it in the place of last week's.
# Usage: backup.sh DATABASE FOLDER. The copy is called readalong-1.db on a Monday, and readalong-7.db on a Sunday.
set -eu
umask 077
test -f "$1" || { echo "There is no database at $1." >&2; exit 1; }
copy="$2/readalong-$(date +%u).db"
rm -f "$copy.new"
sqlite3 "$1" ".timeout 10000" ".backup '$copy.new'"
said=$(sqlite3 "$copy.new" "PRAGMA integrity_check")
test "$said" = ok || { echo "The copy is damaged, and so, it seems, is $1: $said" >&2; exit 1; }
mv "$copy.new" "$copy"
