//! One request and its answer over HTTP/2.

use std::rc::Rc;

use bytes::Bytes;
use h2::ext::Protocol;
use h2::server::SendResponse;
use h2::{RecvStream, SendStream};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};

use super::download::{Broken, Download};
use super::duplex::Duplex;
use super::upload::Uploading;
use crate::attempts::{Attempts, Client, Failure, gather};
use crate::exchange::{Ending, Peer, Plan, Told, Verdict, judge};
use crate::grpc::GRPC_STATUS;
use crate::reject::{Fault, Reject};
use crate::wire::body::Body;
use crate::wire::request::{Head, Survey, Version};
use crate::wire::{Field, Length, MOST_FIELDS, response};
use crate::worker::Worker;
use crate::{exchange, identify, respond, tunnel};

/// Answers one request.
pub(super) async fn run(
    worker: Rc<Worker>,
    peer: Peer,
    request: Request<RecvStream>,
    respond: SendResponse<Bytes>,
) {
    let (parts, recv) = request.into_parts();
    let ended = recv.is_end_stream();
    let client = Uploading::new(recv, respond, worker.deadlines.enter());
    let mut out = worker.buffers.writer();
    Stream {
        worker: &worker,
        peer,
        parts: &parts,
        ended,
        client,
    }
    .answer(&mut out)
    .await;
    worker.buffers.give_writer(out);
}

struct Stream<'a> {
    worker: &'a Rc<Worker>,
    peer: Peer,
    parts: &'a Parts,
    ended: bool,
    client: Uploading,
}

