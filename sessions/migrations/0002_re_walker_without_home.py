"""An experience officer of no department may walk an issue's item again.

Going back needs the re-walks of such officers gone first: their rows have no department to name.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_hall_of_grant"),
        ("window_sessions", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="windowsession",
            name="home_department",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits_made",
                to="accounts.department",
            ),
        ),
        migrations.AlterField(
            model_name="windowsession",
            name="rank",
            field=models.CharField(
                blank=True,
                choices=[("principal", "Principal"), ("deputy", "Deputy")],
                max_length=20,
                verbose_name="rank",
            ),
        ),
        migrations.AddConstraint(
            model_name="windowsession",
            constraint=models.CheckConstraint(
                condition=Q(("cross_department", False), ("purpose", "verification"))
                | Q(Q(("rank", ""), _negated=True), ("home_department__isnull", False)),
                name="only_a_re_walker_has_no_home",
            ),
        ),
    ]
