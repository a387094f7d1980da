from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("window_sessions", "0005_rotation_plans")]

    operations = [
        migrations.AddField(
            model_name="releaserule", name="told", field=models.JSONField(default=list, editable=False)
        ),
        migrations.RemoveField(model_name="releaserule", name="told_week"),
    ]
