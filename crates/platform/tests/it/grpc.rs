//! The gRPC listener of an app, in front of whatever guards its services.

use opentelemetry::Context;
use opentelemetry_proto::tonic::collector::logs::v1::logs_service_client::LogsServiceClient;
use opentelemetry_proto::tonic::collector::logs::v1::logs_service_server::{
    LogsService, LogsServiceServer,
};
use opentelemetry_proto::tonic::collector::logs::v1::{
    ExportLogsServiceRequest, ExportLogsServiceResponse,
};
use opentelemetry_proto::tonic::logs::v1::ResourceLogs;
use platform::telemetry::Scope;
use platform::{App, Boot, Label, Reader, Routes, Service, StartError};
use tonic::{Code, Request, Response, Status};

/// A receiver of telemetry that panics when it is sent something.
struct Receiver;

#[tonic::async_trait]
impl LogsService for Receiver {
    async fn export(
        &self,
        request: Request<ExportLogsServiceRequest>,
    ) -> Result<Response<ExportLogsServiceResponse>, Status> {
        assert!(
            request.get_ref().resource_logs.is_empty(),
            "as the test asked"
        );
        let app = Scope::current_app().unwrap_or_default();
        let suppressed = Context::is_current_telemetry_suppressed();
        Err(Status::aborted(format!("{app} suppressed={suppressed}")))
    }
}

fn receiver() -> App {
    App::new("receiver", "1.0.0")
        .name(Label::new("Receiver", "Empfänger"))
        .start(|_: &mut Reader<'_>| (), start)
}

async fn start(_boot: Boot, (): ()) -> Result<Service, StartError> {
    let services = tonic::service::Routes::new(LogsServiceServer::new(Receiver));
    Ok(Service::new(Routes::new()).grpc(services))
}

#[tokio::test]
async fn grpc_has_a_listener_of_its_own_and_receiving_telemetry_makes_none() {
    let app = testkit::run(receiver()).await;
    let mut client = LogsServiceClient::connect(app.grpc()).await.unwrap();
    let status = client
        .export(ExportLogsServiceRequest::default())
        .await
        .unwrap_err();
    assert_eq!(
        (status.code(), status.message()),
        (Code::Aborted, "receiver suppressed=true")
    );

    testkit::eventually("the address is registered", async || {
        let snapshot = app.world.host.registry().snapshot();
        let mut entries = snapshot.entries.iter();
        entries.any(|entry| entry.id.as_str() == "receiver" && entry.grpc == Some(app.grpc()))
    })
    .await;
}

#[tokio::test]
async fn a_panic_in_a_method_costs_one_call() {
    let app = testkit::run(receiver()).await;
    let mut client = LogsServiceClient::connect(app.grpc()).await.unwrap();
    let poison = ExportLogsServiceRequest {
        resource_logs: vec![ResourceLogs::default()],
    };
    let status = client.export(poison).await.unwrap_err();
    assert_eq!(
        (status.code(), status.message()),
        (Code::Internal, "internal error")
    );
    let status = client
        .export(ExportLogsServiceRequest::default())
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Aborted);
    assert!(app.world.host.lifecycle().failure().is_none());
}
