"""Evidence about touchpoints."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Evidence beside the versions: it can be erased, they cannot."""

    dependencies = [
        ('plan', '0004_documents_gone'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('grade', models.CharField(max_length=20)),
                ('text', models.TextField()),
                ('source', models.CharField(blank=True, default='', max_length=500)),
                ('link', models.CharField(blank=True, default='', max_length=2000)),
                ('day', models.DateField(blank=True, null=True)),
                ('noted_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('revision', models.PositiveIntegerField(default=1)),
                ('changed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('noted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-noted_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='EvidenceTouchpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(db_index=True, max_length=100)),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='touchpoints', to='plan.evidence')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('evidence', 'key'), name='evidence_names_a_touchpoint_once')],
            },
        ),
    ]
