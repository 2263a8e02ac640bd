//! The OTLP receiver: `LogsService` and `TraceService` of the OpenTelemetry protocol 1.x over gRPC.
//!
//! Anything that speaks OTLP may send, so there is no service assertion here: the port is reachable inside
//! only. Writes no access line: a line per export would be exported, and so on.

mod convert;

use opentelemetry_proto::tonic::collector::logs::v1::logs_service_server::LogsService;
use opentelemetry_proto::tonic::collector::logs::v1::{
    ExportLogsServiceRequest, ExportLogsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::TraceService;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use platform::{Class, Classify, Clock};
use tonic::{Request, Response, Status};

use crate::error::Error;
use crate::service::receive::{Batch, Receiver};

/// The receiver.
#[derive(Clone, Debug)]
pub struct Otlp {
    receiver: Receiver,
    clock: Clock,
}

impl Otlp {
    /// In front of the writer.
    pub fn new(receiver: Receiver, clock: Clock) -> Self {
        Self { receiver, clock }
    }

    async fn take(&self, batch: Batch) -> Result<(), Status> {
        self.receiver
            .receive(batch)
            .await
            .map_err(|error| status(&error))
    }
}

#[tonic::async_trait]
impl LogsService for Otlp {
    async fn export(
        &self,
        request: Request<ExportLogsServiceRequest>,
    ) -> Result<Response<ExportLogsServiceResponse>, Status> {
        let logs = convert::logs(request.into_inner(), self.clock.now());
        self.take(Batch {
            logs,
            spans: Vec::new(),
        })
        .await?;
        Ok(Response::new(ExportLogsServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl TraceService for Otlp {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let spans = convert::spans(request.into_inner(), self.clock.now());
        self.take(Batch {
            logs: Vec::new(),
            spans,
        })
        .await?;
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

/// Whatever is not kept now is told as `UNAVAILABLE`: the one code every OTLP sender repeats after.
fn status(error: &Error) -> Status {
    match error.outcome() {
        (Class::Internal, code) => Status::internal(code),
        (_, code) => Status::unavailable(code),
    }
}
