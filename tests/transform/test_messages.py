"""dbt's own messages are shown, values are not."""

import pytest

from orchestration.transform.messages import in_one_line, without_values

OF_CODE = """Runtime Error in model int_x (models/int_x.sql)
  Binder Error: Referenced column "melder_grop" not found in FROM clause!
  Candidate bindings: "melder_groep", "melder"

  LINE 5:     melder_grop = 'politie'
"""


def test_what_is_wrong_in_the_code_is_shown_whole() -> None:
    shown = without_values(OF_CODE)
    assert shown.startswith('Binder Error: Referenced column "melder_grop" not found')
    assert "LINE 5:     melder_grop = 'politie'" in shown
    assert in_one_line(OF_CODE) == (
        'Binder Error: Referenced column "melder_grop" not found in FROM clause! Candidate bindings: "melder_groep", "melder"'
    )


@pytest.mark.parametrize(
    ("message", "hidden"),
    [
        ("Conversion Error: Could not convert string 'Jansen' to INT32 when casting from source column leeftijd", "Jansen"),
        ("Conversion Error: Could not convert string 'O'Brien's' to INT32", "Brien"),
        ('Constraint Error: Duplicate key "casus_id: 1234" violates primary key constraint', "1234"),
        ("Out of Range Error: Overflow in multiplication of INT32 (123456 * 999)!", "123456"),
        ('Conversion Error: invalid date field format: "31-12-1987", expected format is (YYYY-MM-DD)', "1987"),
        ("Conversion Error: Could not convert string 'a\nb' to DATE\n\nLINE 3: cast(x as date)", "b'"),
        ("Invalid Input Error: Failed to cast 7,25 to decimal", "7,25"),
    ],
)
def test_what_was_met_in_the_data_is_not_shown(message: str, hidden: str) -> None:
    shown = without_values(f"Runtime Error in model m (models/m.sql)\n  {message}")
    assert hidden not in shown
    assert shown.startswith(message.split(":", maxsplit=1)[0])


def test_the_sql_that_failed_on_a_value_stays_readable() -> None:
    assert "LINE 3: cast(x as date)" in without_values("Conversion Error: Could not convert string 'q' to DATE\n\nLINE 3: cast(x as date)")
