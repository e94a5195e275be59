import django.db.models.deletion
from django.db import migrations, models


def pass_by_the_mark_of_then(apps, schema_editor):
    """Until now marks set by hand passed from 60 on, whatever the exam said."""
    apps.get_model("ladder", "Override").objects.filter(marks__gte=60).update(passed=True)


class Migration(migrations.Migration):

    dependencies = [
        ('ladder', '0003_extra_minutes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Voiding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('learner_id', models.BigIntegerField()),
                ('course', models.CharField(max_length=255)),
                ('block', models.CharField(max_length=120)),
                ('staff_id', models.BigIntegerField(null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=400)),
                ('voided_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='lessonprogress',
            name='ladder_section_once',
        ),
        migrations.RemoveConstraint(
            model_name='stageopening',
            name='ladder_stage_once',
        ),
        migrations.AddField(
            model_name='call',
            name='source',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='ladder.source'),
        ),
        migrations.AddField(
            model_name='call',
            name='trial',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='call',
            name='voiding',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='lessonprogress',
            name='voiding',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='override',
            name='passed',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(pass_by_the_mark_of_then, migrations.RunPython.noop),
        migrations.AddField(
            model_name='stageopening',
            name='finished_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='stageopening',
            name='voiding',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name='lessonprogress',
            constraint=models.UniqueConstraint(fields=('learner_id', 'course', 'block', 'section', 'voiding'), name='ladder_section_once'),
        ),
        migrations.AddConstraint(
            model_name='stageopening',
            constraint=models.UniqueConstraint(fields=('learner_id', 'course', 'stage', 'voiding'), name='ladder_stage_once'),
        ),
        migrations.AddIndex(
            model_name='voiding',
            index=models.Index(fields=['learner_id', 'course', 'block'], name='ladder_voiding_of'),
        ),
    ]
