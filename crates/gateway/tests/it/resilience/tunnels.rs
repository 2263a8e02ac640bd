//! WebSockets: what the gateway does before it says 101, and that it changes nothing after.

use futures_util::{SinkExt, StreamExt};
use http::HeaderValue;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::bare::BareApp;
use crate::bare::reader::Reader;
use crate::given::{Platform, TestGateway, world};
use crate::peer::PeerOptions;
use crate::wire;

const WISH: &str = "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const SWITCH: &str = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                      Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/// An app `talk` whose connections are served by a function, and a gateway that has seen it.
struct Stage {
    gateway: TestGateway,
    _app: BareApp,
    _platform: Platform,
}

impl Stage {
    async fn set<F, S>(serve: F) -> Self
    where
        F: Fn(TcpStream) -> S + Send + Sync + 'static,
        S: Future<Output = ()> + Send + 'static,
    {
        let platform = Platform::new().await;
        let app = BareApp::start(&platform, PeerOptions::new("talk"), serve).await;
        let gateway = platform.gateway().await;
        testkit::eventually("the app is known", async || {
            let response = wire::get(gateway.address, "/app/talk/there?", "").await;
            response.status != 404
        })
        .await;
        Self {
            gateway,
            _app: app,
            _platform: platform,
        }
    }

    fn url(&self) -> String {
        format!("ws://{}/app/talk/ws", self.gateway.address)
    }

    /// A connection that is to become a tunnel.
    async fn tunnel(&self) -> TcpStream {
        let mut stream = TcpStream::connect(self.gateway.address).await.unwrap();
        let wish = format!("GET /app/talk/ws HTTP/1.1\r\nHost: localhost\r\n{WISH}\r\n");
        stream.write_all(wish.as_bytes()).await.unwrap();
        stream
    }
}

/// Reads a wish, or says that this is no such app.
async fn wished(stream: &mut TcpStream) -> bool {
    let mut reader = Reader::new(&mut *stream);
    let Ok(Some(head)) = reader.head().await else {
        return false;
    };
    if head.field("upgrade") == Some("websocket") {
        return true;
    }
    let plain = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    let _ = stream.write_all(plain).await;
    false
}

async fn answer_to_wish(gateway: std::net::SocketAddr, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(gateway).await.unwrap();
    let wish = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{WISH}\r\n");
    stream.write_all(wish.as_bytes()).await.unwrap();
    let answer = Reader::new(stream).answer(false).await.unwrap().unwrap();
    (answer.status, answer.text())
}

#[tokio::test]
async fn an_app_that_is_down_is_told_before_anything_is_switched() {
    let mut world = world().await;
    world.hello.die().await;
    let (status, _) = answer_to_wish(world.gateway.address, "/app/hello/ws").await;
    assert!(status == 502 || status == 503, "{status}");
    let (status, _) = answer_to_wish(world.gateway.address, "/app/nobody/ws").await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn an_app_that_breaks_off_is_told_before_anything_is_switched() {
    let stage = Stage::set(async |mut stream| {
        if wished(&mut stream).await {
            drop(stream);
        }
    })
    .await;
    let (status, _) = answer_to_wish(stage.gateway.address, "/app/talk/ws").await;
    assert_eq!(status, 502);
}

#[tokio::test]
async fn an_app_that_declines_gives_its_own_answer() {
    let stage = Stage::set(async |mut stream| {
        if wished(&mut stream).await {
            let answer = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno";
            stream.write_all(answer).await.unwrap();
        }
    })
    .await;
    let answer = answer_to_wish(stage.gateway.address, "/app/talk/ws").await;
    assert_eq!(answer, (401, "no".to_owned()));
}

/// Takes the second protocol that is offered, echoes messages, and says goodbye in its own words when told.
async fn talk(stream: TcpStream, heard: UnboundedSender<CloseFrame>) {
    #[expect(
        clippy::result_large_err,
        clippy::unnecessary_wraps,
        reason = "the library asks for this form"
    )]
    fn choose(
        request: &Request,
        mut response: Response,
    ) -> Result<Response, http::Response<Option<String>>> {
        let offered = request.headers().get("sec-websocket-protocol");
        let offered = offered.and_then(|offered| offered.to_str().ok());
        if let Some((_, second)) = offered.and_then(|offered| offered.split_once(", ")) {
            let chosen = HeaderValue::from_str(second).unwrap();
            response
                .headers_mut()
                .insert("sec-websocket-protocol", chosen);
        }
        Ok(response)
    }
    let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(stream, choose).await else {
        return;
    };
    while let Some(Ok(message)) = socket.next().await {
        match message {
            Message::Text(text) if text == "say goodbye" => {
                let words = words(4002, "from the app");
                socket.close(Some(words)).await.unwrap();
            }
            Message::Close(Some(words)) => heard.send(words).unwrap(),
            Message::Text(_) | Message::Binary(_) => socket.send(message).await.unwrap(),
            _ => {}
        }
    }
}

fn words(code: u16, reason: &'static str) -> CloseFrame {
    CloseFrame {
        code: CloseCode::from(code),
        reason: reason.into(),
    }
}

/// An app that talks, and the last words it hears.
async fn talking() -> (Stage, UnboundedReceiver<CloseFrame>) {
    let (heard, ear) = unbounded_channel();
    let stage = Stage::set(move |stream| talk(stream, heard.clone())).await;
    (stage, ear)
}

