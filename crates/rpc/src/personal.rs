//! What services keep of people, collected: the contract is one, and each service that keeps something serves it.

package!("cloud.personal.v1");

use std::fmt;
use std::pin::Pin;

use futures_util::{Stream, stream};
use platform::Classify;
use platform::personal::Record;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use self::v1::personal_data_service_server::{PersonalDataService, PersonalDataServiceServer};
use self::v1::{CollectPersonalDataRequest, CollectPersonalDataResponse};

#[cfg(feature = "personal")]
pub use v1::PersonalDataClient;

/// Who may ask: a line for the list of a guard.
pub const CALLERS: (&str, &[&str]) = (
    "/cloud.personal.v1.PersonalDataService/CollectPersonalData",
    &["accounts"],
);

/// The client of what `service` keeps.
#[cfg(feature = "personal")]
pub fn client(origin: impl Into<crate::Origin>, service: &str) -> PersonalDataClient {
    PersonalDataClient::new(crate::Channel::new(origin, service))
}

/// Serves what `read` finds of a person.
pub fn server<F, R, E>(read: F) -> PersonalDataServiceServer<Collector<F>>
where
    F: Fn(Uuid) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Vec<Record>, E>> + Send,
    E: Classify + Send,
{
    PersonalDataServiceServer::new(Collector(read))
}

/// Reads and tells.
pub struct Collector<F>(F);

impl<F> fmt::Debug for Collector<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Collector(..)")
    }
}

#[tonic::async_trait]
impl<F, R, E> PersonalDataService for Collector<F>
where
    F: Fn(Uuid) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Vec<Record>, E>> + Send,
    E: Classify + Send,
{
    type CollectPersonalDataStream =
        Pin<Box<dyn Stream<Item = Result<CollectPersonalDataResponse, Status>> + Send>>;

    async fn collect_personal_data(
        &self,
        request: Request<CollectPersonalDataRequest>,
    ) -> Result<Response<Self::CollectPersonalDataStream>, Status> {
        let id = Uuid::parse_str(&request.into_inner().user_id)
            .map_err(|_| Status::invalid_argument("user_id is not a UUID"))?;
        let records = (self.0)(id)
            .await
            .map_err(|error| crate::server::status(&error))?;
        let told = records.into_iter().map(|record| Ok(record.into()));
        Ok(Response::new(Box::pin(stream::iter(told))))
    }
}

impl From<Record> for CollectPersonalDataResponse {
    fn from(record: Record) -> Self {
        Self {
            section: record.section,
            more: record.json.is_none(),
            json: record.json.unwrap_or_default(),
        }
    }
}

impl From<CollectPersonalDataResponse> for Record {
    fn from(told: CollectPersonalDataResponse) -> Self {
        Self {
            section: told.section,
            json: (!told.more).then_some(told.json),
        }
    }
}
