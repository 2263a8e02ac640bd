//! Identity assertions: what is accepted, and everything that must not be.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use josekit::jwk::Jwk;
use josekit::jws::JwsSigner as _;
use josekit::jws::{EdDSA, HS256};
use platform::Role;
use platform::identity::{Claims, Refusal, Signer};
use serde_json::{Value, json};

use crate::given::{Keys, hello, keys, noon, person};

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn claims() -> Value {
    serde_json::to_value(Claims::new(&person(Role::User), &hello(), noon())).unwrap()
}

fn header(keys: &Keys) -> Value {
    json!({"alg": "EdDSA", "typ": "cloud-identity+jwt", "kid": keys.signer.kid()})
}

/// A token of any header and claims, signed with a key of ours.
fn forge(signer: &Signer, header: &str, claims: &str) -> String {
    let input = format!("{}.{}", encode(header), encode(claims));
    let jwk = Jwk::from_bytes(signer.private_jwk().as_bytes()).unwrap();
    let signature = EdDSA.signer_from_jwk(&jwk).unwrap().sign(input.as_bytes());
    format!("{input}.{}", encode(signature.unwrap()))
}

fn with(mut value: Value, name: &str, member: Value) -> Value {
    value[name] = member;
    value
}

fn without(mut value: Value, name: &str) -> Value {
    value.as_object_mut().unwrap().remove(name).unwrap();
    value
}

async fn refusal(keys: &Keys, token: &str) -> Refusal {
    keys.verifier.verify(token, &hello()).await.unwrap_err()
}

async fn refusal_of_header(keys: &Keys, header: &Value) -> Refusal {
    let token = forge(&keys.signer, &header.to_string(), &claims().to_string());
    refusal(keys, &token).await
}

async fn refusal_of_claims(keys: &Keys, claims: &Value) -> Refusal {
    let token = forge(&keys.signer, &header(keys).to_string(), &claims.to_string());
    refusal(keys, &token).await
}

#[tokio::test]
async fn an_assertion_says_who_is_asking() {
    let keys = keys();
    let mut ada = person(Role::Admin);
    let token = keys.signer.sign(&Claims::new(&ada, &hello(), noon()));
    assert_eq!(
        keys.verifier.verify(&token.unwrap(), &hello()).await,
        Ok(ada.clone())
    );
    // The forger's tool makes the same thing, so its other results are refused for their content.
    let token = forge(
        &keys.signer,
        &header(&keys).to_string(),
        &claims().to_string(),
    );
    ada.role = Role::User;
    assert_eq!(keys.verifier.verify(&token, &hello()).await, Ok(ada));
}

#[tokio::test]
async fn scopes_survive_and_nothing_is_never_everything() {
    let keys = keys();
    let mut ada = person(Role::User);
    ada.scopes = vec!["files:read".to_owned(), "files:write".to_owned()];
    let token = keys.signer.sign(&Claims::new(&ada, &hello(), noon()));
    let seen = keys.verifier.verify(&token.unwrap(), &hello()).await;
    assert_eq!(seen.unwrap().scopes, ada.scopes);
    for scope in ["", " ", "a  b", "a "] {
        let claims = with(claims(), "scope", json!(scope));
        assert_eq!(
            refusal_of_claims(&keys, &claims).await,
            Refusal::Malformed("scope"),
            "{scope:?}"
        );
    }
}

#[tokio::test]
async fn the_algorithm_follows_from_the_key_and_not_from_the_token() {
    let keys = keys();
    for alg in [
        "none",
        "None",
        "NONE",
        "nOnE",
        "",
        "HS256",
        "HS512",
        "RS256",
        "ES256",
        "PS256",
        "eddsa",
        "Ed25519",
        "EdDSA ",
        "PBES2-HS256+A128KW",
        "dir",
    ] {
        let header = with(header(&keys), "alg", json!(alg));
        assert_eq!(
            refusal_of_header(&keys, &header).await,
            Refusal::Algorithm,
            "{alg}"
        );
        let stripped = format!(
            "{}.{}.",
            encode(header.to_string()),
            encode(claims().to_string())
        );
        assert_eq!(refusal(&keys, &stripped).await, Refusal::Algorithm, "{alg}");
    }
    for alg in [
        json!(1),
        json!(null),
        json!(["EdDSA"]),
        json!({"a": 1}),
        json!(true),
    ] {
        let header = with(header(&keys), "alg", alg.clone());
        assert_eq!(
            refusal_of_header(&keys, &header).await,
            Refusal::Malformed("header"),
            "{alg}"
        );
    }
    let header = without(header(&keys), "alg");
    assert_eq!(
        refusal_of_header(&keys, &header).await,
        Refusal::Malformed("header")
    );
}

