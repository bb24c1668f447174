//! Files as values, places in them, and what is said about them.
//!
//! The floor that everything else stands on. It knows no Kubernetes and never touches the disk:
//!
//! - [`FileTree`] is a folder held in memory: what libraries take that read several files, and what they return;
//! - [`Files`] are files of which a reader learns the names on its way, wherever they lie;
//! - [`Span`] and [`Locus`] are a place in a file, or in the Rust program that made a value;
//! - [`Diagnostic`], [`Rule`] and [`Report`] are what an author is told, all of it at once.
//!
//! ```
//! use stack_source::{Diagnostic, FileTree, Locus, Report, Rule, Severity, Span, TreePath};
//!
//! static UNKNOWN_SERVICE: Rule = Rule::error("unknown-service", "a relation names a service that the stack does not have");
//!
//! let mut files = FileTree::new();
//! let path = TreePath::new("stack.yaml").unwrap();
//! files.insert(path.clone(), "uses: [postgress]\n");
//! let mut report = Report::new();
//! report.add(
//!     Diagnostic::new(&UNKNOWN_SERVICE, "`r2r` uses `postgress`, which this stack does not have")
//!         .at(Locus::in_file(path, Span::new(7, 16)))
//!         .help("did you mean `postgres`?"),
//! );
//! let text = report.render(&files, false);
//! assert!(text.contains("stack.yaml:1:8"));
//! ```

mod diagnostic;
mod file_tree;
mod files;
mod nearest;
mod place;
mod render;
mod rules;

pub use diagnostic::{Diagnostic, Report, Rule, Severity};
pub use file_tree::{FileTree, InvalidTreePath, TreePath};
pub use files::{FileKind, Files, Obstacle};
pub use nearest::{listed, meant, nearest, proposal};
pub use place::{LineColumn, Locus, Span};
