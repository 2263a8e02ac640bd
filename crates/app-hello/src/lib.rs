//! The smallest app, and the example in the documentation
