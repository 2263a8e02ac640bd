//! Answers of the shapes that FreeIPA 4.9 gives, by its source and its documentation.

use serde_json::{Value, json};

use super::IpaRequest;

/// Only a head: a status line and fields.
pub fn head(head: &str) -> String {
    format!("{head}\r\ncontent-length: 13\r\n\r\n<html></html>")
}

/// A session begins.
pub fn signed_in(session: &str) -> String {
    head(&format!(
        "HTTP/1.1 200 Success\r\nContent-Type: text/plain; charset=UTF-8\r\n\
         Set-Cookie: ipa_session=MagBearerToken={session};path=/ipa;httponly;secure;"
    ))
}

/// Nobody is let in, for that reason.
pub fn rejected(reason: &str) -> String {
    head(&format!(
        "HTTP/1.1 401 Unauthorized\r\nContent-Type: text/html; charset=utf-8\r\nX-IPA-Rejection-Reason: {reason}"
    ))
}

/// The session has ended.
pub fn signed_out() -> String {
    head("HTTP/1.1 401 Unauthorized\r\nContent-Type: text/html; charset=utf-8")
}

/// What a command answers.
pub fn result(said: &Value) -> String {
    envelope(said, &Value::Null)
}

/// A command is refused.
pub fn error(code: u16, name: &str, message: &str, data: &Value) -> String {
    let error = json!({ "code": code, "message": message, "data": data, "name": name });
    envelope(&Value::Null, &error)
}

fn envelope(result: &Value, error: &Value) -> String {
    let body = json!({
        "result": result, "error": error, "id": 0, "principal": "cloud@EXAMPLE.ORG", "version": "4.9.11",
    })
    .to_string();
    format!(
        "HTTP/1.1 200 Success\r\nContent-Type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Somebody as `user_show` and those that change people have them; `id` is the one that never changes.
pub fn user(login: &str, id: &str) -> Value {
    json!({
        "dn": format!("uid={login},cn=users,cn=accounts,dc=example,dc=org"),
        "uid": [login], "givenname": ["Ada"], "sn": ["Lovelace"], "cn": ["Ada Lovelace"],
        "homedirectory": [format!("/home/{login}")], "loginshell": ["/bin/sh"],
        "uidnumber": ["1688200001"], "gidnumber": ["1688200001"],
        "mail": [format!("{login}@example.org")],
        "krbcanonicalname": [format!("{login}@EXAMPLE.ORG")],
        "krbprincipalname": [format!("{login}@EXAMPLE.ORG")],
        "krbpasswordexpiration": [{ "__datetime__": "20270215120000Z" }],
        "krblastpwdchange": [{ "__datetime__": "20261117120000Z" }],
        "ipauniqueid": [id], "memberof_group": ["ipausers"],
        "nsaccountlock": false, "has_password": true, "has_keytab": true, "preserved": false,
    })
}

/// What a server says of wrong passwords; `last` as `2026-11-22T11:59:00Z`, or `N/A`.
pub fn status(login: &str, failed: u32, last: &str) -> Value {
    json!({
        "result": [{
            "dn": format!("uid={login},cn=users,cn=accounts,dc=example,dc=org"),
            "krblastsuccessfulauth": ["N/A"], "krblastfailedauth": [last],
            "krbloginfailedcount": [failed.to_string()],
            "now": "2026-11-22T12:00:00Z", "server": "ipa.example.org",
        }],
        "count": 1, "truncated": false, "summary": "Account disabled: False",
    })
}

/// The rules for somebody's password: six wrong ones lock for ten minutes.
pub fn policy() -> Value {
    json!({
        "result": {
            "cn": ["global_policy"], "krbmaxpwdlife": ["90"], "krbminpwdlife": ["1"],
            "krbpwdhistorylength": ["0"], "krbpwdmindiffchars": ["0"], "krbpwdminlength": ["8"],
            "krbpwdmaxfailure": ["6"], "krbpwdfailurecountinterval": ["60"],
            "krbpwdlockoutduration": ["600"],
            "dn": "cn=global_policy,cn=EXAMPLE.ORG,cn=kerberos,dc=example,dc=org",
        },
        "value": null, "summary": null,
    })
}

/// Members that came or went; `failed` is why one did not.
pub fn members(group: &str, kind: &str, failed: Option<(&str, &str)>) -> Value {
    let left_out = |of: &str| {
        let failed = failed.filter(|_| of == kind);
        failed.map_or(json!([]), |(name, why)| json!([[name, why]]))
    };
    let failures = json!({
        "group": left_out("group"), "idoverrideuser": [], "service": [], "user": left_out("user"),
    });
    json!({
        "result": {
            "cn": [group], "dn": format!("cn={group},cn=groups,cn=accounts,dc=example,dc=org"),
            "gidnumber": ["1688200003"], "member_user": ["ada"],
        },
        "failed": { "member": failures }, "completed": u8::from(failed.is_none()),
    })
}

/// Everything goes well for everybody: people whose id is `id-` and their name.
pub fn obliging(request: &IpaRequest) -> String {
    if request
        .head
        .starts_with("POST /ipa/session/login_password ")
    {
        return signed_in("first");
    }
    if request
        .head
        .starts_with("POST /ipa/session/change_password ")
    {
        return head(
            "HTTP/1.1 200 Success\r\nContent-Type: text/html; charset=utf-8\r\nX-IPA-Pwchange-Result: ok",
        );
    }
    let login = request.subject();
    let options = request.options();
    let entry = |summary: &str| {
        let mut user = user(&login, &format!("id-{login}"));
        if options.get("random") == Some(&Value::Bool(true))
            && let Some(user) = user.as_object_mut()
        {
            user.insert("randompassword".to_owned(), "Mb4;canary_x9Q".into());
        }
        result(&json!({ "result": user, "value": login, "summary": summary }))
    };
    match request.method().as_str() {
        "user_show" => entry(""),
        "user_add" => entry(&format!("Added user \"{login}\"")),
        "user_mod" => entry(&format!("Modified user \"{login}\"")),
        "user_status" => result(&status(&login, 0, "N/A")),
        "pwpolicy_show" => result(&policy()),
        "user_unlock" | "user_enable" | "user_disable" => {
            result(&json!({ "result": true, "value": login, "summary": "Done" }))
        }
        "group_add_member" | "group_remove_member" => {
            let is_person = options.get("user").is_some();
            let kind = if is_person { "user" } else { "group" };
            result(&members(&login, kind, None))
        }
        other => error(
            905,
            "CommandError",
            &format!("unknown command '{other}'"),
            &json!({ "name": other }),
        ),
    }
}
