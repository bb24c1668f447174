//! YAML as kustomize reads and writes it.
//!
//! [`Node`] is one tree for everything: Kubernetes objects, kustomizations, the author's stack file. A scalar keeps its text, so
//! `tag: 1.10` is no number until somebody asks for one, and every node knows its place.

mod canonical;
mod from_node;
mod node;
mod print;
mod read;
mod resolve;
mod scalar;
mod serialize;
mod text;
mod to_node;

pub use canonical::{Canonical, NotCanonical, canonical};
pub use from_node::{FieldError, from_node};
pub use node::{Entry, Key, Mapping, Node, Scalar, Style, Tag, Value};
pub use print::{Dialect, PrintError, PrintOptions, print};
pub use read::{Document, DuplicateKey, Limits, ReadError, read};
pub use text::Text;
pub use to_node::{ToNodeError, to_node};
