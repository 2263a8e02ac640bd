# One file for every image:  docker build --build-arg IMAGE=app-auth -t cloud-app-auth .
# IMAGE is a crate with a binary of the same name: gateway, cloud or app-*.

FROM node:22-bookworm-slim AS assets
WORKDIR /src/crates/ui/web
COPY crates/ui/web/package.json crates/ui/web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY crates /src/crates
RUN npm run build

FROM rust:1.95-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libssl-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
COPY --from=assets /src/crates/ui/web/dist crates/ui/web/dist
ARG IMAGE=cloud
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package "$IMAGE" \
    && cp "target/release/$IMAGE" /service

FROM debian:bookworm-slim
ARG IMAGE=cloud
# josekit links OpenSSL; people's time zones come from tzdata; `cloud` brings up its own PostgreSQL and Redis when none are configured.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libssl3 tzdata \
       $(test "$IMAGE" = cloud && echo postgresql-15 redis-server) \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/cloud --create-home cloud
COPY --from=build /service /usr/local/bin/service
USER 10001
WORKDIR /var/lib/cloud
ENV CLOUD_ENV=production HOST=0.0.0.0 PORT=3000
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=95s CMD ["/usr/local/bin/service", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/service"]
