"""Expands series with python-dateutil. One series a line, tab-separated:
id, DTSTART, TZID ('' = a day), horizon (wall time), most, recurrence lines joined by '|'
Answers: id, tab, seconds since 1970 joined by ',', or '!' and what went wrong."""
import signal
import sys
import warnings
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr

warnings.simplefilter("ignore")
LIMIT_SECONDS = 5.0


def moment(text, zone):
    """A DATE or DATE-TIME value; naive for a day."""
    if "T" not in text:
        return datetime.strptime(text, "%Y%m%d")
    if text.endswith("Z"):
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    return datetime.strptime(text, "%Y%m%dT%H%M%S").replace(tzinfo=zone)


def seconds(at):
    return int((at if at.tzinfo else at.replace(tzinfo=timezone.utc)).timestamp())


def bounded(value, horizon, zone):
    """The library walks an endless or impossible rule to the year 9999: it is told to stop at the horizon."""
    if "UNTIL=" in value:
        return value
    stop = horizon.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ") if zone else horizon.strftime("%Y%m%d")
    return value + ";UNTIL=" + stop


def expand(dtstart, tzid, horizon, most, lines, with_start):
    zone = ZoneInfo(tzid) if tzid else None
    start = moment(dtstart, zone)
    end = moment(horizon, zone)
    whole = rruleset()
    if with_start:
        whole.rdate(start)
    for line in lines:
        head, value = line.split(":", 1)
        name, *parameters = head.split(";")
        given = dict(parameter.split("=", 1) for parameter in parameters)
        at = ZoneInfo(given["TZID"]) if "TZID" in given else zone
        if name in ("RRULE", "EXRULE"):
            rule = rrulestr(bounded(value, end, zone), dtstart=start)
            (whole.rrule if name == "RRULE" else whole.exrule)(rule)
        else:
            for one in value.split(","):
                (whole.rdate if name == "RDATE" else whole.exdate)(moment(one, at))
    found = []
    for at in whole:
        if (at.replace(tzinfo=None) if at.tzinfo in (None, zone) else at.astimezone(zone).replace(tzinfo=None)) > end.replace(tzinfo=None):
            break
        if seconds(at) not in found[-300:]:
            found.append(seconds(at))
        # What a spring gap moves may stand out of order: a few more than asked are taken before they are sorted.
        if len(found) >= most + 200:
            break
    return sorted(found)[:most]


def too_long(_signal, _frame):
    raise TimeoutError("took longer than %s s" % LIMIT_SECONDS)


signal.signal(signal.SIGALRM, too_long)
for line in sys.stdin:
    name, dtstart, tzid, horizon, most, text = line.rstrip("\n").split("\t")
    signal.setitimer(signal.ITIMER_REAL, LIMIT_SECONDS)
    try:
        # A question mark asks for the first times of a rule, whose start it doesn't have yet.
        answer = ",".join(map(str, expand(dtstart, tzid, horizon, int(most), text.split("|"), not name.startswith("?"))))
    except Exception as error:
        answer = "!%s: %s" % (type(error).__name__, error)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    print("%s\t%s" % (name, answer))
