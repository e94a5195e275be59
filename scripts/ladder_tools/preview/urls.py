"""The pages of the preview."""

from django.urls import path

from ladder_tools.preview import errors, views

urlpatterns = [
    path("", views.home),
    path("sign-in/", views.SignIn.as_view()),
    path("sign-out/", views.sign_out),
    path("course/", views.course),
    path("unit/<slug:name>/", views.unit),
    path("author/<slug:name>/", views.author),
    path("handler/<str:usage>/<slug:handler>", views.handler),
    path("handler/<str:usage>/<slug:handler>/", views.handler),
    path("handler/<str:usage>/<slug:handler>/<path:suffix>", views.handler),
    path("resource/<slug:package>/<str:name>", views.resource),
    path("static/<str:name>", views.static),
    path("version/", views.version),
]
handler400 = errors.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = errors.broken
