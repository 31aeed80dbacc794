"""What the tests of requests with approval share."""

from .common import BillingStaffCommon


class RequestsCommon(BillingStaffCommon):
    """One who asks and one who approves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maker, cls.checker = cls.users["finance"], cls.users["manager"]

    def bill(self, first, last, items):
        run = self.new_run(first, last, items)
        run.action_compute()
        run.action_post()
        return run

    def approve(self, request):
        request.with_user(self.maker).action_submit()
        request.with_user(self.checker).action_approve()
