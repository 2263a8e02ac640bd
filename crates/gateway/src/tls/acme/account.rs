//! The account at the authority: made once, kept in the vault, shared by all gateways.

use instant_acme::{Account, NewAccount};
use serde::{Deserialize, Serialize};

use super::http::Http;
use super::order::OrderError;
use crate::tls::stock::Stock;
use crate::tls::vault::Term;

/// What is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    contact: Option<String>,
    /// The authority's number for the account, and its private key.
    credentials: serde_json::Value,
}

/// Opens the account, or makes one. `anew`: the authority says that it does not know the present one.
pub(super) async fn open(
    stock: &Stock,
    http: &Http,
    term: &Term,
    anew: bool,
) -> Result<Account, OrderError> {
    let name = format!("account/{}", stock.authority());
    let kept = stock
        .vault
        .get(&name)
        .filter(|_| !anew)
        .and_then(|json| serde_json::from_slice::<Kept>(&json).ok());
    let Some(kept) = kept else {
        return make(stock, http, term, &name).await;
    };
    let failed = OrderError::asking("the account was opened");
    let credentials = serde_json::from_value(kept.credentials.clone())
        .map_err(|error| failed(instant_acme::Error::Json(error)))?;
    let account = Account::builder_with_http(Box::new(http.clone()))
        .from_credentials(credentials)
        .await
        .map_err(&failed)?;
    let contact = stock.config.acme.email.clone();
    if kept.contact != contact {
        let contacts = contacts(contact.as_deref());
        let contacts: Vec<&str> = contacts.iter().map(String::as_str).collect();
        account.update_contacts(&contacts).await.map_err(failed)?;
        keep(stock, term, &name, &Kept { contact, ..kept }).await?;
    }
    Ok(account)
}

async fn make(stock: &Stock, http: &Http, term: &Term, name: &str) -> Result<Account, OrderError> {
    let config = &stock.config.acme;
    let contacts = contacts(config.email.as_deref());
    let contacts: Vec<&str> = contacts.iter().map(String::as_str).collect();
    let wanted = NewAccount {
        contact: &contacts,
        terms_of_service_agreed: true,
        only_return_existing: false,
    };
    let failed = OrderError::asking("an account was made");
    let (account, credentials) = Account::builder_with_http(Box::new(http.clone()))
        .create(&wanted, config.directory.to_string(), None)
        .await
        .map_err(&failed)?;
    let credentials = serde_json::to_value(&credentials)
        .map_err(|error| failed(instant_acme::Error::Json(error)))?;
    let kept = Kept {
        contact: config.email.clone(),
        credentials,
    };
    keep(stock, term, name, &kept).await?;
    tracing::info!(
        authority = config.directory.as_str(),
        "an account was made at the authority"
    );
    Ok(account)
}

async fn keep(stock: &Stock, term: &Term, name: &str, kept: &Kept) -> Result<(), OrderError> {
    // Text and values that were JSON before are always JSON.
    let json = zeroize::Zeroizing::new(serde_json::to_vec(kept).unwrap_or_default());
    stock
        .vault
        .put_as_leader(term, name, &json)
        .await
        .map_err(OrderError::Vault)
}

fn contacts(email: Option<&str>) -> Vec<String> {
    email
        .map(|email| format!("mailto:{email}"))
        .into_iter()
        .collect()
}
