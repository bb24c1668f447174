//! YAML as kustomize reads and writes it.
//!
//! [`Node`] is one tree for everything: Kubernetes objects, kustomizations, the author's stack file. A scalar keeps its text, so
//! `tag: 1.10` is no number until somebody asks for one, and every node knows its place.

mod node;
mod read;
mod resolve;
mod scalar;
mod text;

pub use node::{Entry, Key, Mapping, Node, Scalar, Style, Tag, Value};
pub use read::{Document, DuplicateKey, Limits, ReadError, read};
pub use text::Text;
