import pytest

from wegmarke.capture.files import ColumnMapping, FileError, IfThere, preview, read, read_persons
from wegmarke.capture.files.mapping import ColumnMapping as Mapping
from wegmarke.record.contracts import Scale

ROW = "C1,2024-03-01T10:00:00Z,visit\n"


@pytest.mark.parametrize(
    "header",
    [
        "customer_id,timestamp,event",
        "Kundennummer,Zeitstempel,Ereignis",
        "Kunden-Nr,Datum,Aktivität",
        "case:concept:name,time:timestamp,concept:name",
        "case_id,Complete Timestamp,Activity",
        "userId,occurred_at,event_name",
        "Nutzer ID,Zeit,Touchpoint",
        "Fall,Uhrzeit,Aktion",
        "session_id,created_at,action",
        "KUNDE,DATUM/UHRZEIT,EREIGNIS",
    ],
)
def test_common_names_in_both_languages_are_known(write, header):
    look = preview(write(f"{header}\n{ROW}"))
    person, time, event = header.split(",")
    assert (look.mapping.person, look.mapping.time, look.mapping.event) == (person, time, event)
    assert [guess.reason for guess in look.guesses] == ["by its name"] * 3
    assert look.missing == ()


def test_the_more_telling_name_wins(write):
    look = preview(write("session_id,customer_id,date,timestamp,event\ns,c,2024-03-01,2024-03-01,x\n"))
    assert (look.mapping.person, look.mapping.time) == ("customer_id", "timestamp")


def test_a_column_named_like_a_time_that_holds_none_is_passed_over(write):
    look = preview(write("customer_id,time,date,event\nc,morning,2024-03-01,x\n"))
    assert look.mapping.time == "date"


def test_a_column_named_like_a_time_that_cannot_be_read_is_named_with_a_cell(write):
    path = write("customer_id,timestamp,event\nA,,x\nB,yesterday,x\n")
    with pytest.raises(FileError, match=r"line 1, column “timestamp”: .* for example “yesterday”"):
        read(path)


@pytest.mark.parametrize("twice", ["customer_id", "event", "timestamp"])
def test_of_two_columns_of_one_name_none_is_guessed(write, twice):
    path = write(f"customer_id,timestamp,event,{twice}\nA,2024-03-01,x,2024-03-02\n")
    with pytest.raises(FileError, match="two columns have this name") as refused:
        read(path)
    assert refused.value.column == twice


def test_two_columns_of_one_name_that_nobody_needs_are_passed_over(write):
    read_anyway = read(write("customer_id,timestamp,event,value,value\nA,2024-03-01,x,1,2\n"))
    assert read_anyway.mapping.value is None


def test_the_only_column_of_times_is_taken_whatever_its_name(write):
    look = preview(write("customer_id,event,moment,amount\nc,x,2024-03-01,1709287200\n"))
    assert look.mapping.time == "moment"
    assert look.guesses[1].reason == "the only column that holds times"


@pytest.mark.parametrize(
    ("header", "part"),
    [("a,timestamp,event", "person"), ("customer_id,a,event", "time"), ("user,date,a", "event")],
)
def test_what_cannot_be_guessed_is_asked_for(write, header, part):
    path = write(header + "\nx,y,z\n" if part == "time" else f"{header}\n{ROW}")
    assert preview(path).missing == (part,)
    with pytest.raises(FileError) as refused:
        read(path)
    assert f"--{part} COLUMN" in refused.value.hint


def test_what_was_asked_for_is_not_guessed(write):
    path = write("customer_id,account,timestamp,event\nC1,A1,2024-03-01,visit\n")
    result = read(path, ColumnMapping(person="account"))
    assert result.mapping.person == "account"
    assert result.guesses[0].asked


@pytest.mark.parametrize(
    ("name", "cell", "scale"),
    [
        ("nps", "9", Scale.NPS),
        ("CSAT", "5", Scale.CSAT),
        ("ces", "7", Scale.CES),
        ("Erlebnis", "schlecht", Scale.BAD_NEUTRAL_GOOD),
        ("nps", "excellent", None),
        ("csat", "9", None),
        ("rating", "4", None),
    ],
)
def test_a_rating_is_guessed_only_where_its_scale_is_known(write, name, cell, scale):
    look = preview(write(f"customer_id,timestamp,event,{name}\nC1,2024-03-01,visit,{cell}\n"))
    assert look.mapping.scale == scale
    assert look.mapping.experience == (name if scale else None)


def test_a_rating_without_a_known_scale_is_asked_about(write):
    path = write("customer_id,timestamp,event,rating\nC1,2024-03-01,visit,4\n")
    with pytest.raises(FileError, match="on which scale"):
        read(path, ColumnMapping(experience="rating"))
    assert read(path, ColumnMapping(scale=Scale.CSAT)).mapping.experience == "rating"


def test_words_for_bad_and_good_need_no_scale(write):
    path = write("customer_id,timestamp,event,felt\nC1,2024-03-01,visit,good\n")
    assert read(path, ColumnMapping(experience="felt")).mapping.scale is Scale.BAD_NEUTRAL_GOOD


def test_a_column_named_value_that_holds_words_is_no_value(write):
    assert preview(write("customer_id,timestamp,event,value\nC1,2024-03-01,x,high\n")).mapping.value is None


def test_one_name_for_every_row_stands_in_for_a_column(write):
    result = read(write("customer_id,date\nC1,2024-03-01\n"), ColumnMapping(event_name="purchase"))
    assert result.events.column("name").to_pylist() == ["purchase"]


def test_a_mapping_survives_json():
    mapping = Mapping(person="a", scale=Scale.NPS, attributes=("b", "c"), properties=None, day_first=False)
    assert Mapping.from_dict(mapping.as_dict()) == mapping
    assert (
        Mapping.from_dict({**mapping.as_dict(), "attributes": ["b", "c"], "scale": "nps", "new": 1})
        == mapping
    )


def test_attributes_of_persons_are_read_from_a_file_of_their_own(write):
    path = write(
        "Kundennummer;Segment;Region\nC1;privat;\nC2;Firma;Nord\n;x;y\nC1;Firma;Süd\n", "persons.csv"
    )
    traits = sorted((row["person"], row["name"], row["value"]) for row in read_persons(path).to_pylist())
    assert traits == [
        ("C1", "Region", "Süd"),
        ("C1", "Segment", "Firma"),
        ("C2", "Region", "Nord"),
        ("C2", "Segment", "Firma"),
    ]


def test_a_file_of_persons_without_a_person_is_refused(write):
    with pytest.raises(FileError, match="no column seems to name the person"):
        read_persons(write("a,b\n1,2\n"))


def test_columns_a_plan_looks_at_are_taken_along_where_the_file_has_them(write):
    path = write("customer_id,timestamp,event,wait,segment\nC1,2024-03-01,call,90,private\n")
    result = read(path, if_there=IfThere(attributes=("segment", "region"), properties=("wait", "basket")))
    assert result.events.column("properties").to_pylist() == ['{"wait":90}']
    assert result.traits.to_pylist() == [{"person": "C1", "name": "segment", "value": "private"}]
