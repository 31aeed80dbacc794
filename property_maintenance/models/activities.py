"""Activities for many records and people at once; `activity_schedule` knows one person."""


def schedule(records, xmlid, rows):
    """Create the activities of `rows` with as few queries as one needs.

    :param records: any records of the model, for its environment
    :param xmlid: of the activity type
    :param rows: (record, user, deadline, summary) each
    """
    env = records.env
    kind, model_id = env.ref(xmlid), env["ir.model"]._get_id(records._name)
    env["mail.activity"].create(
        [
            {
                "activity_type_id": kind.id,
                "res_model_id": model_id,
                "res_id": record.id,
                "automated": True,
                "user_id": user.id,
                "date_deadline": deadline,
                "summary": summary,
            }
            for record, user, deadline, summary in rows
        ]
    )
