//! Tables `mail_addresses` and `address_claims`.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Parameters, Row};
use uuid::Uuid;

use crate::domain::address::{Address, AddressBook, AddressId, Claim};
use crate::domain::name::EmailAddress;
use crate::domain::person::PersonId;
use crate::domain::token::Token;

/// All addresses of a person, and those they claim as of `at`.
pub async fn address_book(
    client: &impl GenericClient,
    person: PersonId,
    at: Timestamp,
) -> Result<AddressBook, Error> {
    let addresses = client
        .query(include_str!("../../sql/addresses/list.sql"), &[&person.0])
        .await?;
    let claims = client
        .query(
            include_str!("../../sql/addresses/list_claims.sql"),
            &[&person.0, &at],
        )
        .await?;
    let addresses: Result<_, Error> = addresses.iter().map(address).collect();
    let claims: Result<_, Error> = claims.iter().map(claim).collect();
    Ok(AddressBook::new(addresses?, claims?))
}

/// Gives a person an address that nobody confirmed. `false`: somebody has it, perhaps they themselves.
pub async fn address_insert(
    client: &impl GenericClient,
    person: PersonId,
    address: &EmailAddress,
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/addresses/insert.sql");
    let inserted = client
        .execute(sql, &[&Uuid::now_v7(), &person.0, &address.as_str(), &at])
        .await?;
    Ok(inserted == 1)
}

/// Gives a person an address that they confirmed. `false`: somebody else has it.
pub async fn address_put_verified(
    client: &impl GenericClient,
    person: PersonId,
    address: &str,
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/addresses/put_verified.sql");
    let put = client
        .execute(sql, &[&Uuid::now_v7(), &person.0, &address, &at])
        .await?;
    Ok(put == 1)
}

/// Takes an address away.
pub async fn address_delete(client: &impl GenericClient, id: AddressId) -> Result<(), Error> {
    client
        .execute(include_str!("../../sql/addresses/delete.sql"), &[&id.0])
        .await?;
    Ok(())
}

/// Notes that a person claims an address, and what the link holds by which they prove it.
pub async fn claim_put(
    client: &impl GenericClient,
    person: PersonId,
    claim: &Claim,
    token: &Token,
    at: Timestamp,
) -> Result<(), Error> {
    client
        .execute(
            include_str!("../../sql/addresses/put_claim.sql"),
            &[
                &claim.id.0,
                &person.0,
                &claim.address,
                &token.hash(),
                &at,
                &claim.expires_at,
            ],
        )
        .await?;
    Ok(())
}

/// The claim of a person that a link is for, if it works as of `at`.
pub async fn claim_find(
    client: &impl GenericClient,
    person: PersonId,
    token: &Token,
    at: Timestamp,
) -> Result<Option<Claim>, Error> {
    let sql = include_str!("../../sql/addresses/find_claim.sql");
    claim_of(client, sql, &[&person.0, &token.hash(), &at]).await
}

/// As [`claim_find`], and uses it up.
pub async fn claim_take(
    client: &impl GenericClient,
    person: PersonId,
    token: &Token,
    at: Timestamp,
) -> Result<Option<Claim>, Error> {
    let sql = include_str!("../../sql/addresses/take_claim.sql");
    claim_of(client, sql, &[&person.0, &token.hash(), &at]).await
}

/// Takes a claim back.
pub async fn claim_delete(
    client: &impl GenericClient,
    person: PersonId,
    id: AddressId,
) -> Result<Option<Claim>, Error> {
    let sql = include_str!("../../sql/addresses/delete_claim.sql");
    claim_of(client, sql, &[&person.0, &id.0]).await
}

/// Deletes the claims whose links work no more.
pub async fn claim_purge(client: &impl GenericClient, at: Timestamp) -> Result<(), Error> {
    client
        .execute(include_str!("../../sql/addresses/purge_claims.sql"), &[&at])
        .await?;
    Ok(())
}

fn address(row: &Row) -> Result<Address, Error> {
    Ok(Address {
        id: AddressId(row.try_get("id")?),
        address: row.try_get("address")?,
        verified_at: row.try_get("verified_at")?,
        is_primary: row.try_get("is_primary")?,
    })
}

/// The claim that a statement answers, if it answers one.
async fn claim_of(
    client: &impl GenericClient,
    sql: &str,
    parameters: Parameters<'_>,
) -> Result<Option<Claim>, Error> {
    let row = client.query_opt(sql, parameters).await?;
    row.as_ref().map(claim).transpose()
}

fn claim(row: &Row) -> Result<Claim, Error> {
    Ok(Claim {
        id: AddressId(row.try_get("id")?),
        address: row.try_get("address")?,
        expires_at: row.try_get("expires_at")?,
    })
}