#[tokio::test]
async fn the_public_key_is_no_hmac_secret() {
    let keys = keys();
    let jwk = keys.signer.public_jwk();
    let raw = URL_SAFE_NO_PAD.decode(&jwk.x).unwrap();
    let spki = [
        &[
            0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
        ][..],
        &raw,
    ]
    .concat();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        base64::engine::general_purpose::STANDARD.encode(&spki)
    );
    let secrets = [
        raw,
        spki,
        jwk.x.clone().into_bytes(),
        serde_json::to_vec(&jwk).unwrap(),
        pem.into_bytes(),
        jwk.kid.clone().into_bytes(),
        b"secret-secret-secret-secret-secret".to_vec(),
    ];
    for secret in secrets {
        let signer = HS256.signer_from_bytes(&secret);
        // Shorter ones are refused by the forger's own tool.
        let Ok(signer) = signer else { continue };
        for (alg, expected) in [("HS256", Refusal::Algorithm), ("EdDSA", Refusal::Signature)] {
            let header = with(header(&keys), "alg", json!(alg));
            let input = format!(
                "{}.{}",
                encode(header.to_string()),
                encode(claims().to_string())
            );
            let signature = signer.sign(input.as_bytes()).unwrap();
            let token = format!("{input}.{}", encode(signature));
            assert_eq!(refusal(&keys, &token).await, expected, "{alg}");
        }
    }
}

#[tokio::test]
async fn a_signature_holds_for_its_bytes_only() {
    let keys = keys();
    let good = forge(
        &keys.signer,
        &header(&keys).to_string(),
        &claims().to_string(),
    );
    let (input, signature) = good.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    assert_eq!(signature.len(), 64);

    for position in [0, 31, 32, 63] {
        let mut flipped = signature.clone();
        flipped[position] ^= 1;
        let token = format!("{input}.{}", encode(flipped));
        assert_eq!(refusal(&keys, &token).await, Refusal::Signature);
    }
    for other in [
        vec![],
        vec![0; 64],
        vec![0xff; 64],
        signature[..63].to_vec(),
        [&signature[..], &[0]].concat(),
    ] {
        let token = format!("{input}.{}", encode(other));
        assert_eq!(refusal(&keys, &token).await, Refusal::Signature);
    }
    // Other claims under the same signature.
    let admin = with(claims(), "role", json!("admin"));
    let token = format!(
        "{}.{}.{}",
        encode(header(&keys).to_string()),
        encode(admin.to_string()),
        encode(&signature)
    );
    assert_eq!(refusal(&keys, &token).await, Refusal::Signature);
}

#[tokio::test]
async fn a_foreign_key_does_not_become_ours_by_its_id() {
    let keys = keys();
    let foreign = Signer::generate().unwrap();
    let token = foreign.sign(&Claims::new(&person(Role::Admin), &hello(), noon()));
    assert_eq!(refusal(&keys, &token.unwrap()).await, Refusal::UnknownKey);
    // Under the id of the real key.
    let token = forge(&foreign, &header(&keys).to_string(), &claims().to_string());
    assert_eq!(refusal(&keys, &token).await, Refusal::Signature);

    for kid in [
        "",
        "../../dev/null",
        "' OR 1=1 --",
        "$(id)",
        "a\u{0}b",
        "http://evil.example/jwks",
    ] {
        let header = with(header(&keys), "kid", json!(kid));
        assert_eq!(
            refusal_of_header(&keys, &header).await,
            Refusal::UnknownKey,
            "{kid}"
        );
    }
    for kid in [json!(1), json!(["x"]), json!({"x": 1}), json!(false)] {
        let header = with(header(&keys), "kid", kid.clone());
        assert_eq!(
            refusal_of_header(&keys, &header).await,
            Refusal::Malformed("header"),
            "{kid}"
        );
    }
    for header in [
        with(header(&keys), "kid", json!(null)),
        without(header(&keys), "kid"),
    ] {
        assert_eq!(
            refusal_of_header(&keys, &header).await,
            Refusal::Malformed("no kid")
        );
    }
}

