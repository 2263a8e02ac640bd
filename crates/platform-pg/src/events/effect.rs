//! One delivery's effect: the handler and the note that the event was consumed, in one transaction.

use super::{Delivery, Handler};
use crate::failed::caught;
use crate::generic::GenericClient;
use crate::{Database, Error, Failed, Tx};

/// Why a delivery had no effect.
pub(super) enum Trouble {
    /// The database was away or busy: the event is not to blame, and neither is its handler.
    Database(Error),
    /// The handler failed.
    Handler(Failed),
}

/// Runs the handler, unless the event took effect before or is dead. `revived` names the dead event that this is
/// another attempt for: success takes it off the list.
pub(super) async fn take(
    database: &Database,
    handler: &Handler,
    delivery: &Delivery,
    revived: Option<i64>,
) -> Result<(), Trouble> {
    let client = database.client().await.map_err(Trouble::Database)?;
    let tx = Tx::new(client.into_transaction().await.map_err(Trouble::Database)?);
    if let Some(id) = revived {
        tx.execute(include_str!("../../sql/dead_events_delete.sql"), &[&id])
            .await
            .map_err(Trouble::Database)?;
    }
    let note = tx
        .execute(
            include_str!("../../sql/consumed_events_insert.sql"),
            &[&delivery.id],
        )
        .await;
    if note.map_err(Trouble::Database)? == 0 {
        tracing::debug!(event = %delivery.id, kind = delivery.kind, "consumed before, or dead");
        return tx.finish().await.map_err(Trouble::Database);
    }
    match caught(handler(tx.clone(), delivery.clone())).await {
        Ok(()) => tx.finish().await.map_err(|error| match error {
            // The handler swallowed the error of a statement that spoiled its transaction, or a constraint that
            // is checked at the end does not hold.
            Error::Aborted | Error::Violation { .. } | Error::Query { .. } => {
                Trouble::Handler(error.into())
            }
            error => Trouble::Database(error),
        }),
        Err(_) if tx.is_lost() => Err(Trouble::Database(Error::Unavailable(
            "the connection was lost".to_owned(),
        ))),
        Err(failed) => Err(Trouble::Handler(failed)),
    }
}
