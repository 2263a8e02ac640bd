//! Every component in every state, for development only
