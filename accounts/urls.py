from django.urls import path

from accounts import views

urlpatterns = [
    path("me/", views.profile, name="profile"),
    path("me/mail/", views.choose_mail, name="choose_mail"),
]
