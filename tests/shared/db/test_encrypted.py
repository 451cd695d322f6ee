"""Encrypted columns on a real database: what lies in them, what they refuse, and rotation under load."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared import encryption
from shared.db.encrypted import Opened, assign, encrypt
from shared.db.engine import Database, open_database
from shared.db.reencryption import encrypted_tables, has_encrypted, is_in_use, reencrypt, remaining
from shared.db.stored_answers import StoredAnswer, decrypted, encrypted
from shared.db.tables import idempotency_keys
from shared.encryption import CannotDecrypt, Ciphertext, Keyring, Keys, place
from tests.shared.db.letters import Base, Letter, create_tables, new_keys
from tests.support.postgres import PrivatePostgres

SAID = {"to": "Sam Jones", "words": "We shall visit."}
PICTURE = b"\x89PNG and so on"
TABLES = encrypted_tables(Base.metadata)
ANSWER = StoredAnswer(
    caller="sam",
    key="a",
    fingerprint=b"of the request",
    standing=None,
    status=201,
    headers={},
    body='{"contact":"Sam Jones"}',
    created_at=datetime(2026, 11, 26, 10, tzinfo=UTC),
    expires_at=None,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of new keys."""
    return new_keys(tmp_path / "letters.json")


@pytest.fixture
async def database(postgres: PrivatePostgres) -> AsyncIterator[Database]:
    """An empty table of letters."""
    name = f"letters_{uuid4().hex}"
    await postgres.create_databases(name)
    database = open_database(postgres.url(name))
    await create_tables(database.engine)
    yield database
    await database.close()


def letter(keyring: Keyring, reference: str = "CAS-1") -> Letter:
    """A new letter."""
    row = Letter(id=uuid4(), reference=reference)
    assign(keyring, row, {"words": SAID, "picture": PICTURE})
    return row


async def write(database: Database, *rows: Letter) -> None:
    """Keep letters."""
    async with database.sessions() as session:
        session.add_all(rows)
        await session.commit()


async def dump(engine: AsyncEngine) -> str:
    """The table as plain SQL reads it."""
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT letters::text, words, picture FROM letters"))
        return "\n".join(f"{row}" for row in rows)


async def test_plain_sql_reads_ciphertext_and_the_service_what_was_said(
    database: Database, path: Path
) -> None:
    """JSON and bytes come back as they were; in the table there is nothing of them."""
    keyring = Keyring(path)
    await write(database, letter(keyring))
    async with database.sessions() as session:
        [kept] = await session.scalars(select(Letter))
    opened = Opened(keyring, kept)
    assert (opened.words, opened.picture, opened.reference) == (SAID, PICTURE, "CAS-1")
    seen = await dump(database.engine)
    assert keyring.primary.encode().hex() in seen or keyring.primary in seen
    assert not any(word in seen for word in ("Sam", "Jones", "visit", "PNG", b"Sam Jones".hex()))


async def test_a_property_that_reads_encrypted_columns_reads_them_opened(path: Path) -> None:
    """As `written_to` of a case does."""
    keyring = Keyring(path)
    assert Opened(keyring, letter(keyring)).reader == "Sam Jones"


def test_plain_text_is_refused_where_it_is_assigned(path: Path) -> None:
    """Also by the way of the constructor; a bulk insert would take it."""
    with pytest.raises(TypeError, match="ciphertext alone"):
        Letter(id=uuid4(), reference="CAS-1", words="We shall visit.")
    with pytest.raises(TypeError, match="ciphertext alone"):
        letter(Keyring(path)).picture = PICTURE  # type: ignore[assignment]


async def test_plain_text_is_refused_where_it_is_bound(database: Database) -> None:
    """A statement that passes the model by."""
    with pytest.raises(StatementError, match="ciphertext alone"):
        async with database.engine.connect() as connection:
            await connection.execute(select(Letter).where(Letter.words == b"We shall visit."))


async def test_a_value_that_was_copied_to_another_row_is_refused(database: Database, path: Path) -> None:
    """By whoever may write rows and reads as an officer of one case alone."""
    keyring = Keyring(path)
    await write(database, letter(keyring, "CAS-1"), letter(keyring, "CAS-2"))
    async with database.engine.begin() as connection:
        await connection.execute(
            text("UPDATE letters SET words = (SELECT words FROM letters WHERE reference = 'CAS-1')")
        )
    async with database.sessions() as session:
        [first, second] = await session.scalars(select(Letter).order_by(Letter.reference))
    assert Opened(keyring, first).words == SAID
    with pytest.raises(CannotDecrypt):
        _ = Opened(keyring, second).words


