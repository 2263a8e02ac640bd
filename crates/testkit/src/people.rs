//! People for tests. Their fields are public: change what the test is about.

use platform::Role;
use platform::identity::Principal;
use uuid::Uuid;

/// A member.
pub fn user() -> Principal {
    person("ada", Role::User)
}

/// An administrator.
pub fn admin() -> Principal {
    person("grace", Role::Admin)
}

/// Somebody from outside.
pub fn guest() -> Principal {
    person("gus", Role::Guest)
}

/// A person with an id of their own, signed in by password a moment ago.
pub fn person(username: &str, role: Role) -> Principal {
    let mut letters = username.chars();
    let display_name = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default();
    Principal {
        user_id: Uuid::now_v7(),
        session_id: Uuid::now_v7(),
        username: username.to_owned(),
        display_name,
        email: format!("{username}@example.org"),
        role,
        groups: Vec::new(),
        authenticated_at: platform::Clock::system().now(),
        factors: vec!["pwd".to_owned()],
        owes_factor: false,
        scopes: Vec::new(),
        is_service: false,
        locale: None,
        zone: None,
        theme: None,
        csrf_token: Uuid::new_v4().simple().to_string(),
    }
}
