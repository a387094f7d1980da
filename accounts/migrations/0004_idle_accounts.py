from django.db import migrations, models

import accounts.models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_wants_mail")]

    operations = [
        migrations.AlterModelManagers(name="user", managers=[("objects", accounts.models.PersonManager())]),
        migrations.AddField(
            model_name="user",
            name="disabled_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="switched off"),
        ),
        migrations.AddField(
            model_name="user",
            name="enabled_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="switched on again"),
        ),
    ]