async def test_a_row_whose_case_was_changed_is_refused(database: Database, path: Path) -> None:
    """A picture keeps its id, and must not open under another case."""
    keyring = Keyring(path)
    await write(database, letter(keyring))
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE letters SET reference = 'CAS-2'"))
    async with database.sessions() as session:
        [kept] = await session.scalars(select(Letter))
    with pytest.raises(CannotDecrypt):
        _ = Opened(keyring, kept).picture


def test_stored_answers_are_encrypted_with_their_fingerprint(path: Path) -> None:
    """A telephone number is found by trying which request has that digest."""
    keyring, plain = Keyring(path), ANSWER
    kept = encrypted(plain, keyring)
    assert kept.body != plain.body
    assert kept.fingerprint != plain.fingerprint
    assert decrypted(kept, keyring) == plain
    assert encrypted(plain, None) is plain


async def test_rotation_under_load_leaves_nothing_under_the_old_key(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writers and readers go on all the while; every row is read at every moment, and none is lost."""
    monkeypatch.setattr(encryption, "READ_AGAIN_SECONDS", 0.05)
    before = Keyring(path)
    await write(database, *(letter(before, f"CAS-{number}") for number in range(500)))
    serving, written, read, stop = Keyring(path), 0, 0, asyncio.Event()

    async def writing() -> None:
        nonlocal written
        while not stop.is_set():
            await write(database, letter(serving, f"NEW-{written}"))
            written += 1
            async with database.sessions() as session:  # and an act on a case, its row locked for a while
                kept = await session.scalar(select(Letter).order_by(Letter.id).limit(1).with_for_update())
                assert kept is not None
                assign(serving, kept, {"words": {**Opened(serving, kept).words, "times": written}})
                await asyncio.sleep(0.01)
                await session.commit()

    async def reading() -> None:
        nonlocal read
        while not stop.is_set():
            async with database.sessions() as session:
                for kept in await session.scalars(select(Letter).limit(50)):
                    assert Opened(serving, kept).words["to"] == "Sam Jones"
                    read += 1

    load = [asyncio.create_task(each) for each in (writing(), writing(), reading())]
    await asyncio.sleep(0.2)
    path.write_bytes(Keys.read(path).with_new_primary().as_file())
    rotating, done = Keyring(path), 0
    await asyncio.sleep(0.2)
    while await remaining(database.engine, TABLES, rotating.primary):
        for each in TABLES:
            async for rows in reencrypt(database.engine, rotating, each):
                done += rows
    stop.set()
    await asyncio.gather(*load)
    assert await remaining(database.engine, TABLES, rotating.primary) == 0
    assert not await is_in_use(database.engine, TABLES, before.primary)
    assert done >= 490
    assert written > 5 < read
    print(f"rotated {done} rows while {written} were written and {read} were read")
    only_new = path.with_name("only_new.json")
    only_new.write_bytes(Keys.read(path).without(before.primary).as_file())
    async with database.sessions() as session:
        kept = (await session.scalars(select(Letter))).all()
    assert len(kept) == 500 + written
    assert {Opened(Keyring(only_new), row).words["to"] for row in kept} == {"Sam Jones"}


async def test_rotation_takes_stored_answers_along(database: Database, path: Path) -> None:
    """They hold the contact too, in a column of text."""
    keyring, plain = Keyring(path), ANSWER
    async with database.engine.begin() as connection:
        await connection.execute(idempotency_keys.insert().values(encrypted(plain, keyring).row()))
    path.write_bytes(Keys.read(path).with_new_primary().as_file())
    rotating = Keyring(path)
    assert await remaining(database.engine, TABLES, rotating.primary) == 1
    [rows] = [rows for each in TABLES async for rows in reencrypt(database.engine, rotating, each)]
    assert rows == 1
    assert await remaining(database.engine, TABLES, rotating.primary) == 0


async def test_a_database_knows_that_something_in_it_is_encrypted(database: Database, path: Path) -> None:
    """Then its keys are not made anew; a picture that lies there in plain is none."""
    assert not await has_encrypted(database.engine, TABLES)
    statement = (
        "INSERT INTO letters (id, reference, words) VALUES (gen_random_uuid(), 'CAS-9', '\\x89504e47')"
    )
    async with database.engine.begin() as connection:
        await connection.execute(text(statement))
    assert not await has_encrypted(database.engine, TABLES)
    await write(database, letter(Keyring(path)))
    assert await has_encrypted(database.engine, TABLES)


async def test_a_lost_key_breaks_a_rotation_off(database: Database, path: Path) -> None:
    """Rather than losing what it cannot read; what was done before stays done."""
    await write(database, letter(Keyring(path)))
    rotating = Keyring(new_keys(path))
    with pytest.raises(CannotDecrypt):
        async for _ in reencrypt(database.engine, rotating, TABLES[0]):
            pass
    kept = encrypt(rotating, place("letters", "words"), SAID)
    assert isinstance(kept, Ciphertext)
