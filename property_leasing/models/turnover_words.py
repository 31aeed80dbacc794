"""The sentences that explain turnover rent, in the language of the company's bills."""


class TurnoverWords:
    """Phrase settlements in one language."""

    def __init__(self, env):
        self.env = env
        self.separator = "；" if (env.lang or "").startswith("zh") else "; "

    def settlement(self, term, result, before, is_true_up, is_estimated):
        """Say how a settlement comes about.

        :param term: property.lease.turnover.term
        :param result: tools.turnover.Result
        :param before: Decimal settled before in the year
        :return: (explanation, list of [text, amount] that sum to the amount)
        """
        env = self.env
        head = env._(
            "turnover from %(start)s to %(end)s: %(turnover)s",
            start=result.date_from,
            end=result.date_to,
            turnover=self._money(result.turnover),
        )
        if is_estimated:
            head += env._(" (estimated, as it was not declared in time)")
        texts = [head, *(self._slice(one) for one in result.slices)]
        parts = []
        if result.is_capped:
            texts.append(env._("capped at %(cap)s", cap=self._money(result.percentage)))
        parts.append([env._("Percentage rent"), float(result.percentage)])
        if term.mode == "greater":
            texts.append(self._greater(result))
            parts.append(
                [env._("Base rent, billed already"), float(result.due - result.percentage)]
            )
        if is_true_up and before:
            texts.append(
                env._(
                    "the year owes %(due)s, of which %(before)s was settled before: %(amount)s",
                    due=self._money(result.due),
                    before=self._money(before),
                    amount=self._money(result.due - before),
                )
            )
            parts.append([env._("Settled before in the year"), float(-before)])
        return self.separator.join(texts), [part for part in parts if part[1]]

    def _slice(self, one):
        facts = {
            "percent": f"{one.percent.normalize():f}",
            "turnover": self._money(one.turnover),
            "above": self._money(one.above),
            "amount": self._money(one.amount),
        }
        if one.above:
            return self.env._(
                "%(percent)s%% of the %(turnover)s above %(above)s = %(amount)s", **facts
            )
        return self.env._("%(percent)s%% of %(turnover)s = %(amount)s", **facts)

    def _greater(self, result):
        facts = {
            "percentage": self._money(result.percentage),
            "base": self._money(result.base),
            "due": self._money(result.due),
        }
        if result.due:
            return self.env._(
                "percentage rent %(percentage)s is more than the base rent %(base)s: the rest of "
                "%(due)s is owed",
                **facts,
            )
        return self.env._(
            "percentage rent %(percentage)s is not more than the base rent %(base)s: nothing is "
            "owed beyond it",
            **facts,
        )

    def _money(self, value):
        return f"{float(value):,.2f}"
