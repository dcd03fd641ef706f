from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations, models

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import StateApps


def keep_what_they_could(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Accounts made before there were roles could do everything that could be done."""
    apps.get_model("team", "User").objects.update(role="admin")


class Migration(migrations.Migration):

    dependencies = [
        ("team", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="role",
            field=models.CharField(
                choices=[("viewer", "Viewer"), ("editor", "Editor"), ("admin", "Administrator")],
                default="viewer", max_length=10, verbose_name="Role",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="department",
            field=models.CharField(blank=True, default="", max_length=100, verbose_name="Department"),
        ),
        migrations.RunPython(keep_what_they_could, migrations.RunPython.noop),
    ]
