//! The order of the phases. Everything that can be decided about a request is decided here, by functions that never
//! wait and that know no protocol version: HTTP/1 and HTTP/2 cannot be routed or judged differently.

use std::sync::Arc;
use std::time::Duration;

use crate::accept::{Accepted, accept};
use crate::admit::{Admission, admit, body_limit};
use crate::compose::{Additions, compose};
use crate::forwarding::{self, Client};
use crate::health::Probe;
use crate::identify::{Identified, Identity, Question, identify};
use crate::record::Record;
use crate::reject::{Fault, Reject};
use crate::respond::{Asked, Own};
use crate::route::route;
use crate::table::Route;
use crate::upstream::http2::Listener;
use crate::wire::Length;
use crate::wire::request::{Head, Version};
use crate::worker::Worker;
use crate::{grpc, pages, plain};

/// Who is at the other end of a downstream connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer {
    pub(crate) client: Client,
    /// What it says about others is believed.
    pub(crate) trusted: bool,
    pub(crate) door: Door,
}

/// Which port a connection came in by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// The only one, without TLS.
    Plain,
    /// The one where TLS is spoken.
    Tls,
    /// The plain one beside it.
    Redirect,
}

/// What the way of answering depends on.
#[derive(Clone, Copy)]
pub(crate) struct Manner {
    pub(crate) version: Version,
    /// The client may go on using the connection.
    pub(crate) keeps: bool,
    pub(crate) to_head: bool,
    pub(crate) secure: bool,
}

/// A request that goes on to an app. The head for the app has been written.
pub(crate) struct Plan {
    pub(crate) record: Record,
    pub(crate) manner: Manner,
    pub(crate) route: Arc<Route>,
    pub(crate) length: Length,
    pub(crate) body_limit: u64,
    pub(crate) admission: Admission,
    pub(crate) websocket: bool,
    pub(crate) way: Way,
    /// The client sends the body only when told to (RFC 9110, 10.1.1).
    pub(crate) expects: bool,
}

/// How instances are asked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Way {
    /// Over HTTP/2 and where, else over HTTP/1.
    pub(crate) http2: Option<Listener>,
    /// How long it may take in all.
    pub(crate) time: Option<Duration>,
    /// Only once the whole body is here. The place among the requests of the app is to be taken then.
    pub(crate) buffers: bool,
}

/// A request that ends here.
pub(crate) struct Ending {
    pub(crate) record: Record,
    pub(crate) manner: Manner,
    /// How long the body of the request is, which nobody will read.
    pub(crate) length: Length,
    pub(crate) own: Own,
}

/// What becomes of a request.
pub(crate) enum Verdict {
    /// It goes on.
    Forward(Box<Plan>),
    /// It ends here.
    Answer(Box<Ending>),
    /// Auth has to be asked first; judge again with its answer.
    Ask(Question, Box<Record>),
    /// It is about the gateway itself.
    Probe(Probe, Box<Probed>),
}

/// A request about the gateway itself.
pub(crate) struct Probed {
    record: Record,
    manner: Manner,
    length: Length,
}

impl Probed {
    /// Ends it with an answer.
    pub(crate) fn answered(self, own: Own) -> Ending {
        let Self {
            record,
            manner,
            length,
        } = self;
        Ending {
            record,
            manner,
            length,
            own,
        }
    }
}

/// What is known from an earlier look at the same request.
pub(crate) struct Told {
    pub(crate) record: Box<Record>,
    pub(crate) identity: Result<Identity, Reject>,
}

/// Why the phases end early.
enum Stop {
    Reject(Reject),
    Ask(Question),
    Probe(Probe),
    Answer(Own),
}

impl From<Reject> for Stop {
    fn from(reject: Reject) -> Self {
        Self::Reject(reject)
    }
}

impl Plan {
    /// What the answer depends on.
    pub(crate) fn asked(&self) -> Asked<'_> {
        Asked {
            to_auth: self.route.is_auth,
            quota: self.admission.quota,
            ..asked(self.manner, &self.record)
        }
    }
}

impl Ending {
    /// What the answer depends on.
    pub(crate) fn asked(&self) -> Asked<'_> {
        asked(self.manner, &self.record)
    }

    /// What it counts as. A refused gRPC call is answered with 200, which it is not.
    pub(crate) fn status(&self) -> u16 {
        let refused = self.record.rejected().filter(|_| self.record.is_call());
        refused
            .map_or(self.own.status, |reject| reject.fault.status())
            .as_u16()
    }

    /// Ends a request with a refusal.
    pub(crate) fn refused(mut record: Record, manner: Manner, reject: Reject, own: Own) -> Self {
        record.reject(reject);
        Self {
            record,
            manner,
            length: Length::None,
            own,
        }
    }
}

/// Ends what could not be read.
pub(crate) fn unread(worker: &Worker, peer: &Peer, reject: Reject) -> Ending {
    let record = Record::unread(worker);
    let manner = Manner {
        version: Version::Http11,
        keeps: false,
        to_head: false,
        secure: worker.gateway.is_secure || peer.client.https,
    };
    let own = pages::answer(None, &record.id, reject);
    Ending::refused(record, manner, reject, own)
}

/// How a refusal is told. Without a head nothing is known about who asked.
pub(crate) fn refusal(head: Option<&Head<'_>>, record: &Record, reject: Reject) -> Own {
    if record.is_call() {
        return grpc::answer(reject);
    }
    pages::answer(head, &record.id, reject)
}

