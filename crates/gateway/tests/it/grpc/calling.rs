//! A client that calls through a gateway, over TCP or TLS.

use std::sync::Arc;

use futures_util::{Stream, StreamExt};
use http::uri::PathAndQuery;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::client::Grpc;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Response, Status, Streaming};
use tonic_prost::ProstCodec;

use crate::given::TestGateway;
use crate::gullible::gullible;

/// A client of the service.
#[derive(Clone)]
pub(crate) struct Caller(Channel);

impl Caller {
    /// Without TLS.
    pub(crate) async fn plain(gateway: &TestGateway) -> Self {
        let endpoint = Endpoint::from_shared(gateway.url("")).unwrap();
        Self(endpoint.connect().await.unwrap())
    }

    /// Over TLS.
    pub(crate) async fn secured(gateway: &TestGateway) -> Self {
        let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(gullible())
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let (connector, address) = (TlsConnector::from(Arc::new(config)), gateway.address);
        let connect = tower::service_fn(move |_: http::Uri| {
            let connector = connector.clone();
            async move {
                let stream = TcpStream::connect(address).await?;
                let name = ServerName::try_from("localhost").unwrap();
                connector.connect(name, stream).await.map(TokioIo::new)
            }
        });
        let endpoint = Endpoint::from_static("http://localhost");
        Self(endpoint.connect_with_connector(connect).await.unwrap())
    }

    fn path(method: &str) -> PathAndQuery {
        let path = if method.starts_with('/') {
            method.to_owned()
        } else {
            format!("{}/{method}", super::instance::PREFIX)
        };
        path.parse().unwrap()
    }

    async fn ready(&self) -> Result<Grpc<Channel>, Status> {
        let mut grpc = Grpc::new(self.0.clone());
        let ready = grpc.ready().await;
        ready.map_err(|error| Status::unknown(error.to_string()))?;
        Ok(grpc)
    }

    /// One message for one.
    pub(crate) async fn unary(
        &self,
        method: &str,
        request: Request<String>,
    ) -> Result<Response<String>, Status> {
        let codec = ProstCodec::<String, String>::default();
        let mut grpc = self.ready().await?;
        grpc.unary(request, Self::path(method), codec).await
    }

    /// One message for one, both as text.
    pub(crate) async fn say(&self, method: &str, text: &str) -> Result<String, Status> {
        let answer = self.unary(method, Request::new(text.to_owned())).await;
        answer.map(Response::into_inner)
    }

    /// Messages both ways.
    pub(crate) async fn stream<S>(
        &self,
        method: &str,
        messages: S,
    ) -> Result<Streaming<String>, Status>
    where
        S: Stream<Item = String> + Send + 'static,
    {
        let codec = ProstCodec::<String, String>::default();
        let mut grpc = self.ready().await?;
        let answers = grpc
            .streaming(Request::new(messages), Self::path(method), codec)
            .await?;
        Ok(answers.into_inner())
    }
}

/// Everything that comes.
pub(crate) async fn all(answers: Streaming<String>) -> Vec<String> {
    answers.map(Result::unwrap).collect().await
}
