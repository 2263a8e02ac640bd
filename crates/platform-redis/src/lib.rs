//! Redis for apps: client, key builder, publish and subscribe, rate limits