fn asked(manner: Manner, record: &Record) -> Asked<'_> {
    Asked {
        manner,
        to_auth: false,
        id: &record.id,
        quota: None,
    }
}

/// Judges a request by its head. When it goes on, its head as the app shall see it is written to `out`.
pub(crate) fn judge(
    worker: &Worker,
    peer: &Peer,
    head: &Head<'_>,
    told: Option<Told>,
    out: &mut Vec<u8>,
) -> Verdict {
    let gateway = &worker.gateway;
    let client = if peer.trusted {
        forwarding::behind_proxy(peer.client, head, &worker.trusted_proxies())
    } else {
        peer.client
    };
    let survey = &head.survey;
    let manner = Manner {
        version: head.version,
        keeps: match head.version {
            Version::Http10 => survey.keeps && !survey.closes,
            Version::Http11 | Version::Http2 => !survey.closes,
        } && !worker.is_closing(),
        to_head: head.method == "HEAD",
        secure: gateway.is_secure || client.https,
    };
    let (mut record, identity) = match told {
        Some(told) => (*told.record, Some(told.identity)),
        None => (Record::open(worker, head, peer.trusted), None),
    };
    let judging = Judging {
        worker,
        head,
        client,
        door: peer.door,
        manner,
    };
    match judging.phases(&mut record, identity, out) {
        Ok(stage) => Verdict::Forward(Box::new(Plan {
            record,
            manner,
            body_limit: body_limit(worker, &stage.route),
            expects: survey.expect.is_some() && head.version == Version::Http11,
            route: stage.route,
            admission: stage.admission,
            length: stage.length,
            websocket: stage.websocket,
            way: stage.way,
        })),
        Err(Stop::Reject(reject)) => {
            let own = refusal(Some(head), &record, reject);
            // A length that cannot be told is refused, and its connection is closed.
            let length = survey.length(head.version).unwrap_or(Length::None);
            Verdict::Answer(Box::new(Ending {
                length,
                ..Ending::refused(record, manner, reject, own)
            }))
        }
        Err(Stop::Answer(own)) => {
            let length = survey.length(head.version).unwrap_or(Length::None);
            let probed = Probed {
                record,
                manner,
                length,
            };
            Verdict::Answer(Box::new(probed.answered(own)))
        }
        Err(Stop::Ask(question)) => Verdict::Ask(question, Box::new(record)),
        Err(Stop::Probe(probe)) => {
            let length = survey.length(head.version).unwrap_or(Length::None);
            Verdict::Probe(
                probe,
                Box::new(Probed {
                    record,
                    manner,
                    length,
                }),
            )
        }
    }
}

struct Judging<'a> {
    worker: &'a Worker,
    head: &'a Head<'a>,
    client: Client,
    door: Door,
    manner: Manner,
}

/// What the phases have found.
struct Stage {
    route: Arc<Route>,
    admission: Admission,
    length: Length,
    websocket: bool,
    way: Way,
}

impl Judging<'_> {
    fn phases(
        &self,
        record: &mut Record,
        identity: Option<Result<Identity, Reject>>,
        out: &mut Vec<u8>,
    ) -> Result<Stage, Stop> {
        let (head, gateway) = (self.head, &self.worker.gateway);
        let accepted = accept(head)?;
        if let Some(probe) = Probe::of(accepted.path(), head.method) {
            return Err(Stop::Probe(probe));
        }
        let route = route(gateway, accepted.path());
        if self.door == Door::Redirect && !route.as_ref().is_ok_and(|route| route.policy.plain) {
            return Err(Stop::Answer(plain::answer(gateway, &accepted)));
        }
        let route = route?;
        record.route(&route);
        if route.policy.grpc && grpc::is_call(head) {
            record.call();
        }
        let identity = match identity {
            Some(answered) => answered?,
            None => match identify(
                gateway,
                head,
                &route,
                (accepted.path(), self.client.address),
            ) {
                Identified::Known(identity) => identity,
                Identified::Ask(question) => return Err(Stop::Ask(question)),
            },
        };
        if let Identity::Somebody { user_id, .. } = &identity {
            record.principal(*user_id);
        }
        let mut admission = admit(
            self.worker,
            head,
            &accepted,
            &route,
            (&self.client, &identity),
        )?;
        let way = self.way(&accepted, &route, record)?;
        if !way.buffers {
            admission.enter(&route)?;
        }
        let additions = Additions {
            identity: &identity,
            record,
            client: self.client.address,
            secure: self.manner.secure,
            via: &gateway.via,
            time: way.time,
            original: route.policy.original && self.client.through_proxy,
        };
        compose(out, head, &accepted, &additions);
        Ok(Stage {
            route,
            admission,
            length: accepted.length,
            websocket: accepted.websocket,
            way,
        })
    }

    /// How instances are to be asked. A WebSocket is a matter of HTTP/1, and a call of HTTP/2.
    fn way(&self, accepted: &Accepted<'_>, route: &Route, record: &Record) -> Result<Way, Reject> {
        let policy = &route.policy;
        if record.is_call() {
            if self.head.method != "POST" {
                return Err(Reject::client(Fault::Method));
            }
            return Ok(Way {
                http2: Some(Listener::Grpc),
                time: grpc::time(self.head, policy),
                buffers: false,
            });
        }
        Ok(Way {
            http2: (policy.http2 && !accepted.websocket).then_some(Listener::Http),
            time: None,
            buffers: policy.buffer && accepted.length != Length::None,
        })
    }
}
