from django.db import migrations, models

ROLES = [
    ("viewer", "Viewer"),
    ("editor", "Editor"),
    ("officer", "Data protection officer"),
    ("admin", "Administrator"),
]


class Migration(migrations.Migration):

    dependencies = [
        ("team", "0003_accounts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="role",
            field=models.CharField(choices=ROLES, default="viewer", max_length=10, verbose_name="Role"),
        ),
    ]
