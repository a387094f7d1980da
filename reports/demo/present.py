"""The present week: a published roster with sessions in every state, the next one for the demo director."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from accounts.models import Posting, User
from catalog.choices import Half
from catalog.models import Window
from core import clock
from core.doors import Conflict
from reports.demo.people import DEMO_DIRECTOR
from reports.demo.sittings import item_for
from reports.demo.stage import Stage, monday_of
from reports.demo.walking import Hands, hand_in, hands_of, open_case, pass_step, walk_item
from sessions import services
from sessions.models import Programme, WindowSession

DEMO_WINDOW = "A23"


class PresentWeek:
    """Places people at windows that are free, one after the other, and plays each session to its state."""

    def __init__(self, programme: Programme, stage: Stage) -> None:
        self.programme, self.stage = programme, stage
        self.windows = list(
            Window.objects.filter(is_desk=True, active=True, hall__in=programme.halls.all(), department__isnull=False)
            .filter(accepted_items__programmes=programme)
            .exclude(number=DEMO_WINDOW)
            .distinct()
            .select_related("hall", "department")
        )
        self.main = [window for window in self.windows if window.hall_id == self.windows[0].hall_id]
        self.people = self._directors()

    def _directors(self) -> Iterator[User]:
        postings = Posting.objects.filter(takes_part=True, ends_on__isnull=True).select_related("user__department")
        return iter([row.user for row in postings.order_by("rank", "user__code") if row.user.code != DEMO_DIRECTOR])

    def build(self) -> None:
        """Everything: placed and confirmed the week before, published, then lived through up to now."""
        stage, past = self.stage, self.stage.calendar.previous_workday(self.stage.today)
        demo = self._demo_director()
        own_window = Window.objects.get(number=DEMO_WINDOW, hall=self.main[0].hall)
        self._book(demo, own_window, *stage.next_sitting)
        if stage.day_off:
            # Nobody sits today, but this director can go on with what was left open on the last working day.
            running = self._book(demo, own_window, stage.today, stage.half)
        else:
            running = self._next(stage.today, stage.half)
        due, done, missed = (self._next(past, Half.AM) for _n in range(3))
        cancelled, replaced = (self._next(self._later_day(), Half.AM) for _n in range(2))
        for _n in range(3):
            self._next(self._later_day(), Half.PM)
        for monday in sorted({monday_of(day) for day in (past, stage.today, stage.next_sitting[0])}):
            self._publish(monday)
        self._cancel_and_replace(cancelled, replaced)
        self._play(running, due, done, missed)
        self._late_additions(demo)

    def _demo_director(self) -> User:
        """The one who can sign in. The files' leave moves with the dates, but this director is here all week."""
        demo = User.objects.get(code=DEMO_DIRECTOR)
        last = max(self.stage.monday + timedelta(days=4), self._later_day(), self.stage.next_sitting[0])
        demo.absences.filter(starts_on__lte=last, ends_on__gte=self.stage.monday).delete()
        return demo

    def _later_day(self) -> date:
        return self.stage.calendar.add(self.stage.today, 1)

    def _next(self, day: date, half: str) -> WindowSession:
        """The next director for whom a window is free in that half-day."""
        for person in self.people:
            for window in self.main:
                if window.department_id != person.department_id and item_for(window, self.programme):
                    try:
                        return self._book(person, window, day, half)
                    except (Conflict, ValidationError):
                        continue
        raise LookupError("The demo district has no free director left for this week.")

    def _book(self, person: User, window: Window, day: date, half: str, *, confirm: bool = True) -> WindowSession:
        planned = self.stage.moment(self._planned_on(day), 10)
        with clock.at(planned):
            placed = services.place(self.programme, person, window, day, half, self.stage.administrator)
        if confirm:
            with clock.at(planned + timedelta(hours=3)):
                placed = services.confirm(placed, person)
        return placed

    def _planned_on(self, day: date) -> date:
        """In the week before, but on a working day that has passed."""
        calendar = self.stage.calendar
        ahead = calendar.next_workday(monday_of(day) - timedelta(days=5))
        return min(ahead, calendar.previous_workday(self.stage.today))

    def _publish(self, monday: date) -> None:
        """On the first working day of that week; a week that is still to come, on the last day at work."""
        first = self.stage.calendar.next_workday(monday)
        with clock.at(self.stage.moment(min(first, self.stage.today), 8)):
            services.publish_week(self.main[0].hall, monday, self.stage.administrator)

    def _cancel_and_replace(self, cancelled: WindowSession, replaced: WindowSession) -> None:
        with clock.at(self.stage.moment(self.stage.today, 8, 5)):
            services.cancel(cancelled, "区里临时召开防汛调度会，时间冲突", self.stage.administrator)
        for person in self.people:
            try:
                with clock.at(self.stage.moment(self.stage.today, 8, 10)):
                    services.substitute(replaced, person, "局长参加市里会议，由他人接替", self.stage.administrator)
            except (Conflict, ValidationError):
                continue
            return

    def _play(self, running: WindowSession, due: WindowSession, done: WindowSession, missed: WindowSession) -> None:
        for window_session in (due, done):
            hands = self._walk(window_session)
            if window_session is done:
                hand_in(window_session, [], hands)
        with clock.at(self.stage.moment(missed.date, 12)):
            services.miss(missed, self.stage.administrator, note="到时未到，也没有请假")
        self._half_way(running)

    def _walk(self, window_session: WindowSession) -> Hands:
        hands = hands_of(window_session, self.stage)
        with hands.after(0, 3):
            services.start(window_session, window_session.director)
        item = item_for(window_session.window, self.programme)
        if item is not None:
            walk_item(window_session, item, [], hands, self.stage)
        with hands.after(5, 15):
            services.finish(window_session, window_session.director)
        return hands

    def _half_way(self, window_session: WindowSession) -> None:
        """A session that is being sat now, or was left open, with one case in the middle of its steps."""
        hands = hands_of(window_session, self.stage)
        with hands.after(0, 3):
            services.start(window_session, window_session.director)
        item = item_for(window_session.window, self.programme)
        if item is not None:
            case = open_case(window_session, item, hands, self.stage)
            for step in case.steps.order_by("number")[:2]:
                pass_step(step, window_session, hands)

    def _late_additions(self, demo: User) -> None:
        """A confirmed one that no release holds yet, drafts that wait for their directors, one of them the demo's."""
        day = self._later_day()
        self._draft_for(next(self.people), day)
        free = self._next(day, Half.PM)
        self._draft_for(demo, self.stage.calendar.add(free.date, 3))

    def _draft_for(self, person: User, day: date) -> None:
        for window in self.main:
            if window.department_id == person.department_id:
                continue
            try:
                self._book(person, window, day, Half.AM, confirm=False)
            except (Conflict, ValidationError):
                continue
            return
