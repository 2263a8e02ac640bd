//! What a proxy is told so that it asks about a tool: text to copy into its configuration. The tests run it.

use crate::domain::forward::{Proxy, Tool};

/// The configuration for a tool's proxy, towards the platform at `app_url`, which ends in a slash.
pub(crate) fn setup(tool: &Tool, app_url: &str) -> String {
    let template = match tool.proxy {
        Proxy::Nginx => NGINX,
        Proxy::Traefik => TRAEFIK,
        Proxy::Caddy => CADDY,
    };
    template
        .replace("{hosts}", &tool.hosts.join(" "))
        .replace("{url}", app_url.trim_end_matches('/'))
        .replace("{id}", &tool.id)
}

const NGINX: &str = r#"# In the server block of {hosts}.
location = /_cloud_forward {
    internal;
    proxy_pass {url}/auth/forward/{id};
    proxy_redirect off;
    proxy_pass_request_body off;
    proxy_set_header Content-Length "";
    proxy_set_header X-Original-URL $scheme://$http_host$request_uri;
    proxy_set_header X-Forwarded-For $remote_addr;
}
location @cloud_sign_in {
    add_header Set-Cookie $cloud_cookie always;
    return 302 $cloud_location;
}
location / {
    auth_request /_cloud_forward;
    error_page 401 = @cloud_sign_in;
    auth_request_set $cloud_location $upstream_http_location;
    auth_request_set $cloud_cookie $upstream_http_set_cookie;
    auth_request_set $cloud_user $upstream_http_remote_user;
    auth_request_set $cloud_email $upstream_http_remote_email;
    auth_request_set $cloud_name $upstream_http_remote_name;
    auth_request_set $cloud_groups $upstream_http_remote_groups;
    proxy_set_header Remote-User $cloud_user;
    proxy_set_header Remote-Email $cloud_email;
    proxy_set_header Remote-Name $cloud_name;
    proxy_set_header Remote-Groups $cloud_groups;
    proxy_set_header Host $http_host;
    proxy_pass http://127.0.0.1:8080; # the tool
}
"#;

const TRAEFIK: &str = r"# The middleware for the routers of {hosts}.
http:
  middlewares:
    cloud-{id}:
      forwardAuth:
        address: {url}/auth/forward/{id}
        authResponseHeaders:
          - Remote-User
          - Remote-Email
          - Remote-Name
          - Remote-Groups
";

const CADDY: &str = r"# In the site block of {hosts}.
forward_auth {url} {
    uri /auth/forward/{id}
    header_up Host {upstream_hostport}
    copy_headers Remote-User Remote-Email Remote-Name Remote-Groups
}
reverse_proxy 127.0.0.1:8080 # the tool
";