/// Reads the head of a request as that of any other.
fn with_head<T>(parts: &Parts, ended: bool, then: impl FnOnce(Head<'_>) -> T) -> Result<T, Fault> {
    if parts.headers.len() > MOST_FIELDS {
        return Err(Fault::HeadTooLarge);
    }
    let fields = parts.headers.iter().map(|(name, value)| Field {
        name: name.as_str(),
        value: value.as_bytes(),
    });
    let fields: Vec<Field<'_>> = fields.collect();
    let survey = Survey::of(&fields)?;
    let target = parts
        .uri
        .path_and_query()
        .map_or("/", http::uri::PathAndQuery::as_str);
    Ok(then(Head {
        method: parts.method.as_str(),
        version: Version::Http2,
        target,
        authority: parts.uri.authority().map(http::uri::Authority::as_str),
        protocol: parts.extensions.get::<Protocol>().map(Protocol::as_str),
        fields: &fields,
        survey,
        ended: Some(ended),
    }))
}

impl Stream<'_> {
    async fn answer(self, out: &mut Vec<u8>) {
        let worker = self.worker;
        let mut told = None;
        let plan = loop {
            let judged = with_head(self.parts, self.ended, |head| {
                judge(worker, &self.peer, &head, told.take(), out)
            });
            match judged {
                Err(fault) => {
                    let ending = exchange::unread(worker, &self.peer, Reject::client(fault));
                    return self.end(ending).await;
                }
                Ok(Verdict::Forward(plan)) => break plan,
                Ok(Verdict::Answer(ending)) => return self.end(*ending).await,
                Ok(Verdict::Ask(question, record)) => {
                    let identity = Box::pin(identify::ask(&worker.gateway, question)).await;
                    told = Some(Told { record, identity });
                    out.clear();
                }
                Ok(Verdict::Probe(probe, probed)) => {
                    let own = Box::pin(probe.answer(&worker.gateway)).await;
                    return self.end(probed.answered(own)).await;
                }
            }
        };
        self.forward(plan, out).await;
    }

    async fn forward(mut self, mut plan: Box<Plan>, out: &mut Vec<u8>) {
        let worker = self.worker;
        self.client.expect(plan.length, plan.body_limit);
        self.client.deadline.limit(plan.way.time);
        let mut reserved = None;
        if plan.way.buffers {
            match Box::pin(gather(worker, &mut self.client, out, false)).await {
                Ok(gathered) => reserved = Some(gathered),
                Err(Failure::Gone) => return plan.record.close(worker),
                Err(Failure::Reject(reject)) => return self.fail(plan, reject).await,
            }
            if let Err(busy) = plan.admission.enter(&plan.route) {
                return self.fail(plan, busy).await;
            }
        }
        let attempts = Attempts::new(&plan, self.client.is_whole());
        let answered = attempts.run(worker, &mut self.client, out, false).await;
        if reserved.take().is_some() {
            *out = worker.buffers.writer();
        }
        let (call, head) = match answered {
            Ok(answered) => answered,
            Err(Failure::Gone) => return plan.record.close(worker),
            Err(Failure::Reject(reject)) => return self.fail(plan, reject).await,
        };
        let bytes = call.inbox.bytes().get(..head).unwrap_or_default();
        let begun = response::parse(bytes, plan.manner.to_head, |answer| {
            plan.record.reported(answer.route);
            if plan.record.is_call()
                && let Some(status) = answer.field(GRPC_STATUS)
            {
                plan.record.grpc_status(status);
            }
            let response = Self::response(&answer, &plan);
            (answer.status, answer.length, answer.keeps, response)
        });
        let (status, length, keeps, response) = match begun {
            Ok((status, length, keeps, Some(response))) if status != 101 || plan.websocket => {
                (status, length, keeps, response)
            }
            _ => {
                call.discard(worker);
                return self.fail(plan, Reject::upstream(Fault::BadGateway)).await;
            }
        };
        let mut call = call;
        call.inbox.consume(head);
        plan.record.status(status);
        let (micros, now) = (plan.record.micros(), worker.deadlines.now());
        let health = &call.in_flight().upstream().health;
        if plan.record.is_call() {
            // How it went is known when it has ended.
            health.took(micros, now);
        } else {
            health.answered(status, micros, now);
        }
        let switches = status == 101;
        let begun = self
            .client
            .respond
            .send_response(response, length == Length::None && !switches);
        let Ok(send) = begun else {
            call.discard(worker);
            return plan.record.close(worker);
        };
        let idle = plan
            .route
            .policy
            .idle
            .unwrap_or(worker.limits().response_idle);
        if switches {
            plan.record.complete();
            plan.record.close(worker);
            let (recv, _respond, deadline) = self.client.into_parts();
            let mut duplex = Duplex::new(recv, send);
            return Box::pin(tunnel::run(worker, &mut duplex, &deadline, call, idle)).await;
        }
        self.pass(plan, send, (call, idle), (length, keeps)).await;
    }

    /// Passes the body of the answer on.
    async fn pass(
        mut self,
        mut plan: Box<Plan>,
        send: SendStream<Bytes>,
        (mut call, idle): (crate::upstream::call::Call, std::time::Duration),
        (length, keeps): (Length, bool),
    ) {
        let worker = self.worker;
        let mut download = Download::new(Body::of(length), send, plan.record.is_call());
        let passed = match length {
            Length::None => Ok(()),
            _ => {
                download
                    .run(
                        worker,
                        &mut self.client,
                        (&mut call, idle),
                        &mut plan.record,
                    )
                    .await
            }
        };
        if passed.is_ok() {
            plan.record.complete();
        } else if passed == Err(Broken::App) {
            tracing::debug!(app = %plan.route.app, "an answer broke off");
        }
        if plan.record.is_call() && passed != Err(Broken::Client) {
            let health = &call.in_flight().upstream().health;
            health.ended(passed.is_err() || plan.record.has_failed());
        }
        if passed.is_ok() && keeps && self.client.is_whole() {
            call.keep(worker);
        } else {
            call.discard(worker);
        }
        plan.record.close(worker);
        if !self.client.is_whole() {
            drop(plan.admission);
            Box::pin(self.client.part()).await;
        }
    }

    /// The head of an app's answer.
    fn response(answer: &response::ResponseHead<'_>, plan: &Plan) -> Option<Response<()>> {
        let status = if answer.status == 101 {
            200
        } else {
            answer.status
        };
        let mut response = Response::new(());
        *response.status_mut() = StatusCode::from_u16(status).ok()?;
        let fields = response.headers_mut();
        respond::fields(answer, &plan.asked(), |name, value| {
            // The handshake of HTTP/1 has no counterpart.
            let is_handshake =
                answer.status == 101 && name.eq_ignore_ascii_case("sec-websocket-accept");
            if let (Ok(name), Ok(value), false) = (
                HeaderName::from_bytes(name.as_bytes()),
                HeaderValue::from_bytes(value),
                is_handshake,
            ) {
                fields.append(name, value);
            }
        });
        if let Some(length) = answer
            .named_length
            .filter(|_| status != 204 && answer.length != Length::Chunked)
            .filter(|_| !plan.record.is_call())
        {
            fields.insert(http::header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        Some(response)
    }

    async fn fail(self, plan: Box<Plan>, reject: Reject) {
        let Plan { record, manner, .. } = *plan;
        let own = with_head(self.parts, self.ended, |head| {
            exchange::refusal(Some(&head), &record, reject)
        });
        let own = own.unwrap_or_else(|_| exchange::refusal(None, &record, reject));
        self.end(Ending::refused(record, manner, reject, own)).await;
    }

    /// Sends an answer of the gateway itself.
    async fn end(mut self, mut ending: Ending) {
        let mut response = Response::new(());
        *response.status_mut() = ending.own.status;
        let fields = response.headers_mut();
        respond::own_fields(&ending.own, &ending.asked(), |name, value| {
            if let (Ok(name), Ok(value)) = (
                HeaderName::from_bytes(name.as_bytes()),
                HeaderValue::from_bytes(value),
            ) {
                fields.append(name, value);
            }
        });
        if !ending.record.is_call() {
            fields.insert(
                http::header::CONTENT_LENGTH,
                HeaderValue::from(ending.own.body.len()),
            );
        }
        ending.record.status(ending.status());
        let is_empty = ending.manner.to_head || ending.own.body.is_empty();
        if let Ok(mut send) = self.client.respond.send_response(response, is_empty) {
            let length = ending.own.body.len();
            if is_empty
                || send
                    .send_data(std::mem::take(&mut ending.own.body).into(), true)
                    .is_ok()
            {
                ending.record.sent(if is_empty { 0 } else { length });
                ending.record.complete();
            }
        }
        ending.record.close(self.worker);
        if !self.ended {
            Box::pin(self.client.part()).await;
        }
    }
}
