"""The sentences that explain an instalment, in the language of the company's bills."""


class LeaseWords:
    """Phrase instalments in one language."""

    def __init__(self, env):
        self.env = env
        self.separator = "；" if (env.lang or "").startswith("zh") else "; "

    def instalment(self, line, instalment):
        """Say how an instalment comes about.

        :param line: property.lease.line
        :param instalment: tools.schedule.Instalment
        :return: dict ``explanation`` (text) and ``parts`` (list of text, quantity, price, amount)
        """
        parts = [
            [self._part(line, part), self._quantity(part), float(part.rent), float(part.amount)]
            for part in instalment.parts
        ]
        return {"explanation": self.separator.join(part[0] for part in parts), "parts": parts}

    def _quantity(self, part):
        days = (part.date_to - part.date_from).days + 1
        return float(days if part.months is None else round(part.months, 4))

    def _part(self, line, part):
        facts = {
            "start": part.date_from.isoformat(),
            "end": part.date_to.isoformat(),
            "days": (part.date_to - part.date_from).days + 1,
            "area": f"{part.area:f}",
            "price": f"{part.price.normalize():f}",
            "rent": f"{part.rent:.2f}",
            "amount": f"{part.amount:.2f}",
        }
        if part.is_free:
            return self.env._("%(start)s to %(end)s rent-free, %(days)s days", **facts)
        if part.months is None:
            return self.env._(
                "%(start)s to %(end)s: %(area)s m² × %(price)s a day × %(days)s days = %(amount)s",
                **facts,
            )
        facts["months"] = self._months(part.months)
        if line.pricing == "m2_day":
            return self.env._(
                "%(start)s to %(end)s: %(area)s m² × %(price)s a day × 365 ÷ 12 = %(rent)s a month"
                " × %(months)s months = %(amount)s",
                **facts,
            )
        if line.pricing == "m2_month":
            return self.env._(
                "%(start)s to %(end)s: %(area)s m² × %(price)s = %(rent)s a month × %(months)s"
                " months = %(amount)s",
                **facts,
            )
        return self.env._(
            "%(start)s to %(end)s: %(rent)s a month × %(months)s months = %(amount)s", **facts
        )

    def _months(self, months):
        """Write 2, 17/31 or 2+17/31; whatever is more complicated in four decimals."""
        whole, rest = divmod(months, 1)
        if not rest:
            return str(whole)
        if rest.denominator > 31:
            return f"{float(months):.4f}"
        text = f"{rest.numerator}/{rest.denominator}"
        return f"{whole}+{text}" if whole else text
