"""Logs in to a pool and asks it, as the official XenAPI.py does: the same proxy of the standard library, the same calls.

XenAPI.py (xapi-project/xen-api, python3/examples/XenAPI) is a subclass of ServerProxy that puts the session before each
call and takes the Value out of each answer. Writes one JSON object; takes the URL of the pool, a user and a password.
"""
import json
import sys
from xmlrpc.client import ServerProxy


class Failure(Exception):
    pass


def value_of(result):
    if not isinstance(result, dict) or "Status" not in result:
        raise Failure("no answer of XAPI: %r" % (result,))
    if result["Status"] != "Success":
        raise Failure(json.dumps(result["ErrorDescription"]))
    return result["Value"]


def end_of(call, task):
    for _ in range(100):
        status = call("task.get_status", task)
        if status != "pending":
            return status
    raise Failure("a task without end: %s" % task)


def main(url, user, password):
    proxy = ServerProxy(url, allow_none=True)
    session = value_of(proxy.session.login_with_password(user, password, "1.0", "session.py"))

    def call(method, *params):
        return value_of(getattr(proxy, method)(session, *params))

    pool = call("pool.get_all")[0]
    host = call("pool.get_master", pool)
    vm = call("VM.get_by_name_label", "vm-1")[0]
    call("VM.set_tags", vm, ["web", "blue"])
    call("VM.add_tags", vm, "new")
    call("VM.remove_tags", vm, "blue")
    said = {
        "version": "%s.%s" % (call("host.get_API_version_major", host), call("host.get_API_version_minor", host)),
        "srs": call("SR.get_all"),
        "networks": call("network.get_all_records"),
        "messages": call("message.get_all"),
        "time": str(call("host.get_servertime", host)),
        "tags": call("VM.get_tags", vm),
    }
    try:
        call("VM.start", vm, False, False)
    except Failure as failure:
        said["refusal"] = json.loads(str(failure))
    task = call("Async.VM.clone", vm, "copy")
    said["task"] = [call("task.get_status", task), end_of(call, task)]
    copy = call("task.get_result", task).replace("<value>", "").replace("</value>", "")
    said["copy"] = call("VM.get_name_label", copy)
    refused = call("Async.VM.start", vm, False, False)
    said["failed"] = [end_of(call, refused)] + call("task.get_error_info", refused)
    for each in (task, refused):
        call("task.destroy", each)
    said["left"] = call("task.get_all")
    value_of(proxy.session.logout(session))
    try:
        call("VM.get_all")
    except Failure as failure:
        said["afterwards"] = json.loads(str(failure))
    print(json.dumps(said))


main(*sys.argv[1:4])
