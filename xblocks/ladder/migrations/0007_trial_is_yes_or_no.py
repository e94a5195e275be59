"""Migration 0002 gained `trial` 22 minutes after it had landed.

A database of that time has applied it without the column. When a later migration makes the table anew, SQLite takes the unknown
"trial" in quotes for a text, and keeps the word `trial` in every attempt. It means no: nobody could try an exam out then.
"""

from django.db import migrations


def make_no_of_the_word(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("UPDATE ladder_attempt SET trial = 0 WHERE typeof(trial) = 'text'")


class Migration(migrations.Migration):

    dependencies = [
        ('ladder', '0006_rule_of_opening'),
    ]

    operations = [
        migrations.RunPython(make_no_of_the_word, migrations.RunPython.noop),
    ]
