"""Steps of migrations that encrypt columns which were plain; a step once released never changes.

Whatever is there is read and encrypted in batches. The table is written anew in the end, for a column that is
dropped stays on the disk until then; write-ahead log and backups of before still have it in plain.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.db.encrypted import columns_of_place, encrypt
from shared.encryption import FORMAT, Keyring, KeysMissing, place

BATCH = 200
IS_CIPHERTEXT = "{column} IS NULL OR substring({column} from 1 for 1) = '\\x{format:02x}'::bytea"

Row = Mapping[str, Any]


def encrypt_columns(table: str, *columns: str) -> None:
    """Encrypt columns of text, JSON or bytes, whatever rows there are; each keeps its name."""
    bind = op.get_bind()
    known = sa.Table(table, sa.MetaData(), autoload_with=bind)
    for column in columns:
        op.add_column(table, sa.Column(_new(column), sa.LargeBinary(), nullable=True))
    written = sa.Table(table, sa.MetaData(), autoload_with=bind)
    for rows in _batches(known, columns):
        keyring = _keyring()
        _write(written, [_encrypted(keyring, known, row, columns) for row in rows])
    for column in columns:
        op.drop_column(table, column)
        op.alter_column(table, _new(column), new_column_name=column, nullable=known.c[column].nullable)
        check = IS_CIPHERTEXT.format(column=column, format=FORMAT)
        op.create_check_constraint(op.f(f"ck_{table}_{column}_is_encrypted"), table, check)
    op.execute(f"CLUSTER {table} USING {op.f(f'pk_{table}')}")


def encrypt_stored_answers() -> None:
    """Encrypt what was asked and answered under the Idempotency-Keys that are kept."""
    answers = sa.Table("idempotency_keys", sa.MetaData(), autoload_with=op.get_bind())
    for rows in _batches(answers, ("body", "fingerprint")):
        keyring, values = _keyring(), []
        for row in rows:
            at = {
                name: place(answers.name, name, row["caller"], row["key"]) for name in ("body", "fingerprint")
            }
            body = b64encode(encrypt(keyring, at["body"], row["body"])).decode()
            fingerprint = encrypt(keyring, at["fingerprint"], row["fingerprint"])
            values.append({**_key(answers, row), "body": body, "fingerprint": bytes(fingerprint)})
        _write(answers, values)
    op.execute("CLUSTER idempotency_keys USING pk_idempotency_keys")


def digest_again(table: str, column: str) -> None:
    """Make keyed digests of plain ones, in a column that is an array of them."""
    known = sa.Table(table, sa.MetaData(), autoload_with=op.get_bind())
    for rows in _batches(known, (column,)):
        digest = _keyring().digest
        keyed = [
            {**_key(known, row), column: sorted(map(digest, row[column]))} for row in rows if row[column]
        ]
        if keyed:
            _write(known, keyed)


def _new(column: str) -> str:
    return f"{column}_encrypted"


def _keyring() -> Keyring:
    """The keys of the service; raises KeysMissing, and only where there is something to encrypt."""
    path = op.get_context().config.attributes["keys"]  # type: ignore[union-attr]
    if path is None:
        raise KeysMissing("this database has rows to encrypt, and the migration was given no file of keys")
    return Keyring(path)


def _batches(table: sa.Table, columns: Sequence[str]) -> Iterator[Sequence[Row]]:
    key = [*table.primary_key.columns]
    names = dict.fromkeys([*columns_of_place(table), *(column.name for column in key), *columns])
    query = sa.select(*(table.c[name] for name in names)).order_by(*key).limit(BATCH)
    after: tuple[Any, ...] | None = None
    while True:
        following = query if after is None else query.where(sa.tuple_(*key) > sa.tuple_(*after))
        rows = op.get_bind().execute(following).mappings().all()
        if not rows:
            return
        yield [dict(row) for row in rows]
        after = tuple(rows[-1][column.name] for column in key)


def _encrypted(keyring: Keyring, table: sa.Table, row: Row, columns: Sequence[str]) -> dict[str, Any]:
    values = _key(table, row)
    for name in columns:
        at = place(table.name, name, *(row[part] for part in columns_of_place(table)))
        values[_new(name)] = None if row[name] is None else bytes(encrypt(keyring, at, row[name]))
    return values


def _key(table: sa.Table, row: Row) -> dict[str, Any]:
    return {f"at_{column.name}": row[column.name] for column in table.primary_key.columns}


def _write(table: sa.Table, values: Sequence[Mapping[str, Any]]) -> None:
    """Update rows by their primary key; all of the same columns."""
    key = [column == sa.bindparam(f"at_{column.name}") for column in table.primary_key.columns]
    changed = [name for name in values[0] if not name.startswith("at_")]
    statement = sa.update(table).where(*key)
    op.get_bind().execute(
        statement.values({name: sa.bindparam(f"to_{name}") for name in changed}),
        [
            {name if name.startswith("at_") else f"to_{name}": value for name, value in row.items()}
            for row in values
        ],
    )


# As in shared/db/migration_steps.py, but for a new key, which changes nothing that anybody reads.
KEEP_CHANGE = """
CREATE OR REPLACE FUNCTION keep_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF current_setting('housing.reencrypting', true) = 'on' THEN
        RETURN NEW;
    END IF;
    NEW.changed_in := pg_current_xact_id();
    NEW.snapshot_xmin := pg_snapshot_xmin(pg_current_snapshot());
    NEW.changed_at := clock_timestamp();
    RETURN NEW;
END $$"""


def keep_changes_of_acts_alone() -> None:
    """Leave a case as old as it was when it is encrypted anew, in this migration too."""
    op.execute(KEEP_CHANGE)
    op.execute("SELECT set_config('housing.reencrypting', 'on', true)")
