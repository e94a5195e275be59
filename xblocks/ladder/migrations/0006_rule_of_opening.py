from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ladder', '0005_late_answers'),
    ]

    operations = [
        # Null for the rows there are: nobody knows which rule stood when they were written.
        migrations.AddField(
            model_name='stageopening',
            name='rule',
            field=models.JSONField(null=True),
        ),
    ]
