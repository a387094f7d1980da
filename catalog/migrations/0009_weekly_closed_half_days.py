"""Halls that are closed on the same half-days of every week. Undone, the column goes and all halls are open again."""

from django.db import migrations, models

import catalog.weekly


class Migration(migrations.Migration):
    dependencies = [("catalog", "0008_import_meanings_and_undo")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="closed_weekly",
            field=models.JSONField(
                blank=True,
                default=list,
                validators=[catalog.weekly.valid],
                verbose_name="closed every week",
            ),
        )
        for name in ("hall", "historicalhall")
    ]
