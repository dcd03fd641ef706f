"""Nothing yet: the room begins here."""

from django.db import migrations


class Migration(migrations.Migration):
    """The first step, on which the others stand."""

    initial = True

    dependencies = []

    operations = []
