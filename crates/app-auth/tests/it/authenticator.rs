//! An authenticator of a few lines (WebAuthn level 3, sections 6 and 7) that also does what an honest one never does.
//! Signs with another library than the one that verifies.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use testkit::{APP_URL, Page};

use crate::visitor::Visitor;

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const HAS_CREDENTIAL: u8 = 0x40;

/// One passkey and the device that holds it.
#[derive(Clone)]
pub struct Authenticator {
    document: Vec<u8>,
    pub id: Vec<u8>,
    /// Whom it was made for, as it will say.
    pub user: Vec<u8>,
    pub counter: u32,
    pub origin: String,
    pub host: String,
    /// Asks for finger or PIN before it answers.
    pub verifies: bool,
    pub model: uuid::Uuid,
    /// Spoils the signature.
    pub lies: bool,
}

impl Authenticator {
    pub fn new() -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random);
        Self {
            document: document.unwrap().as_ref().to_vec(),
            id: uuid::Uuid::new_v4().as_bytes().repeat(2),
            user: Vec::new(),
            counter: 1,
            origin: APP_URL.to_owned(),
            host: "localhost".to_owned(),
            verifies: true,
            model: uuid::Uuid::nil(),
            lies: false,
        }
    }

    fn key(&self) -> EcdsaKeyPair {
        let random = SystemRandom::new();
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.document, &random).unwrap()
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let data = json!({
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let verified = if self.verifies { VERIFIED } else { 0 };
        let mut data = Sha256::digest(&self.host).to_vec();
        data.push(PRESENT | verified | flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// Makes the passkey.
    pub fn create(&mut self, options: &Value) -> String {
        let user = options["user"]["id"].as_str().unwrap();
        self.user = URL_SAFE_NO_PAD.decode(user).unwrap();
        let key = self.key();
        // 0x04, x, y (SEC 1, section 2.3.3), written as a COSE key (RFC 9053, section 7.1.1).
        let point = key.public_key().as_ref();
        let mut data = self.data(HAS_CREDENTIAL);
        data.extend(self.model.as_bytes());
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[33..65]);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(&data);
        self.response(&json!({
            "clientDataJSON": text(&self.client_data("webauthn.create", options)),
            "attestationObject": text(&object),
            "authenticatorData": text(&data),
        }))
    }

    /// Answers with the passkey.
    pub fn get(&mut self, options: &Value) -> String {
        let client_data = self.client_data("webauthn.get", options);
        self.counter += 1;
        let data = self.data(0);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(&client_data));
        let signature = self.key().sign(&SystemRandom::new(), &signed).unwrap();
        let mut signature = signature.as_ref().to_vec();
        if self.lies {
            *signature.last_mut().unwrap() ^= 1;
        }
        self.response(&json!({
            "clientDataJSON": text(&client_data),
            "authenticatorData": text(&data),
            "signature": text(&signature),
            "userHandle": text(&self.user),
        }))
    }

    fn response(&self, response: &Value) -> String {
        let id = text(&self.id);
        json!({"id": id, "rawId": id, "type": "public-key", "response": response}).to_string()
    }
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What a page's passkey button asks an authenticator: the name of the challenge and the options.
pub async fn ask(visitor: &Visitor<'_>, page: &Page) -> (String, Value) {
    let token = page.form("ui-passkey form");
    let token = token.value("csrf_token").unwrap();
    let path = page.attribute("ui-passkey", "data-challenge");
    let answer = visitor.post(&path, &[("csrf_token", token)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body = answer.json();
    let name = body["challenge"].as_str().unwrap().to_owned();
    (name, body["options"].clone())
}

/// Sends what the button's form would send.
pub async fn send(visitor: &Visitor<'_>, page: &Page, challenge: &str, credential: &str) -> Page {
    let form = page
        .form("ui-passkey form")
        .with("challenge", challenge)
        .with("credential", credential);
    visitor.submit(form).await
}

/// Adds a passkey to the account of whoever is signed in; returns it and where that led.
pub async fn add(visitor: &Visitor<'_>, authenticator: &mut Authenticator) -> Page {
    let page = visitor.get("/auth/security/passkeys/new").await;
    assert_eq!(page.status, 200, "{}", page.body);
    let (challenge, options) = ask(visitor, &page).await;
    let credential = authenticator.create(&options);
    send(visitor, &page, &challenge, &credential).await
}

/// The same, which must succeed.
pub async fn with_passkey(visitor: &Visitor<'_>) -> Authenticator {
    let mut authenticator = Authenticator::new();
    let added = add(visitor, &mut authenticator).await;
    assert_eq!(added.header("location"), "/auth/security", "{}", added.body);
    authenticator
}

/// Uses the button of a page.
pub async fn press(visitor: &Visitor<'_>, page: &Page, authenticator: &mut Authenticator) -> Page {
    let (challenge, options) = ask(visitor, page).await;
    let credential = authenticator.get(&options);
    send(visitor, page, &challenge, &credential).await
}

/// Signs in on the first page.
pub async fn sign_in(visitor: &Visitor<'_>, authenticator: &mut Authenticator) -> Page {
    let page = visitor.get("/auth/sign-in?return_to=/auth/security").await;
    press(visitor, &page, authenticator).await
}
