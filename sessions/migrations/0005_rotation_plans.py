import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import sessions.rotation_models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0005_versions_and_bundle_state"),
        ("window_sessions", "0004_absence_entered_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RotationPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="until")),
                ("seed", models.PositiveIntegerField(default=0, verbose_name="seed")),
                ("seconds", models.PositiveIntegerField(default=60, verbose_name="time limit (seconds)")),
                ("firm", models.BooleanField(default=False, verbose_name="every quota must be met")),
                ("weights", models.JSONField(default=sessions.rotation_models.default_weights, verbose_name="wishes")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Being planned"),
                            ("done", "Proposal"),
                            ("infeasible", "Impossible"),
                            ("cancelled", "Stopped"),
                            ("failed", "Broken off"),
                        ],
                        default="queued",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("duration", models.FloatField(default=0)),
                ("solver", models.CharField(blank=True, max_length=40, verbose_name="solver")),
                ("figures", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("report", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rotation_plans",
                        to="window_sessions.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "rotation plan",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="PlannedPlacement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date", models.DateField(verbose_name="date")),
                (
                    "half",
                    models.CharField(
                        choices=[("AM", "Morning"), ("PM", "Afternoon")], max_length=2, verbose_name="half-day"
                    ),
                ),
                ("reasons", models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("locked", models.BooleanField(default=False, verbose_name="locked")),
                (
                    "director",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.window"
                    ),
                ),
                (
                    "window_session",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="planned_placement",
                        to="window_sessions.windowsession",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="placements",
                        to="window_sessions.rotationplan",
                    ),
                ),
            ],
            options={
                "ordering": ["date", "half", "window"],
            },
        ),
        migrations.AddConstraint(
            model_name="rotationplan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("queued", "running"))),
                fields=("programme",),
                name="one_rotation_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="rotationplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="rotation_ends_after_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedplacement",
            constraint=models.UniqueConstraint(
                fields=("plan", "director", "date", "half"), name="planned_director_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedplacement",
            constraint=models.UniqueConstraint(fields=("plan", "window", "date", "half"), name="planned_window_once"),
        ),
    ]
