//! From checked stacks to the tree that Kustomize, Skaffold, kubectl and `GitOps` tools read.
//!
//! The base is the stack without an environment. An environment's overlay is what lies between the base's objects and its own,
//! said in Kustomize's words where it has some, and in small patches where it has none. Nothing here knows what an overlay changed:
//! the difference of the objects says it, so an overlay can say nothing that does not arrive.

mod base;
mod change;
mod concern;
mod difference;
mod environment;
mod file;
mod generator;
mod layout;
mod local;
mod merge_difference;
mod name_reference;
mod patch;
mod raw;
mod skaffold;

use stack_model::CheckedStack;
use stack_source::{FileTree, Report, TreePath};

use crate::Patch;

pub use local::SWITCH;

/// A checked environment: its stack, and the patches that no type says.
#[derive(Clone, Debug)]
pub struct CheckedEnvironment {
    /// The stack as it is there.
    pub stack: CheckedStack,
    /// What is changed beyond that.
    pub patches: Vec<Patch>,
    /// Lines of the environment's untracked file: Secret, key, value.
    pub local_secrets: Vec<LocalSecret>,
}

/// A secret value of this machine alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalSecret {
    /// The Secret.
    pub secret: String,
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}

/// What was emitted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Emitted {
    /// Files for the repository.
    pub tree: FileTree,
    /// Files of this machine alone, for folders that are never tracked.
    pub local: FileTree,
}

/// Emits the base and these environments. `package` leads from the tree to the package: `.` where they are one folder.
///
/// ```
/// use stack_model::{Service, Stack};
/// use stack_overlay::emit;
/// use stack_source::TreePath;
///
/// let mut stack = Stack::new("hello");
/// stack.add("web", Service::image("nginxinc/nginx-unprivileged:1.29.3-alpine").port("http", 8080).user(101));
/// let emitted = emit::emit(&stack.check().unwrap(), &[], ".").unwrap();
/// assert!(emitted.tree.text(&TreePath::new("k8s/base/web.yaml").unwrap()).unwrap().contains("kind: Deployment"));
/// ```
pub fn emit(base: &CheckedStack, environments: &[CheckedEnvironment], package: &str) -> Result<Emitted, Report> {
    let mut emitted = Emitted::default();
    let mut report = Report::new();
    base::emit(base, &mut emitted.tree);
    for environment in environments {
        environment::emit(base, environment, &mut emitted, &mut report);
    }
    skaffold::emit(environments, package, &mut emitted.tree);
    if report.has_errors() { Err(report) } else { Ok(emitted) }
}

/// The folder of the base.
pub const BASE: &str = "k8s/base";
/// The folder of all overlays.
pub const OVERLAYS: &str = "k8s/overlays";
/// The folder of what is this machine's alone.
pub const LOCAL: &str = "k8s/local";

fn put(tree: &mut FileTree, path: &str, content: &(impl AsRef<[u8]> + ?Sized)) {
    // Every part of the path is a name that was checked, or a literal of this crate.
    if let Ok(path) = TreePath::new(path) {
        tree.insert(path, content);
    }
}
