//! Service assertions and sealed signing keys.

use jiff::SignedDuration;
use platform::AppId;
use platform::identity::service::{sign, verify};
use platform::identity::{Refusal, RootPublicKey, Signer, root, sealed};
use registry::{AppSecret, Keyring};

use crate::given::noon;

fn secret() -> AppSecret {
    AppSecret::new("0123456789abcdef0123456789abcdef").unwrap()
}

fn app(id: &str) -> AppId {
    AppId::new(id).unwrap()
}

#[test]
fn a_service_says_who_it_is_to_one_other() {
    let platform = Keyring::Secret(secret());
    let own = Keyring::Key(secret().app_key(&app("hello")));
    for keyring in [&platform, &own] {
        let token = sign(keyring, &app("hello"), &app("settings"), noon()).unwrap();
        assert_eq!(
            verify(&platform, &token, &app("settings"), noon()),
            Ok(app("hello"))
        );
        assert_eq!(
            verify(&platform, &token, &app("auth"), noon()),
            Err(Refusal::Audience)
        );
    }
    assert!(sign(&own, &app("auth"), &app("settings"), noon()).is_err());
}

#[test]
fn an_app_cannot_speak_as_another() {
    let platform = Keyring::Secret(secret());
    let token = sign(&platform, &app("hello"), &app("settings"), noon()).unwrap();
    // The claims of another sender over the sender's own signature.
    let (input, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = input.split_once('.').unwrap();
    let other = sign(&platform, &app("auth"), &app("settings"), noon()).unwrap();
    let claims = other.split('.').nth(1).unwrap();
    let forged = format!("{header}.{claims}.{signature}");
    assert_eq!(
        verify(&platform, &forged, &app("settings"), noon()),
        Err(Refusal::Signature)
    );
    let foreign = Keyring::Secret(AppSecret::new("another secret of 32 bytes......").unwrap());
    let token = sign(&foreign, &app("hello"), &app("settings"), noon()).unwrap();
    assert_eq!(
        verify(&platform, &token, &app("settings"), noon()),
        Err(Refusal::Signature)
    );
    // A service that holds only its own key cannot tell, and so must not believe.
    let own = Keyring::Key(secret().app_key(&app("settings")));
    let token = sign(&platform, &app("hello"), &app("settings"), noon()).unwrap();
    assert_eq!(
        verify(&own, &token, &app("settings"), noon()),
        Err(Refusal::UnknownKey)
    );
}

#[test]
fn a_service_assertion_expires_and_is_no_identity() {
    let keyring = Keyring::Secret(secret());
    let token = sign(&keyring, &app("hello"), &app("settings"), noon()).unwrap();
    let later = noon() + SignedDuration::from_secs(65);
    assert_eq!(
        verify(&keyring, &token, &app("settings"), later),
        Err(Refusal::Expired)
    );
    let earlier = noon() - SignedDuration::from_secs(6);
    assert_eq!(
        verify(&keyring, &token, &app("settings"), earlier),
        Err(Refusal::Times)
    );
    let identity = crate::given::keys();
    let person = crate::given::person(platform::Role::Admin);
    let claims = platform::identity::Claims::new(&person, &app("settings"), noon());
    let token = identity.signer.sign(&claims).unwrap();
    assert_eq!(
        verify(&keyring, &token, &app("settings"), noon()),
        Err(Refusal::Algorithm)
    );
    for broken in ["", "..", "a.b.c", &"x".repeat(2000)] {
        assert!(verify(&keyring, broken, &app("settings"), noon()).is_err());
    }
}

#[test]
fn a_sealed_key_opens_under_the_same_secret_only() {
    let signer = Signer::generate().unwrap();
    let envelope = sealed::seal(&secret(), &signer).unwrap();
    let opened = sealed::open(&secret(), &envelope).unwrap();
    assert_eq!(opened.private_jwk(), signer.private_jwk());

    let text = String::from_utf8_lossy(&envelope).into_owned();
    assert!(!text.contains("Ed25519"));
    assert_ne!(envelope, sealed::seal(&secret(), &signer).unwrap());

    let other = AppSecret::new("another secret of 32 bytes......").unwrap();
    assert!(sealed::open(&other, &envelope).is_err());
    for position in [0, 11, 12, envelope.len() / 2, envelope.len() - 1] {
        let mut changed = envelope.clone();
        changed[position] ^= 1;
        assert!(sealed::open(&secret(), &changed).is_err(), "{position}");
    }
    for length in [0, 11, 12, 27, envelope.len() - 1] {
        assert!(
            sealed::open(&secret(), &envelope[..length]).is_err(),
            "{length}"
        );
    }
}

#[test]
fn an_app_key_holds_the_same_root_as_the_secret() {
    let whole = RootPublicKey::of(&Keyring::Secret(secret()));
    let own = RootPublicKey::of(&Keyring::Key(secret().app_key(&app("hello"))));
    assert_eq!(whole, own);
    assert_eq!(whole, root(&secret()).unwrap().public());
    let other = AppSecret::new("another secret of 32 bytes......").unwrap();
    assert_ne!(whole, root(&other).unwrap().public());
}
