from __future__ import annotations

from typing import Any

from django import forms

from audit.models import Review

NOTE_CHARS = 4000


class DecisionForm(forms.Form):
    """What a reviewer makes of a violation; setting one aside needs a reason."""

    state = forms.ChoiceField(
        choices=[
            (Review.CONFIRMED, "Confirm: it is what it looks like"),
            (Review.DISMISSED, "Dismiss: there is nothing in it"),
        ],
        widget=forms.RadioSelect,
        label="What do you make of it?",
    )
    note = forms.CharField(
        required=False,
        max_length=NOTE_CHARS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept with the record. To dismiss a violation, say why.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("state") == Review.DISMISSED and not cleaned.get("note"):
            self.add_error("note", "Say why it is dismissed.")
        return cleaned
