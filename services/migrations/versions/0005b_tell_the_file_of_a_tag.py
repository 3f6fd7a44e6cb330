"""Tell the file of a tag, and what was decided about personal data in one."""

import sqlalchemy as sa
from alembic import op

revision = "0005b"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was tagged before was found in reports' own words."""
    op.add_column("tag", sa.Column("attachment", sa.String(), nullable=False, server_default=""))
    op.add_column("attachment", sa.Column("decision", sa.String(), nullable=True))
    op.add_column("attachment_text", sa.Column("personal", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("attachment_text", "personal")
    op.drop_column("attachment", "decision")
    op.drop_column("tag", "attachment")
