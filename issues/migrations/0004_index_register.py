from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("issues", "0003_limit_recount")]

    operations = [
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("stopped_at__isnull", True)),
                fields=["due_on", "issue", "paused_at", "days", "extended_days"],
                name="clock_running_by_date",
            ),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(fields=["status", "-registered_at", "-id"], name="issue_newest_in_state"),
        ),
        migrations.AddIndex(
            model_name="issue", index=models.Index(fields=["status", "number"], name="issue_number_in_state")
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True)),
                fields=["due_on", "issue", "round"],
                name="follow_up_open_by_date",
            ),
        ),
        migrations.AddIndex(
            model_name="issueevent", index=models.Index(fields=["-at", "-id"], name="issue_event_newest")
        ),
    ]
