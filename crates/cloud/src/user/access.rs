//! Helping people back in: resets, factors, sessions, and being held back.

use rpc::auth::v1::{
    EndSessionsRequest, GetFactorsRequest, GetFactorsResponse, ListSessionsRequest,
    RemoveFactorsRequest, Session, StartResetRequest, UnlockRequest,
};
use serde_json::json;

use super::find;
use crate::error::Error;
use crate::operator::Operator;
use crate::output::{moment, say};

/// Signs somebody out and starts a reset of their password.
pub(super) async fn reset(operator: &Operator, login: &str, by_mail: bool) -> Result<(), Error> {
    let person = find(operator, login).await?;
    let request = StartResetRequest {
        user_id: person.user_id.clone(),
        by_mail,
    };
    let recovery = rpc::auth::recovery_client(operator.origin()?);
    let started = recovery.start_reset(Operator::call(), request).await?;
    let sessions = end(operator, person.user_id).await?;
    let name = person.username;
    say(&if by_mail {
        format!("{name} is signed out ({sessions} ended) and gets a mail with a link.")
    } else {
        format!(
            "{name} is signed out ({sessions} ended) and can choose a new password with this link. It works once:\n\n  {}\n",
            operator.link(&started.path)
        )
    });
    Ok(())
}

/// Tells what somebody has.
pub(super) async fn factors(operator: &Operator, login: &str, json: bool) -> Result<(), Error> {
    let person = find(operator, login).await?;
    let request = GetFactorsRequest {
        user_id: person.user_id,
    };
    let recovery = rpc::auth::recovery_client(operator.origin()?);
    let has = recovery.get_factors(Operator::call(), request).await?;
    say(&if json {
        json!({
            "username": person.username,
            "password": has.password,
            "totp": has.totp,
            "passkeys": has.passkeys,
            "recovery_codes": has.recovery_codes,
            "break_glass_codes": has.break_glass_codes,
            "owes_more": has.owes_more,
            "held_back_for": has.held_back_for,
        })
        .to_string()
    } else {
        in_words(&has)
    });
    Ok(())
}

fn in_words(has: &GetFactorsResponse) -> String {
    let yes = |has: bool| if has { "yes" } else { "no" };
    let mut lines = vec![
        format!("password            {}", yes(has.password)),
        format!("one-time passwords  {}", yes(has.totp)),
        format!("passkeys            {}", has.passkeys),
        format!("recovery codes      {}", has.recovery_codes),
        format!("break-glass codes   {}", has.break_glass_codes),
    ];
    if has.owes_more {
        lines.push("policy asks for more than this".to_owned());
    }
    if has.held_back_for > 0 {
        let wait = has.held_back_for;
        lines.push(format!("codes are not looked at for {wait} seconds"));
    }
    lines.join("\n")
}

/// Removes everything of somebody but the password.
pub(super) async fn remove_factors(operator: &Operator, login: &str) -> Result<(), Error> {
    let person = find(operator, login).await?;
    let request = RemoveFactorsRequest {
        user_id: person.user_id,
    };
    let recovery = rpc::auth::recovery_client(operator.origin()?);
    let removed = recovery.remove_factors(Operator::call(), request).await?;
    say(&format!(
        "{} has no second factor any more ({} ended).",
        person.username,
        counted(removed.ended)
    ));
    Ok(())
}

/// Lists where somebody is signed in.
pub(super) async fn sessions(operator: &Operator, login: &str, json: bool) -> Result<(), Error> {
    let person = find(operator, login).await?;
    let request = ListSessionsRequest {
        user_id: person.user_id,
    };
    let auth = rpc::auth::client(operator.origin()?);
    let sessions = auth.list_sessions(Operator::call(), request).await?;
    let sessions = sessions.sessions;
    if json {
        let sessions: Vec<_> = sessions.iter().map(session_as_json).collect();
        say(&json!({ "username": person.username, "sessions": sessions }).to_string());
    } else if sessions.is_empty() {
        say(&format!("{} is signed in nowhere.", person.username));
    } else {
        let lines: Vec<_> = sessions.iter().map(session_in_words).collect();
        say(&lines.join("\n"));
    }
    Ok(())
}

fn session_as_json(session: &Session) -> serde_json::Value {
    json!({
        "session_id": session.session_id,
        "device": session.device,
        "address": session.address,
        "created_at": moment(session.created_at),
        "last_seen_at": moment(session.last_seen_at),
    })
}

fn session_in_words(session: &Session) -> String {
    let device = match session.device.as_str() {
        "" => "unknown browser",
        device => device,
    };
    format!(
        "{}  {device}, {}, last used {}",
        session.session_id,
        session.address,
        moment(session.last_seen_at)
    )
}

/// Ends all sessions of somebody.
pub(super) async fn end_sessions(operator: &Operator, login: &str) -> Result<(), Error> {
    let person = find(operator, login).await?;
    let sessions = end(operator, person.user_id).await?;
    say(&format!(
        "{} is signed out ({sessions} ended).",
        person.username
    ));
    Ok(())
}

async fn end(operator: &Operator, user_id: String) -> Result<String, Error> {
    let request = EndSessionsRequest {
        user_id,
        session_id: String::new(),
    };
    let auth = rpc::auth::client(operator.origin()?);
    let ended = auth.end_sessions(Operator::call(), request).await?.ended;
    Ok(counted(ended))
}

fn counted(sessions: i32) -> String {
    if sessions == 1 {
        "1 session".to_owned()
    } else {
        format!("{sessions} sessions")
    }
}

/// Lets somebody try again.
pub(super) async fn unlock(operator: &Operator, login: &str) -> Result<(), Error> {
    let person = find(operator, login).await?;
    let request = UnlockRequest {
        user_id: person.user_id,
    };
    let recovery = rpc::auth::recovery_client(operator.origin()?);
    recovery.unlock(Operator::call(), request).await?;
    say(&format!("{} may try again.", person.username));
    Ok(())
}
