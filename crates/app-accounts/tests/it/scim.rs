//! Another identity system provisions people and groups, as RFC 7643 and RFC 7644 say.

mod bulk;
mod groups;
mod keys;
mod people;
mod providers;

use platform::{Principal, Role};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use testkit::CookieClient;

use crate::house::House;

const SCIM: &str = "/api/accounts/scim/v2";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A key of a service account, for provisioning and nothing else.
fn service(name: &str) -> Principal {
    Principal {
        scopes: vec!["accounts:provision".to_owned()],
        is_service: true,
        ..testkit::person(name, Role::User)
    }
}

/// An identity system.
struct Client(CookieClient);

struct Answer {
    status: u16,
    tag: String,
    body: Value,
}

impl Answer {
    /// Status and kind of a refusal.
    fn refusal(&self) -> (u16, &str) {
        (
            self.status,
            self.body["scimType"].as_str().unwrap_or_default(),
        )
    }

    fn id(&self) -> String {
        self.body["id"].as_str().unwrap().to_owned()
    }

    /// The `value` of each in a multi-valued attribute.
    fn values(&self, name: &str) -> Vec<&str> {
        let values = self.body[name].as_array().into_iter().flatten();
        values.map(|one| one["value"].as_str().unwrap()).collect()
    }
}

async fn read(response: Response) -> Answer {
    let status = response.status().as_u16();
    let text = |name: &str| {
        let value = response.headers().get(name);
        value.map(|value| value.to_str().unwrap().to_owned())
    };
    let (tag, kind) = (text("etag").unwrap_or_default(), text("content-type"));
    let body = response.text().await.unwrap();
    if !body.is_empty() {
        assert_eq!(kind.as_deref(), Some("application/scim+json"), "{body}");
    }
    let body: Value = serde_json::from_str(&body).unwrap_or_default();
    if status >= 400 {
        let urn = "urn:ietf:params:scim:api:messages:2.0:Error";
        assert_eq!(body["schemas"], json!([urn]), "{status}: {body}");
        assert_eq!(body["status"], status.to_string());
    }
    Answer { status, tag, body }
}

impl Client {
    fn of(house: &House) -> Self {
        Self::who(house, &service("okta"))
    }

    fn who(house: &House, who: &Principal) -> Self {
        Self(house.browser(who))
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.conditional(method, path, ("accept", "application/scim+json"), body)
            .await
    }

    /// With one more header.
    async fn conditional(
        &self,
        method: Method,
        path: &str,
        (name, value): (&str, &str),
        body: &Value,
    ) -> Answer {
        let request = self.0.request(method, &format!("{SCIM}{path}"));
        let request = request.header(name, value);
        let request = match body {
            Value::Null => request,
            body => request
                .header("content-type", "application/scim+json")
                .body(body.to_string()),
        };
        read(request.send().await.unwrap()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &Value::Null).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &body).await
    }

    async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, &body).await
    }

    async fn patch(&self, path: &str, operations: Value) -> Answer {
        self.send(Method::PATCH, path, &patch(&operations)).await
    }

    async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &Value::Null).await
    }

    /// The place of what is made.
    async fn make(&self, kind: &str, body: Value) -> String {
        let made = self.post(kind, body).await;
        assert_eq!(made.status, 201, "{}", made.body);
        format!("{kind}/{}", made.id())
    }

    async fn filtered(&self, kind: &str, filter: &str) -> Answer {
        let filter: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        self.get(&format!("{kind}?filter={filter}")).await
    }

    /// The names of what a filter finds, in their order.
    async fn found(&self, kind: &str, filter: &str) -> Vec<String> {
        let answer = self.filtered(kind, filter).await;
        assert_eq!(answer.status, 200, "{filter}: {}", answer.body);
        let resources = answer.body["Resources"].as_array().unwrap();
        assert_eq!(answer.body["totalResults"], resources.len());
        let name = |one: &Value| {
            let name = one.get("userName").unwrap_or(&one["displayName"]);
            name.as_str().unwrap().to_owned()
        };
        let mut names: Vec<String> = resources.iter().map(name).collect();
        names.sort();
        names
    }
}

fn patch(operations: &Value) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    })
}

fn erika() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "externalId": "hr-17",
        "userName": "Erika@example.org",
        "name": {"givenName": "Erika", "familyName": "Mustermann"},
        "displayName": "Erika Mustermann",
        "title": "Engineer",
        "emails": [
            {"value": "erika@example.org", "type": "work", "primary": true},
            {"value": "muster@example.org", "type": "other"},
        ],
        "phoneNumbers": [{"value": "+49 30 123456", "type": "work"}],
        "preferredLanguage": "de-DE",
        "timezone": "Europe/Berlin",
        ENTERPRISE: {"department": "Engines"},
    })
}
