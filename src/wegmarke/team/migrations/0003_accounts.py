from django.db import migrations, models
from django.db.models.functions import Lower

KINDS = [
    ("created", "Added"),
    ("changed", "Changed"),
    ("password", "New password"),
    ("deactivated", "Deactivated"),
    ("reactivated", "Reactivated"),
]


class Migration(migrations.Migration):

    dependencies = [
        ("team", "0002_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.CharField(blank=True, max_length=150)),
                ("account", models.CharField(db_index=True, max_length=150)),
                ("kind", models.CharField(choices=KINDS, max_length=20)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
            ],
            options={"ordering": ["-pk"]},
        ),
        migrations.AddField(
            model_name="user",
            name="display_name",
            field=models.CharField(blank=True, default="", max_length=150, verbose_name="Display name"),
        ),
        migrations.AddField(
            model_name="user",
            name="sessions_ended",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(Lower("username"), name="team_one_name_in_any_case"),
        ),
    ]