#[tokio::test]
async fn a_header_says_nothing_but_algorithm_type_and_key() {
    let keys = keys();
    let foreign = Signer::generate().unwrap().public_jwk();
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("zip", json!("DEF")),
        ("jwk", serde_json::to_value(foreign).unwrap()),
        ("jku", json!("http://evil.example/jwks.json")),
        ("x5u", json!("http://evil.example/cert.pem")),
        ("x5c", json!(["AAAA"])),
        ("p2c", json!(2_147_483_647)),
        ("enc", json!("A256GCM")),
        ("cty", json!("JWT")),
    ] {
        let header = with(header(&keys), name, value);
        assert_eq!(
            refusal_of_header(&keys, &header).await,
            Refusal::Malformed("header"),
            "{name}"
        );
    }
    for typ in [
        "JWT",
        "",
        "cloud-service+jwt",
        "at+jwt",
        "CLOUD-IDENTITY+JWT",
    ] {
        let header = with(header(&keys), "typ", json!(typ));
        assert_eq!(
            refusal_of_header(&keys, &header).await,
            Refusal::Type,
            "{typ}"
        );
    }
    let header = without(header(&keys), "typ");
    assert_eq!(
        refusal_of_header(&keys, &header).await,
        Refusal::Malformed("header")
    );
}

