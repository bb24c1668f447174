//! YAML as kustomize reads and writes it.
//!
//! [`Node`] is one tree for everything: Kubernetes objects, kustomizations, the author's stack file. A scalar keeps its text, so
//! `tag: 1.10` is no number until somebody asks for one, and every node knows its place.
//!
//! | from | to | by |
//! |---|---|---|
//! | text | [`Document`]s, each with a [`Node`] | [`read`], [`PartReader`] |
//! | [`Node`] | text, as kustomize writes it or for people | [`print()`] |
//! | a value that can be serialized | [`Node`] | [`to_node`] |
//! | [`Node`] | a typed value, or a [`FieldError`] with its place | [`from_node`] |
//! | [`Node`] | JSON and the like | its `serde::Serialize` |
//!
//! # Whose rules
//!
//! Kustomize reads with go-yaml v3, passes JSON, and writes with go-yaml v2; we do the same in one step. So `yes` is a string and is
//! written in quotes, `0644` is 420, `1.0` is 1, a plain date becomes an RFC 3339 string ([`canonical`]); anchors and `<<` are
//! written out, where [`read`] reads them or kustomize prints them; keys are sorted so that `a2` comes before `a10`; lines are folded behind column 80. The tests compare a
//! stored sample with what the real binary has written, and `cargo xtask judge differential` compares thousands of random trees.
//!
//! Where we differ on purpose: a quoted `"<<"` key, which kustomize drops, and a list or a map as a key are errors; aliases and depth
//! have [`Limits`].
//!
//! ```
//! use stack_krm::yaml::{Limits, PrintOptions, print, read};
//!
//! let documents = read("b: &mode 0644\na: {mode: *mode, on: yes}\n", &Limits::default())?;
//! let mut text = String::new();
//! print(&documents[0].root, &PrintOptions::KUSTOMIZE, &mut text)?;
//! assert_eq!(text, "a:\n  mode: 420\n  \"on\": \"yes\"\nb: 420\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod canonical;
mod folded;
mod from_node;
mod mapping;
mod merge_key;
mod node;
mod print;
mod read;
mod resolve;
mod scalar;
mod sequence;
mod serialize;
mod text;
mod to_node;
mod yaml_1_1;

pub(crate) use canonical::json_number;
pub use canonical::{Canonical, NotCanonical, canonical};
pub use from_node::{FieldError, from_node};
pub use mapping::{Entry, Key, Mapping};
pub use node::{Node, Scalar, Style, Tag, Value};
pub use print::{Dialect, PrintError, PrintOptions, print};
pub use read::{Document, DuplicateKey, Limits, PartReader, ReadError, read};
pub use sequence::Sequence;
pub use text::Text;
pub use to_node::{ToNodeError, to_node};
