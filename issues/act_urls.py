"""Routes of the acts, `/issues/12/close-out/` for `close_out`."""

from django.urls import path

from issues import act_views

urlpatterns = [
    path("<int:pk>/assign/", act_views.assign, name="assign"),
    path("<int:pk>/reject/", act_views.reject, name="reject"),
    path("<int:pk>/merge/", act_views.merge, name="merge"),
    path("<int:pk>/acknowledge/", act_views.acknowledge, name="acknowledge"),
    path("<int:pk>/transfer/", act_views.transfer, name="transfer"),
    path("<int:pk>/rule-transfer/", act_views.rule_transfer, name="rule_transfer"),
    path("<int:pk>/send-back/", act_views.send_back, name="send_back"),
    path("<int:pk>/submit-rectification/", act_views.submit_rectification, name="submit_rectification"),
    path("<int:pk>/suspend/", act_views.suspend, name="suspend"),
    path("<int:pk>/resume/", act_views.resume, name="resume"),
    path("<int:pk>/return-for-rework/", act_views.return_for_rework, name="return_for_rework"),
    path("<int:pk>/close-out/", act_views.close_out, name="close_out"),
    path("<int:pk>/reopen/", act_views.reopen, name="reopen"),
    path("<int:pk>/verify/", act_views.verify, name="verify"),
    path("<int:pk>/look-back/", act_views.look_back, name="look_back"),
    path("<int:pk>/follow-up/", act_views.follow_up, name="follow_up"),
    path("<int:pk>/supervise/", act_views.supervise, name="supervise"),
    path("<int:pk>/answer-supervision/", act_views.answer_supervision, name="answer_supervision"),
    path("<int:pk>/remind/", act_views.remind, name="remind"),
    path("<int:pk>/request-extension/", act_views.request_extension, name="request_extension"),
    path("<int:pk>/decide-extension/", act_views.decide_extension, name="decide_extension"),
    path("<int:pk>/coordinate/", act_views.coordinate, name="coordinate"),
    path("<int:pk>/plan-re-walk/", act_views.plan_re_walk, name="plan_re_walk"),
    path("<int:pk>/add-task/", act_views.add_task, name="add_task"),
    path("<int:pk>/finish-task/", act_views.finish_task, name="finish_task"),
    path("<int:pk>/comment/", act_views.comment, name="comment"),
]
