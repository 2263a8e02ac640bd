//! Where to go after signing in.

use platform::http::LocalPath;

/// Pages that would only send people round in circles, or that are answers to a form.
const NEVER: &[&str] = &[
    "/auth/sign-in",
    "/auth/sign-out",
    "/auth/sudo",
    "/auth/setup",
    "/auth/invitation",
    "/auth/mail",
    "/auth/forgotten",
    "/auth/reset",
    "/auth/preferences",
    "/auth/accounts",
];

/// Reads a return address of a form or query: a path on this origin that leads on, else the start page.
pub(crate) fn return_to(text: Option<&str>) -> LocalPath {
    let path = LocalPath::or_home(text);
    if leads_back(path.as_str()) {
        LocalPath::default()
    } else {
        path
    }
}

fn leads_back(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or(path);
    NEVER.iter().any(|own| {
        path.strip_prefix(own)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_never_leads_back_to_signing_in() {
        for text in [
            "/auth/sign-in",
            "/auth/sign-in?return_to=/app/x",
            "/auth/sign-in/",
            "/auth/sign-out",
            "/auth/sudo?return_to=/admin",
            "/auth/setup/x",
            "/auth/invitation/x",
        ] {
            assert_eq!(return_to(Some(text)).as_str(), "/", "{text}");
        }
        assert_eq!(return_to(Some("/auth/security")).as_str(), "/auth/security");
        assert_eq!(
            return_to(Some("/auth/sign-in-help")).as_str(),
            "/auth/sign-in-help"
        );
        assert_eq!(return_to(Some("//evil.example")).as_str(), "/");
        assert_eq!(return_to(None).as_str(), "/");
    }
}