#[tokio::test]
async fn a_protocol_is_chosen_by_the_app() {
    let (stage, _ear) = talking().await;
    let mut request = stage.url().into_client_request().unwrap();
    let offered = HeaderValue::from_static("cloud.v2, cloud.v1");
    request
        .headers_mut()
        .insert("sec-websocket-protocol", offered);
    let (_, response) = tokio_tungstenite::connect_async(request).await.unwrap();
    assert_eq!(response.headers()["sec-websocket-protocol"], "cloud.v1");
    let (_, response) = tokio_tungstenite::connect_async(stage.url()).await.unwrap();
    assert_eq!(response.headers().get("sec-websocket-protocol"), None);
}

#[tokio::test]
async fn the_last_words_pass_both_ways() {
    let (stage, mut ear) = talking().await;
    let (mut socket, _) = tokio_tungstenite::connect_async(stage.url()).await.unwrap();
    socket.send(Message::text("say goodbye")).await.unwrap();
    let said = socket.next().await.unwrap().unwrap();
    assert_eq!(said, Message::Close(Some(words(4002, "from the app"))));
    while let Some(Ok(_)) = socket.next().await {}
    // What is said first is answered with the same.
    assert_eq!(u16::from(ear.recv().await.unwrap().code), 4002);

    let (mut socket, _) = tokio_tungstenite::connect_async(stage.url()).await.unwrap();
    let own = words(4001, "from the client");
    socket.close(Some(own.clone())).await.unwrap();
    assert_eq!(ear.recv().await.unwrap(), own);
    assert!(matches!(socket.next().await, Some(Ok(Message::Close(_)))));
    assert!(socket.next().await.is_none());
}

#[tokio::test]
async fn large_frames_pass_both_ways() {
    let (stage, _ear) = talking().await;
    let (mut socket, _) = tokio_tungstenite::connect_async(stage.url()).await.unwrap();
    for size in [1, 125, 126, 65_535, 65_536, 1024 * 1024, 8 * 1024 * 1024] {
        let bytes: Vec<u8> = (0..size)
            .map(|place: usize| place.to_le_bytes()[0])
            .collect();
        socket.send(Message::binary(bytes.clone())).await.unwrap();
        let back = socket.next().await.unwrap().unwrap().into_data();
        assert!(back == bytes, "{size}");
    }
    socket.send(Message::Ping("there?".into())).await.unwrap();
    assert_eq!(
        socket.next().await.unwrap().unwrap(),
        Message::Pong("there?".into())
    );
}

#[tokio::test]
async fn an_app_that_goes_away_takes_the_tunnel_along() {
    let stage = Stage::set(async |mut stream| {
        if wished(&mut stream).await {
            stream.write_all(SWITCH.as_bytes()).await.unwrap();
        }
    })
    .await;
    let mut stream = stage.tunnel().await;
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await.unwrap();
    assert!(all.starts_with(b"HTTP/1.1 101 "));
}

#[tokio::test]
async fn what_comes_with_the_switch_is_not_lost() {
    let stage = Stage::set(async |mut stream| {
        if wished(&mut stream).await {
            // In one breath.
            let all = [SWITCH.as_bytes(), b"first words"].concat();
            stream.write_all(&all).await.unwrap();
            let mut word = [0; 5];
            stream.read_exact(&mut word).await.unwrap();
            assert_eq!(&word, b"reply");
            stream.write_all(b", and more").await.unwrap();
        }
    })
    .await;
    let mut stream = stage.tunnel().await;
    let mut reader = Reader::new(&mut stream);
    assert!(
        reader
            .head()
            .await
            .unwrap()
            .unwrap()
            .start
            .starts_with("HTTP/1.1 101 ")
    );
    while reader.rest().len() < 11 {
        assert!(reader.more().await.unwrap());
    }
    assert_eq!(reader.rest(), b"first words");
    drop(reader);
    stream.write_all(b"reply").await.unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, ", and more");
}

#[tokio::test]
async fn one_side_may_stop_talking_and_go_on_listening() {
    let stage = Stage::set(async |mut stream| {
        if !wished(&mut stream).await {
            return;
        }
        stream.write_all(SWITCH.as_bytes()).await.unwrap();
        let mut heard = String::new();
        // Everything the client has to say, to the end of it.
        stream.read_to_string(&mut heard).await.unwrap();
        let reply = format!("heard {heard}");
        stream.write_all(reply.as_bytes()).await.unwrap();
    })
    .await;
    let mut stream = stage.tunnel().await;
    assert!(Reader::new(&mut stream).head().await.unwrap().is_some());
    stream.write_all(b"all of it").await.unwrap();
    stream.shutdown().await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    assert_eq!(reply, "heard all of it");
}

#[tokio::test]
async fn an_app_may_stop_talking_and_go_on_listening() {
    let (heard, mut ear) = unbounded_channel::<String>();
    let stage = Stage::set(move |mut stream: TcpStream| {
        let heard = heard.clone();
        async move {
            if !wished(&mut stream).await {
                return;
            }
            stream.write_all(SWITCH.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
            let mut all = String::new();
            stream.read_to_string(&mut all).await.unwrap();
            heard.send(all).unwrap();
        }
    })
    .await;
    let mut stream = stage.tunnel().await;
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await.unwrap();
    assert!(all.starts_with(b"HTTP/1.1 101 "));
    stream.write_all(b"still here").await.unwrap();
    drop(stream);
    assert_eq!(ear.recv().await.unwrap(), "still here");
}
