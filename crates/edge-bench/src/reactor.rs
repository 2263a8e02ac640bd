//! Readiness of sockets: the little of epoll that the origin and the load need. Level-triggered, one thread.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use rustix::buffer::spare_capacity;
use rustix::event::{Timespec, epoll};

/// Events taken in one turn.
const BATCH: usize = 256;

/// What a socket is watched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interest {
    Read,
    Write,
}

impl Interest {
    fn flags(self) -> epoll::EventFlags {
        match self {
            Self::Read => epoll::EventFlags::IN,
            Self::Write => epoll::EventFlags::OUT,
        }
    }
}

/// One epoll instance.
pub(crate) struct Reactor {
    epoll: OwnedFd,
    events: Vec<epoll::Event>,
}

impl Reactor {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            events: Vec::with_capacity(BATCH),
        })
    }

    /// Watches a source; it is forgotten when it is closed.
    pub(crate) fn add(
        &self,
        source: impl AsFd,
        token: usize,
        interest: Interest,
    ) -> io::Result<()> {
        let data = epoll::EventData::new_u64(token as u64);
        Ok(epoll::add(&self.epoll, source, data, interest.flags())?)
    }

    pub(crate) fn modify(
        &self,
        source: impl AsFd,
        token: usize,
        interest: Interest,
    ) -> io::Result<()> {
        let data = epoll::EventData::new_u64(token as u64);
        Ok(epoll::modify(&self.epoll, source, data, interest.flags())?)
    }

    /// Waits, and puts the tokens of what is ready in `ready`.
    pub(crate) fn wait(
        &mut self,
        ready: &mut Vec<usize>,
        limit: Option<Duration>,
    ) -> io::Result<()> {
        ready.clear();
        self.events.clear();
        let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
        match epoll::wait(
            &self.epoll,
            spare_capacity(&mut self.events),
            limit.as_ref(),
        ) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        let tokens = self.events.iter().map(|event| event.data.u64());
        ready.extend(tokens.filter_map(|token| usize::try_from(token).ok()));
        Ok(())
    }
}
