"""Who is a school's contact this year: somebody who works there, or its mailbox."""

from flask_babel import gettext, lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from outreach.partners.commands import is_address

MAILBOX = "mailbox"


class ContactForm(FlaskForm):  # type: ignore[misc]
    """One school; `contact` is a person's id or `mailbox`."""

    contact = RadioField(
        _("Who is the contact this school year?"), [InputRequired(_("Choose somebody, or the mailbox."))]
    )
    mailbox = EmailField(_("Mailbox of the school"), [Optional(), Length(max=254)])

    def validate_mailbox(self, field: EmailField) -> None:
        """An address, when the mailbox was chosen."""
        if self.contact.data == MAILBOX and not is_address((field.data or "").strip()):
            raise ValidationError(gettext("Fill in the mail address of the school."))

    @property
    def person_id(self) -> int | None:
        """The person who was chosen; None for the mailbox."""
        return None if self.contact.data == MAILBOX else int(self.contact.data)
