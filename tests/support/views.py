"""views.py: what the report says of a connection, beside what the events say of the same one.

The two are written by different code from the same dissectors: a field of a step that the report
gets wrong (or never fills in) stands right in the events.
"""
import collections


def place(client, server, time):
    return (client["address"], client["port"], server["address"], server["port"], time)


def by_place(events, kind):
    found = collections.defaultdict(list)
    for one in events:
        if one["event"] == kind:
            found[place(one["client"], one["server"], one["time"])].append(one)
    return found


def tls_of_event(event):
    alerts = [alert["description"] for alert in event["alerts"]]
    return {"version": event["version"], "cipher": event["cipher"], "sni": event["sni"],
            "decrypted": event["decrypted"] == "all", "reason": event["reason"], "alert": alerts or [None]}


def tls_differs(step, events):
    """The fields in which no event of that place agrees; the step names one alert of several."""
    ours, closest = step["tls"], None
    for event in events:
        theirs = tls_of_event(event)
        alerts = theirs.pop("alert")
        wrong = [key for key in theirs if ours.get(key) != theirs[key]]
        wrong += ["alert"] if ours["alert"] not in alerts + [None] else []
        if closest is None or len(wrong) < len(closest):
            closest = wrong
    return ["no event"] if closest is None else closest


def http_differs(step, events):
    ours, closest = step["http"], None
    for event in events:
        theirs = {"method": event["request"] and event["request"]["method"],
                  "status": event["response"] and event["response"]["status"]}
        wrong = [key for key in theirs if ours.get(key) != theirs[key]]
        if closest is None or len(wrong) < len(closest):
            closest = wrong
    return ["no event"] if closest is None else closest


def disagreements(report, events):
    """Lines of what the steps of the report have otherwise than the events."""
    handshakes, exchanges = by_place(events, "tls"), by_place(events, "http")
    for sign_in in report["sign_ins"]:
        for step in sign_in["steps"]:
            where = f"sign-in {sign_in['id']}, step {step['number']}"
            at = place(step["from"], step["to"], step["time"])
            if "tls" in step and (wrong := tls_differs(step, handshakes[at])):
                yield f"{where}: tls {' '.join(wrong)} otherwise than in the events"
            if "http" in step and (wrong := http_differs(step, exchanges[at])):
                yield f"{where}: http {' '.join(wrong)} otherwise than in the events"
