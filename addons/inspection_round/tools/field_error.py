"""What a handler raises when it cannot take what a phone sent."""


class FieldRefused(Exception):
    """An entry that is refused as a whole: nothing of it is written.

    :param status: HTTP status of the answer: 400, 403, 404, 409, 413 or 422
    :param message: what is wrong and what to do next, in the language of the user
    """

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
        self.message = message