#[tokio::test]
async fn nothing_is_said_twice() {
    let keys = keys();
    let kid = keys.signer.kid();
    let twice =
        format!(r#"{{"alg":"none","alg":"EdDSA","typ":"cloud-identity+jwt","kid":"{kid}"}}"#);
    let token = forge(&keys.signer, &twice, &claims().to_string());
    assert_eq!(refusal(&keys, &token).await, Refusal::Malformed("header"));

    let twice = claims().to_string().replacen('{', r#"{"role":"admin","#, 1);
    let token = forge(&keys.signer, &header(&keys).to_string(), &twice);
    assert_eq!(refusal(&keys, &token).await, Refusal::Malformed("claims"));
}

#[tokio::test]
async fn what_is_no_compact_jws_is_not_looked_into() {
    let keys = keys();
    let good = forge(
        &keys.signer,
        &header(&keys).to_string(),
        &claims().to_string(),
    );
    let parts: Vec<&str> = good.split('.').collect();
    let flattened = json!({"protected": parts[0], "payload": parts[1], "signature": parts[2]});
    for token in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        "a.b".to_owned(),
        "a.b.c".to_owned(),
        flattened.to_string(),
        format!("{}.{}", parts[0], parts[1]),
        format!("{good}."),
        format!("{good}.AAAA.AAAA"),
        format!("{good}="),
        format!(" {good}"),
        format!("{good}\n"),
        format!("Bearer {good}"),
        format!(
            "{}.{}.{}",
            parts[0],
            parts[1],
            parts[2].replace(['-', '_'], "+")
        ) + "+",
    ] {
        let refused = refusal(&keys, &token).await;
        assert!(
            matches!(refused, Refusal::Malformed(_)),
            "{token}: {refused}"
        );
    }
}

#[tokio::test]
async fn a_long_assertion_is_refused_before_it_is_decoded() {
    let keys = keys();
    for groups in [600, 60_000] {
        let long = with(claims(), "groups", json!(vec!["a-group-name"; groups]));
        assert_eq!(refusal_of_claims(&keys, &long).await, Refusal::TooLong);
    }
    let header = with(header(&keys), "kid", json!("k".repeat(8192)));
    assert_eq!(refusal_of_header(&keys, &header).await, Refusal::TooLong);
    // And a gateway does not send out what nobody reads.
    let mut ada = person(Role::User);
    ada.groups = vec!["a-group-name".to_owned(); 600];
    assert!(
        keys.signer
            .sign(&Claims::new(&ada, &hello(), noon()))
            .is_err()
    );
}

#[tokio::test]
async fn an_assertion_is_for_one_audience_from_one_issuer() {
    let keys = keys();
    for aud in ["", "other", "Hello", "hello ", "hello-world"] {
        let claims = with(claims(), "aud", json!(aud));
        assert_eq!(
            refusal_of_claims(&keys, &claims).await,
            Refusal::Audience,
            "{aud}"
        );
    }
    for iss in ["", "cloud ", "https://cloud", "Cloud"] {
        let claims = with(claims(), "iss", json!(iss));
        assert_eq!(
            refusal_of_claims(&keys, &claims).await,
            Refusal::Issuer,
            "{iss}"
        );
    }
    for (name, value) in [
        ("aud", json!(["hello", "other"])),
        ("sub", json!("ada")),
        ("sid", json!(7)),
        ("role", json!("root")),
        ("role", json!("Admin")),
        ("exp", json!("tomorrow")),
        ("exp", json!(1e300)),
    ] {
        let claims = with(claims(), name, value.clone());
        assert_eq!(
            refusal_of_claims(&keys, &claims).await,
            Refusal::Malformed("claims"),
            "{name}: {value}"
        );
    }
    for name in [
        "iss",
        "aud",
        "sub",
        "sid",
        "role",
        "auth_time",
        "iat",
        "exp",
        "jti",
    ] {
        let claims = without(claims(), name);
        assert_eq!(
            refusal_of_claims(&keys, &claims).await,
            Refusal::Malformed("claims"),
            "{name}"
        );
    }
}

#[tokio::test]
async fn an_assertion_holds_for_a_minute_and_five_seconds_of_skew() {
    let keys = keys();
    let token = keys
        .signer
        .sign(&Claims::new(&person(Role::User), &hello(), noon()));
    let token = token.unwrap();
    for (seconds, expected) in [
        (-6, Some(Refusal::Times)),
        (-5, None),
        (0, None),
        (64, None),
        (65, Some(Refusal::Expired)),
        (86_400, Some(Refusal::Expired)),
    ] {
        keys.clock.set(noon() + SignedDuration::from_secs(seconds));
        let seen = keys.verifier.verify(&token, &hello()).await;
        assert_eq!(seen.err(), expected, "{seconds} s");
    }
}

#[tokio::test]
async fn an_assertion_that_was_accepted_once_is_still_checked() {
    let keys = keys();
    let token = keys
        .signer
        .sign(&Claims::new(&person(Role::User), &hello(), noon()))
        .unwrap();
    let other = platform::AppId::new("other").unwrap();
    for _ in 0..3 {
        assert!(keys.verifier.verify(&token, &hello()).await.is_ok());
        assert_eq!(
            keys.verifier.verify(&token, &other).await,
            Err(Refusal::Audience)
        );
        let longer = format!("{token}A");
        assert!(keys.verifier.verify(&longer, &hello()).await.is_err());
    }
    keys.clock.advance(SignedDuration::from_secs(65));
    assert_eq!(
        keys.verifier.verify(&token, &hello()).await,
        Err(Refusal::Expired)
    );
}

#[tokio::test]
async fn nobody_issues_an_assertion_for_longer() {
    let keys = keys();
    let now = noon().as_second();
    for (iat, exp) in [
        (now, now + 61),
        (now, now + 86_400),
        (now, i64::MAX),
        (i64::MIN, now + 60),
        (now, now - 1),
        (now + 6, now + 60),
    ] {
        let claims = with(with(claims(), "iat", json!(iat)), "exp", json!(exp));
        assert_eq!(
            refusal_of_claims(&keys, &claims).await,
            Refusal::Times,
            "{iat} {exp}"
        );
    }
    let claims = with(claims(), "auth_time", json!(i64::MAX));
    assert_eq!(
        refusal_of_claims(&keys, &claims).await,
        Refusal::Malformed("auth_time")
    );
}

#[test]
fn a_key_keeps_its_id_and_shows_nothing_of_itself() {
    let signer = Signer::generate().unwrap();
    let again = Signer::from_private_jwk(&signer.private_jwk()).unwrap();
    assert_eq!(again.kid(), signer.kid());
    assert_eq!(again.public_jwk(), signer.public_jwk());
    let public = serde_json::to_value(signer.public_jwk()).unwrap();
    assert!(public.get("d").is_none());
    assert_eq!(format!("{signer:?}"), "Signer { .. }");

    let rsa = r#"{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB"}"#;
    for unusable in [
        "",
        "{}",
        "null",
        rsa,
        r#"{"kty":"OKP","crv":"Ed448","d":"AA"}"#,
    ] {
        assert!(Signer::from_private_jwk(unusable).is_err(), "{unusable}");
    }
}

#[test]
fn a_published_example_has_its_published_thumbprint() {
    // RFC 8037, appendix A.1 to A.3.
    let jwk = r#"{"kty":"OKP","crv":"Ed25519",
        "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let signer = Signer::from_private_jwk(jwk).unwrap();
    assert_eq!(signer.kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    assert_eq!(
        signer.public_jwk().x,
        "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    );
}
