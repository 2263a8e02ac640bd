//! The real gateway in front of the app, and a browser that knows several hosts by name.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Mutex;

use gateway::{Edge, GatewayConfig, Running, run_at};
use platform::telemetry::Telemetry;
use platform::{Environment, Lifecycle};
use registry::{Keyring, Watch, WatchTiming};
use reqwest::{Client, Method, Url, redirect};
use testkit::{Form, Page, SECRET};

use crate::house::{House, PASSWORD};

/// A port nobody listens on at this moment.
pub fn free_port() -> u16 {
    let socket = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    socket.local_addr().unwrap().port()
}

/// A gateway; stops when dropped.
pub struct TestGateway {
    pub address: SocketAddr,
    _running: Running,
    lifecycle: Lifecycle,
}

impl Drop for TestGateway {
    fn drop(&mut self) {
        self.lifecycle.abort();
    }
}

/// A gateway for the installation at a port, trusting these proxies.
pub async fn gateway(house: &House, port: u16, proxies: &str) -> TestGateway {
    let state = house.directory.path().join(format!("gateway-{port}"));
    let environment = Environment::from_map([
        ("APP_SECRET", SECRET),
        ("REDIS_URL", house.redis.url.as_str()),
        ("CLOUD_ENV", "dev"),
        ("TRUSTED_PROXIES", proxies),
        ("DRAIN_SECONDS", "5"),
    ])
    .with("PORT", port.to_string())
    .with("GATEWAY_STATE_DIR", state.display().to_string());
    let config = GatewayConfig::from_environment(&environment).unwrap();
    let lifecycle = Lifecycle::new();
    let redis = registry::connect_in_background(&house.redis.url).unwrap();
    let stop = lifecycle.hard().child_token();
    let keyring = Keyring::Secret(testkit::secret());
    let watch = Watch::start(redis.clone(), keyring, WatchTiming::default(), stop);
    let edge = Edge {
        redis,
        registry: watch.clone(),
        clock: house.clock.clone(),
        lifecycle: lifecycle.clone(),
        telemetry: Telemetry::default(),
    };
    let running = run_at(edge, config).await.unwrap();
    watch.ready().await;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, running.address().port()));
    let client = Client::builder().no_proxy().build().unwrap();
    testkit::eventually("the gateway serves sign-in", async || {
        let request = client.get(format!("http://{address}/auth/sign-in"));
        request
            .send()
            .await
            .is_ok_and(|answer| answer.status() == 200)
    })
    .await;
    TestGateway {
        address,
        _running: running,
        lifecycle,
    }
}

/// A browser without JavaScript that follows nothing by itself.
pub struct Browser {
    client: Client,
    /// By host, without its port: browsers share cookies among ports.
    cookies: Mutex<BTreeMap<(String, String), String>>,
    pub keeps_cookies: bool,
}

impl Browser {
    /// One that finds these hosts on this machine.
    pub fn new(hosts: &[&str]) -> Self {
        let builder = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy();
        let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let builder = hosts
            .iter()
            .fold(builder, |builder, host| builder.resolve(host, here));
        Self {
            client: builder.build().unwrap(),
            cookies: Mutex::default(),
            keeps_cookies: true,
        }
    }

    pub async fn get(&self, url: &str) -> Page {
        self.get_with(url, &[]).await
    }

    pub async fn get_with(&self, url: &str, fields: &[(&str, &str)]) -> Page {
        let url: Url = url.parse().unwrap();
        let request = fields.iter().fold(
            self.client.request(Method::GET, url.clone()),
            |request, (name, value)| request.header(*name, *value),
        );
        self.send(request.header("accept", "text/html"), &url).await
    }

    pub async fn submit(&self, form: Form) -> Page {
        let request = self
            .client
            .request(Method::POST, form.action.clone())
            .header("origin", form.action.origin().ascii_serialization())
            .header("sec-fetch-site", "same-origin")
            .form(&form.fields);
        self.send(request, &form.action).await
    }

    /// Signs in on the page at `url`; returns what the password was answered with.
    pub async fn sign_in_at(&self, url: &str, login: &str) -> Page {
        let page = self.get(url).await;
        let named = page.form(".plain-card form").with("login", login);
        let answer = self.submit(named).await;
        let page = self
            .get(&absolute(&answer, answer.header("location")))
            .await;
        self.submit(page.form("#with-password").with("password", PASSWORD))
            .await
    }

    pub fn forget(&self, host: &str) {
        let mut cookies = self.cookies.lock().unwrap();
        cookies.retain(|(owner, _), _| owner != host);
    }

    pub fn cookie(&self, host: &str, name: &str) -> Option<String> {
        let cookies = self.cookies.lock().unwrap();
        cookies.get(&(host.to_owned(), name.to_owned())).cloned()
    }

    async fn send(&self, request: reqwest::RequestBuilder, url: &Url) -> Page {
        let host = url.host_str().unwrap().to_owned();
        let line: Vec<String> = {
            let cookies = self.cookies.lock().unwrap();
            let own = cookies.iter().filter(|((owner, _), _)| *owner == host);
            own.map(|((_, name), value)| format!("{name}={value}"))
                .collect()
        };
        let request = if line.is_empty() {
            request
        } else {
            request.header("cookie", line.join("; "))
        };
        let response = request.send().await.unwrap();
        if self.keeps_cookies {
            let mut cookies = self.cookies.lock().unwrap();
            for line in response.headers().get_all("set-cookie") {
                let line = line.to_str().unwrap();
                let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
                let (name, value) = pair.split_once('=').unwrap();
                let key = (host.clone(), name.to_owned());
                if attributes.contains("Max-Age=0") {
                    cookies.remove(&key);
                } else {
                    cookies.insert(key, value.to_owned());
                }
            }
        }
        Page {
            status: response.status(),
            url: response.url().clone(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }
}

/// Where a page leads.
pub fn absolute(page: &Page, path: &str) -> String {
    page.url.join(path).unwrap().to_string()
}
