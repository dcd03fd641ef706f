"""Files say which changes they hold and from when until when they are read, instead of naming their batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def take_changes_from_batches(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Note for each file the change its batch was."""
    sequence = apps.get_model("record", "Batch").objects.filter(pk=OuterRef("batch_id")).values("sequence")[:1]
    apps.get_model("record", "LogFile").objects.update(
        first_change=Subquery(sequence), last_change=Subquery(sequence), since=Subquery(sequence)
    )


class Migration(migrations.Migration):

    dependencies = [
        ('record', '0001_initial'),
    ]

    operations = [
        migrations.AddField('Mover', 'readable_from', models.PositiveBigIntegerField(default=0)),
        migrations.AlterField(
            'LogFile', 'kind',
            models.CharField(choices=[('events', 'Events'), ('traits', 'Traits'), ('ids', 'Ids')], max_length=6),
        ),
        migrations.AddField('LogFile', 'first_change', models.PositiveBigIntegerField(default=0), preserve_default=False),
        migrations.AddField('LogFile', 'last_change', models.PositiveBigIntegerField(default=0), preserve_default=False),
        migrations.AddField('LogFile', 'since', models.PositiveBigIntegerField(default=0), preserve_default=False),
        migrations.AddField('LogFile', 'until', models.PositiveBigIntegerField(null=True)),
        migrations.AddField('LogFile', 'superseded_at', models.DateTimeField(db_index=True, null=True)),
        migrations.RunPython(take_changes_from_batches, migrations.RunPython.noop),
        migrations.RemoveIndex('LogFile', 'logfile_read'),
        migrations.RemoveField('LogFile', 'batch'),
        migrations.AddIndex(
            'LogFile', models.Index(fields=['until', 'kind', 'partition'], name='logfile_standing')
        ),
    ]
