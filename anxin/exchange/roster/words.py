"""Faults in words: what is wrong and how to mend it, never what the cell says."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.domains.campaigns.contracts import FileFault, RosterColumn, RowFault

COLUMNS = {
    RosterColumn.NAME: gettext_lazy("Name"),
    RosterColumn.ID_KIND: gettext_lazy("Kind of document"),
    RosterColumn.ID_NUMBER: gettext_lazy("Identity number"),
    RosterColumn.GRADE: gettext_lazy("Grade"),
    RosterColumn.GROUP: gettext_lazy("Class"),
    RosterColumn.ROSTER_NUMBER: gettext_lazy("Number in the class"),
    RosterColumn.SEX: gettext_lazy("Sex"),
    RosterColumn.BORN_ON: gettext_lazy("Date of birth"),
    RosterColumn.PHONE: gettext_lazy("Own phone"),
    RosterColumn.GUARDIAN_PHONE: gettext_lazy("Guardian's phone"),
}
_ROWS = {
    RowFault.NAME_MISSING: gettext_lazy("The name is missing."),
    RowFault.NAME_ODD: gettext_lazy("This does not look like a name: only letters and · belong here."),
    RowFault.ID_MISSING: gettext_lazy("The identity number is missing."),
    RowFault.ID_LENGTH: gettext_lazy("An identity number has 18 characters; here there are %(detail)s."),
    RowFault.ID_ROUNDED: gettext_lazy(
        "The spreadsheet has rounded this number and lost its end. Make the column text and type it in again."
    ),
    RowFault.ID_CHECK: gettext_lazy("The check digit does not fit. Please compare it with the document."),
    RowFault.ID_SWAPPED: gettext_lazy(
        "The check digit does not fit. Two neighbouring digits may be swapped, at places %(detail)s."
    ),
    RowFault.ID_DATE: gettext_lazy("The date of birth inside this number does not exist."),
    RowFault.ID_OTHER: gettext_lazy("A document number has 5 to 20 letters and digits."),
    RowFault.SEX_UNREADABLE: gettext_lazy("Write 男 or 女."),
    RowFault.SEX_CONTRADICTS: gettext_lazy(
        "The identity number says the other sex. One of the two is wrong."
    ),
    RowFault.BORN_MISSING: gettext_lazy("Without an identity card the date of birth is needed."),
    RowFault.BORN_UNREADABLE: gettext_lazy("Write the date like 2012-03-05."),
    RowFault.BORN_CONTRADICTS: gettext_lazy(
        "The identity number says another date. One of the two is wrong."
    ),
    RowFault.AGE_ODD: gettext_lazy("This date of birth gives an impossible age."),
    RowFault.CLASS_MISSING: gettext_lazy(
        "The class is missing. In merged cells of a CSV only the first row keeps it."
    ),
    RowFault.PHONE: gettext_lazy("This is no phone number. A mobile number has 11 digits."),
    RowFault.GUARDIAN_PHONE: gettext_lazy("This is no phone number. A mobile number has 11 digits."),
    RowFault.TEXT_TOO_LONG: gettext_lazy("This is too long."),
    RowFault.TWICE: gettext_lazy("The same person stands in row %(detail)s already."),
    RowFault.TWICE_OTHER_NAME: gettext_lazy(
        "The same identity number stands in row %(detail)s under another name. One of the two is wrong."
    ),
    RowFault.NUMBER_TAKEN: gettext_lazy("Somebody else in this class has this number."),
    RowFault.KNOWN_OTHER_NAME: gettext_lazy(
        "This identity number is on the roster already, under another name."
    ),
    RowFault.KNOWN_OTHER_CLASS: gettext_lazy("This person is on the roster already, in another class."),
}
_FILES = {
    FileFault.EMPTY: gettext_lazy("There is nobody in this file."),
    FileFault.OLD_EXCEL: gettext_lazy(
        "This is an old Excel file (.xls). Open it, choose Save as, Excel workbook (.xlsx), and send that one."
    ),
    FileFault.NOT_A_TABLE: gettext_lazy(
        "This is no Excel workbook and no CSV. Open it in Excel or WPS, save it as .xlsx, and send that one."
    ),
    FileFault.PROTECTED: gettext_lazy("The file has a password. Save it without one and send it again."),
    FileFault.DAMAGED: gettext_lazy(
        "The file is damaged. Open it, save it as a new .xlsx and send that one."
    ),
    FileFault.TOO_LARGE: gettext_lazy(
        "The file is larger than %(detail)s MB. Send each school or grade by itself."
    ),
    FileFault.TOO_MANY_ROWS: gettext_lazy(
        "The file has more than %(detail)s rows. Delete empty rows below the table, or save it as CSV, or divide it."
    ),
    FileFault.TOO_WIDE: gettext_lazy(
        "Something stands far to the right of the table, or a line is endless. Copy only the table to a new file."
    ),
    FileFault.ENCODING: gettext_lazy(
        "The characters cannot be read. Save the file as .xlsx and send that one."
    ),
    FileFault.OPEN_QUOTE: gettext_lazy("In row %(detail)s a quotation mark is opened and never closed."),
    FileFault.NO_HEADER: gettext_lazy(
        "No row says what the columns are. One needs at least 姓名, 身份证号 and 班级."
    ),
    FileFault.NO_NAME_COLUMN: gettext_lazy("There is no column 姓名."),
    FileFault.NO_ID_COLUMN: gettext_lazy("There is no column 身份证号."),
    FileFault.COLUMN_TWICE: gettext_lazy("The column “%(detail)s” is there twice. Delete one of them."),
    FileFault.TOO_MANY_FAULTS: gettext_lazy(
        "More than %(detail)s rows are faulty: probably a column is not what its title says. The rest was not read."
    ),
    FileFault.FILE_GONE: gettext_lazy("The file is not there any more. Please send it again."),
    FileFault.GIVEN_UP: gettext_lazy(
        "Reading failed several times. What went in stays. Please send the file again."
    ),
}


def column_words(column: str) -> str:
    """The name of a column."""
    return str(COLUMNS[RosterColumn(column)])


def row_words(fault: str, detail: str = "") -> str:
    """What is wrong with a row."""
    return str(_ROWS[RowFault(fault)]) % {"detail": detail}


def file_words(fault: str, detail: str = "") -> str:
    """Why a file is not taken."""
    return str(_FILES[FileFault(fault)]) % {"detail": detail}


def problem_title() -> str:
    """The title of the column that a returned file has more."""
    return _("Problem")


def row_title() -> str:
    """The title of the column with the row of the original file."""
    return _("Row")
