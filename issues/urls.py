"""Routes of the register. One name everywhere: address, view, service, workflow row and template."""

from issues.act_urls import urlpatterns as act_routes

app_name = "issues"

urlpatterns = [*act_routes]
