"""Random samples of closed issues, drawn by a stored seed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LookBackSample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="number")),
                ("seed", models.CharField(max_length=40, verbose_name="seed")),
                ("closed_from", models.DateField(verbose_name="closed from")),
                ("closed_to", models.DateField(verbose_name="closed until")),
                ("due_on", models.DateField(verbose_name="due")),
                ("share", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="share (per cent)")),
                ("size", models.PositiveSmallIntegerField(verbose_name="issues drawn")),
                ("eligible", models.PositiveIntegerField(verbose_name="drawn from")),
                ("eligible_digest", models.CharField(max_length=64)),
                ("drawn_at", models.DateTimeField()),
                (
                    "drawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-number"]},
        ),
        migrations.AddField(
            model_name="followup",
            name="sample",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="follow_ups",
                to="issues.lookbacksample",
            ),
        ),
    ]
