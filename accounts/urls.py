from django.urls import path

from accounts import views

urlpatterns = [
    path("me/", views.profile, name="profile"),
    path("me/address/", views.set_address, name="set_address"),
    path("people/", views.people, name="people"),
    path("people/<int:pk>/enable/", views.enable_account, name="enable_account"),
    path("me/mail/", views.choose_mail, name="choose_mail"),
]
