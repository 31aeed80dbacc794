"""The sentences that explain turnover rent, in the language of the company's bills."""

from decimal import Decimal
from fractions import Fraction

from ..tools import turnover
from ..tools.schedule import rounded


class TurnoverWords:
    """Phrase settlements in one language."""

    def __init__(self, env):
        self.env = env
        self.separator = "；" if (env.lang or "").startswith("zh") else "; "

    def settlement(self, result, before, is_true_up, is_estimated):
        """Say how a settlement comes about.

        :param result: tools.turnover_rules.Outcome
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
        texts, parts = [head], []
        for segment in result.segments:
            texts += self._segment(segment, len(result.segments) > 1)
            parts += self._segment_parts(segment)
        if any(one.mode == turnover.GREATER for one in result.segments):
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

    def _segment(self, segment, is_one_of_many):
        """Return the sentences of the days under one rule."""
        texts = []
        if is_one_of_many:
            texts.append(
                self.env._(
                    "from %(start)s to %(end)s", start=segment.date_from, end=segment.date_to
                )
            )
        for share in segment.shares:
            if share.kind:
                texts.append(
                    self.env._(
                        "%(goods)s: %(turnover)s",
                        goods=self._goods(share),
                        turnover=self._money(share.turnover),
                    )
                )
            texts += [self._slice(one) for one in share.slices]
        if segment.is_capped:
            texts.append(self.env._("capped at %(cap)s", cap=self._money(segment.percentage)))
        return texts

    def _segment_parts(self, segment):
        """Return the lines of the bill: one a kind of goods, to the fen; one when it is capped."""
        name = self.env._("Percentage rent")
        if segment.is_capped or len(segment.shares) < 2:
            return [[name, float(segment.percentage)]]
        parts, left = [], segment.percentage
        for index, share in enumerate(segment.shares):
            is_last = index + 1 == len(segment.shares)
            amount = left if is_last else min(rounded(share.amount), left)
            left -= amount
            label = self.env._("Percentage rent, %(goods)s", goods=self._goods(share))
            parts.append([label, float(amount)])
        return parts

    def _goods(self, share):
        if not share.kind:
            return self.env._("other goods")
        return self.env["property.lease.goods"].browse(share.kind).name

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
        added = sum(
            (one.percentage for one in result.segments if one.mode == turnover.ADDITION),
            Decimal(0),
        )
        facts = {
            "percentage": self._money(result.percentage - added),
            "base": self._money(result.base),
            "due": self._money(result.due - added),
        }
        if result.due - added:
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
        # as the kernel rounds: a float would say 35,015.29 for 35,015.295
        amount = rounded(abs(Fraction(value)))
        return f"{-amount if value < 0 else amount:,.2f}"
