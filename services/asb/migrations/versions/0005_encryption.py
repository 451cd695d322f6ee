"""Encryption of what people say, keyed digests of people, and an audit of reads that is append-only."""

from shared.db import encryption_steps as encryption, migration_steps as steps

revision = "asb_0005"
down_revision = "asb_0004"

ENCRYPTED = {
    "cases": ("contact", "description", "property", "alleged_perpetrators"),
    "incidents": ("description",),
    "diary": ("said",),
    "damages": ("for_contractor",),
    "case_reviews": ("said",),
    "attachments": ("content",),
}


def upgrade() -> None:
    """Encrypt what is there; a lost key is found out here, before anything is changed."""
    encryption.keep_changes_of_acts_alone()
    encryption.digest_again("cases", "people")
    for table, columns in ENCRYPTED.items():
        encryption.encrypt_columns(table, *columns)
    encryption.encrypt_stored_answers()
    steps.keep_for_good("reads")
