"""Migrations in their order. Which are still to come is known by their names alone; sqlite-utils applies them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.archive.tables import Tables

if TYPE_CHECKING:
    import sqlite_utils

    Migration = Callable[[sqlite_utils.Database], None]


class Migrations:
    """A set of migrations, by its name in the table where sqlite-utils keeps what was applied."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._declared: dict[str, Migration] = {}

    def __call__(self) -> Callable[["Migration"], "Migration"]:
        """Declare a migration, behind those declared before it."""

        def declare(migration: "Migration") -> "Migration":
            self._declared[migration.__name__] = migration
            return migration

        return declare

    def applied(self, db: Tables) -> set[str]:
        """The names of those that this database has had, of any version."""
        if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = '_sqlite_migrations'").fetchone():
            return set()
        rows = db.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (self._name,))
        return {str(name) for (name,) in rows}

    def unknown(self, db: Tables) -> set[str]:
        """The names of those that this database has had and that are not declared here."""
        return self.applied(db) - self._declared.keys()

    def pending(self, db: Tables) -> list[str]:
        """The names of those that this database has not had yet, in order."""
        applied = self.applied(db)
        return [name for name in self._declared if name not in applied]

    def apply(self, db: Tables, *, stop_before: str | None = None) -> None:
        """Apply those that are pending, each as a transaction, or inside the one that is open."""
        import sqlite_utils  # noqa: PLC0415 - only where something is to be applied

        migrations = sqlite_utils.Migrations(self._name)
        for migration in self._declared.values():
            migrations()(migration)
        migrations.apply(db.by_sqlite_utils, stop_before=stop_before)
