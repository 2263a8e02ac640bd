//! Clients that send as slowly as they can.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::bare::reader::{Fault, Reader};
use crate::faults::Load;
use crate::given::{client, world_with};

/// Sends the beginning of a head and then a byte now and then; the status that ends it.
async fn dribble(gateway: SocketAddr, begin: &str, connected: &AtomicUsize) -> Result<u16, Fault> {
    let mut stream = TcpStream::connect(gateway).await.unwrap();
    stream.write_all(begin.as_bytes()).await.unwrap();
    connected.fetch_add(1, Ordering::SeqCst);
    let (from, mut to) = stream.into_split();
    let mut reader = Reader::new(from);
    let dribbling = async {
        while to.write_all(b"y").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        std::future::pending::<()>().await;
    };
    let listening = async {
        let answer = reader.answer(false).await?.ok_or(Fault::Cut)?;
        // And that is the end of it.
        match reader.head().await {
            Ok(None) | Err(Fault::Reset) => Ok(answer.status),
            other => Err(Fault::Odd(format!("{other:?}"))),
        }
    };
    tokio::select! {
        () = dribbling => unreachable!(),
        status = listening => status,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_slow_heads_hold_nobody_up() {
    const SLOW: usize = 2000;
    let needed = 3 * u64::try_from(SLOW).unwrap();
    let files = getrlimit(Resource::Nofile);
    if files.current.is_some_and(|limit| limit < needed) {
        let raised = Rlimit {
            current: Some(needed),
            ..files
        };
        setrlimit(Resource::Nofile, raised).expect("as many files as both ends need");
    }
    let world = world_with(|limits| limits.head = Duration::from_secs(3)).await;
    let address = world.gateway.address;
    let connected = AtomicUsize::new(0);
    let begins = [
        "G",
        "GET /app/hello/",
        "GET /app/hello/echo HTTP/1.1\r\n",
        "GET /app/hello/echo HTTP/1.1\r\nHost: localhost\r\nX: ",
        "POST /app/hello/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nX-Slow",
    ];
    let load = Load::start(&world.url("/app/hello/echo"), 2);
    let slow = join_all(
        (0..SLOW).map(|number| dribble(address, begins[number % begins.len()], &connected)),
    );
    let others = async {
        testkit::eventually("all of them are connected", async || {
            connected.load(Ordering::SeqCst) == SLOW
        })
        .await;
        load.more(100).await;
        // Whoever comes now comes in as well.
        for _ in 0..20 {
            let response = client().get(world.url("/app/hello/echo")).send().await;
            assert_eq!(response.unwrap().status(), 200);
        }
    };
    let (ends, ()) = tokio::join!(slow, others);
    load.more(50).await;
    load.finish().await;
    let odd: Vec<_> = ends.iter().filter(|end| **end != Ok(408)).collect();
    assert!(
        odd.is_empty(),
        "{} of {SLOW}, first {:?}",
        odd.len(),
        odd[0]
    );
}
