//! app-settings and an app that declares settings, both running.

use std::sync::{Arc, OnceLock};

use platform::{App, Principal, Routes, Running, Service, StartError};
use registry::{ChoiceOption, Label, SettingDeclaration, SettingKind};
use rpc::settings::{Setting, Settings};
use serde_json::{Value, json};
use testkit::{CookieClient, Form, Page, World};

/// Where the form of the app `demo` is.
pub(crate) const FORM: &str = "/admin/settings/demo";

/// The form itself on its page.
pub(crate) const FORM_CSS: &str = "form[action='/admin/settings/demo']";

/// Settings of every kind.
pub(crate) fn declarations() -> Vec<SettingDeclaration> {
    let text = SettingKind::Text {
        max_length: Some(20),
        multiline: false,
    };
    let note = SettingKind::Text {
        max_length: None,
        multiline: true,
    };
    let count = SettingKind::Integer {
        min: Some(1),
        max: Some(100),
    };
    let options = ["red", "green"].map(|value| ChoiceOption {
        value: value.to_owned(),
        label: Label::new(value, value),
    });
    let colour = SettingKind::Choice {
        options: options.to_vec(),
    };
    vec![
        declare("greeting", text, json!("Hello")),
        declare("note", note, json!("")),
        declare("count", count, json!(3)),
        declare("open", SettingKind::Boolean, json!(true)),
        declare("colour", colour, json!("red")),
        declare("home", SettingKind::Url, Value::Null),
        declare("sender", SettingKind::Email, json!("cloud@example.org")),
        declare("wait", SettingKind::Duration, json!("15m")),
        declare("names", SettingKind::List, json!(["Ada"])),
        declare(
            "token",
            SettingKind::Secret { max_length: None },
            Value::Null,
        ),
    ]
}

/// One declaration, named after its key.
pub(crate) fn declare(key: &str, kind: SettingKind, default: Value) -> SettingDeclaration {
    SettingDeclaration::new(key, Label::new(key, key), kind, default)
}

/// An app that follows its settings, and where they appear once it runs.
pub(crate) fn follower(
    id: &str,
    declarations: Vec<SettingDeclaration>,
) -> (App, Arc<OnceLock<Settings>>) {
    let slot: Arc<OnceLock<Settings>> = Arc::default();
    let filled = Arc::clone(&slot);
    let app = App::new(id, "1.0.0").name(Label::new(id, id));
    let app = declarations.into_iter().fold(app, App::setting).start(
        |_| (),
        move |boot, ()| async move {
            let settings = rpc::settings::follow(&boot).await;
            assert!(filled.set(settings).is_ok(), "an app starts once");
            Ok::<_, StartError>(Service::new(Routes::new()))
        },
    );
    (app, slot)
}

/// The settings an app follows, once it runs.
pub(crate) async fn add(
    world: &World,
    id: &str,
    declarations: Vec<SettingDeclaration>,
) -> (Running, Settings) {
    let (app, slot) = follower(id, declarations);
    let running = world.add(app).await;
    (running, slot.get().unwrap().clone())
}

/// Both apps and an administrator.
pub(crate) struct House {
    pub(crate) world: World,
    pub(crate) settings: Running,
    pub(crate) demo: Running,
    pub(crate) followed: Settings,
    pub(crate) admin: Principal,
}

impl House {
    /// Starts both; the settings of `demo` are known when this returns.
    pub(crate) async fn new() -> Self {
        Self::with(testkit::Setup::new().start().await, declarations()).await
    }

    pub(crate) async fn with(world: World, declarations: Vec<SettingDeclaration>) -> Self {
        let settings = world.add(app_settings::app()).await;
        let (demo, followed) = add(&world, "demo", declarations).await;
        let house = Self {
            world,
            settings,
            demo,
            followed,
            admin: testkit::admin(),
        };
        house.known(FORM).await;
        house
    }

    /// Waits until a page of the administration is there.
    pub(crate) async fn known(&self, path: &str) {
        testkit::eventually("the app's settings are known", async || {
            self.browser().get(path).await.status == 200
        })
        .await;
    }

    /// The administrator's browser.
    pub(crate) fn browser(&self) -> CookieClient {
        self.as_person(&self.admin)
    }

    pub(crate) fn as_person(&self, who: &Principal) -> CookieClient {
        self.world.visitor_as(&self.settings, who)
    }

    /// The form as the administrator sees it now.
    pub(crate) async fn form(&self) -> Form {
        self.browser().get(FORM).await.form(FORM_CSS)
    }

    /// Changes fields of the form and saves it.
    pub(crate) async fn save(&self, fields: &[(&str, &str)]) -> Page {
        let form = fields.iter().fold(self.form().await, |form, (key, value)| {
            form.with(&format!("value.{key}"), value)
        });
        self.browser().submit(form).await
    }

    /// Sets or clears the secret `token`.
    pub(crate) async fn secret(&self, action: &str, text: &str) -> Page {
        let page = self.browser().get(FORM).await;
        let form = page
            .form("form[action='/admin/settings/demo/secrets/token']")
            .with("action", action)
            .with("secret", text);
        self.browser().submit(form).await
    }

    /// Waits until the app sees a value.
    pub(crate) async fn sees<T: Setting + PartialEq>(&self, key: &str, value: T) {
        testkit::eventually(&format!("the app sees the new {key}"), async || {
            self.followed.get::<T>(key) == value
        })
        .await;
    }
}

/// The message shown at a field.
pub(crate) fn error_of(page: &Page, key: &str) -> String {
    page.text(&format!("[id='value.{key}-error'] span"))
}
