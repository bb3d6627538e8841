"""One way of writing a phone number."""

import pytest

from workorders.directory.phones import phone_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13800000000", "13800000000"),
        ("+86 138-0000-0000", "13800000000"),
        ("008613800000000", "13800000000"),
        ("１３８０００００００0", "13800000000"),
        ("138 0000 0000 转 12", "13800000000-12"),
        ("(010) 6234-5678", "01062345678"),
        ("010-62345678-802", "01062345678-802"),
        ("+86 10 62345678 ext.802", "01062345678-802"),
        ("0571-8765432-1", "05718765432-1"),
        ("400-123-4567", "4001234567"),
        ("95588", "95588"),
        ("+852 2345–6789", "+85223456789"),
    ],
)
def test_a_number_is_written_one_way_however_it_was_typed(written: str, number: str) -> None:
    assert phone_number(written) == number
    assert phone_number(number) == number


@pytest.mark.parametrize(
    "written", ["", "138", "1380000000", "138000000000", "23800000000", "62345678", "010-6234567", "小王"]
)
def test_what_cannot_be_dialled_is_no_number(written: str) -> None:
    with pytest.raises(ValueError, match="no complete phone number"):
        phone_number(written)
