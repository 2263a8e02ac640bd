//! Generated gRPC clients and servers, and channels that follow the registry
