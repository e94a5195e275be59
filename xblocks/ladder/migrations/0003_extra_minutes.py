from django.db import migrations, models


def count_what_was_granted(apps, schema_editor):
    """Of attempts that run, the deadline holds the minutes of the newest allowance."""
    allowances = apps.get_model("ladder", "Allowance").objects
    for attempt in apps.get_model("ladder", "Attempt").objects.filter(submitted_at=None, voided_at=None):
        of_it = allowances.filter(learner_id=attempt.learner_id, course=attempt.course, block=attempt.block)
        newest = of_it.order_by("-id").first()
        if newest is not None and newest.minutes:
            attempt.extra_minutes = newest.minutes
            attempt.save(update_fields=["extra_minutes"])


class Migration(migrations.Migration):

    dependencies = [
        ('ladder', '0002_marking_desk'),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='extra_minutes',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunPython(count_what_was_granted, migrations.RunPython.noop),
    ]
