from typing import Any

from django.db import migrations, models


def keep_what_they_could(apps: Any, schema_editor: object) -> None:
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
