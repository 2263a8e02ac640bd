//! Errors say what happened and never to whom.

use platform::error::{Class, Classify, chain};
use platform_pg::{Error, GenericClient};
use testkit::Setup;

use crate::stage::instance;

const VALUE: &str = "ada@example.org";

fn assert_silent(error: &Error) {
    let printed = format!("{error} {error:?} {}", chain(error));
    assert!(!printed.contains("ada"), "{printed}");
}

#[tokio::test]
async fn no_error_repeats_a_value() {
    let world = Setup::new().start().await;
    let alpha = instance(&world, "alpha").await;
    let client = alpha.database.client().await.unwrap();
    let insert = "INSERT INTO notes VALUES ($1, $2)";
    client.execute(insert, &[&1, &VALUE]).await.unwrap();

    let duplicate = client.execute(insert, &[&2, &VALUE]).await.unwrap_err();
    assert_silent(&duplicate);
    assert_eq!(duplicate.constraint(), Some("notes_body_key"));
    assert_eq!(duplicate.outcome().0, Class::Conflict);
    assert!(duplicate.to_string().contains("23505") && duplicate.to_string().contains("notes"));

    let missing = client
        .execute(insert, &[&3, &None::<&str>])
        .await
        .unwrap_err();
    assert!(
        matches!(&missing, Error::Violation { sqlstate, constraint: None, .. } if sqlstate == "23502")
    );
    assert_silent(&missing);

    let cast = client
        .query("SELECT body::integer FROM notes", &[])
        .await
        .unwrap_err();
    assert!(
        matches!(&cast, Error::Query { sqlstate, message: None } if sqlstate == "22P02"),
        "{cast:?}"
    );
    assert_silent(&cast);

    let row = client
        .query_one("SELECT body FROM notes", &[])
        .await
        .unwrap();
    let decode = Error::from(row.try_get::<_, i32>(0).unwrap_err());
    assert!(matches!(decode, Error::Decode(_)), "{decode:?}");
    assert_silent(&decode);

    let parameter = client.execute(insert, &[&VALUE, &VALUE]).await.unwrap_err();
    assert!(matches!(parameter, Error::Decode(_)), "{parameter:?}");
    assert_silent(&parameter);

    let unknown = client
        .query("SELECT colour FROM notes", &[])
        .await
        .unwrap_err();
    assert!(unknown.to_string().contains("colour"), "{unknown}");
}

#[tokio::test]
async fn one_row_means_one_row() {
    let world = Setup::new().start().await;
    let alpha = instance(&world, "alpha").await;
    let client = alpha.database.client().await.unwrap();
    assert!(
        client
            .query_opt("SELECT 1 WHERE false", &[])
            .await
            .unwrap()
            .is_none()
    );
    assert!(matches!(
        client.query_one("SELECT 1 WHERE false", &[]).await,
        Err(Error::Decode(_))
    ));
    assert!(matches!(
        client.query_opt("VALUES (1), (2)", &[]).await,
        Err(Error::Decode(_))
    ));
}
