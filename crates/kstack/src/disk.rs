//! Folders as values: read whole, written whole or not at all.
//!
//! [`read`] turns a folder into a [`FileTree`]; [`write()`] turns one into a folder, whole or not at all; [`compare`] says
//! what writing would change; [`recover`] finishes or undoes a write that was killed. [`overwrite`] is for files that are nobody's:
//! it has the same promise and keeps no record.
//!
//! ```
//! use kstack::disk::{self, DiskError, Emission};
//! use stack_source::{FileTree, TreePath};
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let folder = folder.path();
//! let redis = TreePath::new("k8s/base/redis.yaml").unwrap();
//! let mut tree = FileTree::new();
//! tree.insert(redis.clone(), "kind: Service\n");
//!
//! let written = disk::write(folder, &Emission::of(&tree))?;
//! assert_eq!(written.created, [redis.clone()]);
//! assert!(disk::compare(folder, &Emission::of(&tree))?.is_same());
//!
//! // A person edits the file, and the tool does not overwrite it.
//! std::fs::write(folder.join("k8s/base/redis.yaml"), "kind: Service\n# mine\n").unwrap();
//! tree.insert(redis.clone(), "kind: Service\nspec: {}\n");
//! let Err(DiskError::InTheWay(files)) = disk::write(folder, &Emission::of(&tree)) else { panic!("overwritten") };
//! assert!(files[0].diff.as_ref().unwrap().contains("+# mine"));
//!
//! let written = disk::write(folder, &Emission::of(&tree).force())?;
//! assert_eq!(written.updated, [redis]);
//! # Ok::<(), DiskError>(())
//! ```
//!
//! # The record
//!
//! What was emitted stands in [`RECORD`], a small text file that is checked in with the rest. It has the format of
//! `sha256sum`, so `sha256sum -c k8s/.emitted` tells which files a person has edited; a first line
//! `# stack NAME`, which sha256sum passes over, names the [owner](Emission::owner). A file is the tool's own while
//! its bytes have the recorded sum; Windows line endings, as git may put them there, are no edit. A file with the very
//! bytes that would be written is taken up into the record; any other file that the record lacks is a person's own. A record
//! leads to the removal of nothing but what an emission can have written: files below `k8s/`, skaffold.yaml, and
//! kustomizations that begin as ours do, with the copies beside them where there are [copies](Emission::copies).
//!
//! # Killed at any moment
//!
//! A write first lays all new and all old contents down in the folder [`STAGING`], then a journal that says what goes
//! where; each file is then renamed into place, the record last, and [`STAGING`] is removed. Killed before the journal is
//! whole, nothing has changed; killed after it, the next [`write()`] or [`recover`] finishes. Where a step fails (a folder
//! that may not be written, say), all steps before it are undone. Whoever edits a file in between keeps the edit. Git takes in
//! nothing of [`STAGING`]: a `.gitignore` stands there before anything else does.

mod compare;
mod diff;
mod error;
mod ground;
mod hands;
mod journal;
mod lock;
mod path;
mod plan;
mod read;
mod record;
mod staging;
mod sum;
mod write;

#[cfg(test)]
mod tests;

use stack_source::{FileTree, TreePath};

pub use compare::{Comparison, Difference, compare};
pub use error::{DiskError, InTheWay, Why};
pub use read::{Limits, Reading, SKIPPED, read, read_within};
pub use write::{Recovered, Written, overwrite, recover, write};

/// The file that lists what was emitted, from the root of the tree.
pub const RECORD: &str = "k8s/.emitted";

/// The file that lists what was emitted for this machine alone: it stands in a folder that is never checked in.
pub const LOCAL_RECORD: &str = "k8s/local/.emitted";

/// What is written below it can be read by nobody else, on Unix.
const LOCAL: &str = "k8s/local/";

/// The folder, in the root of the tree, that exists while a write is under way.
pub const STAGING: &str = ".kstack";

/// What is to stand in a folder: the files of a tree, and how to treat those that are there already.
///
/// ```
/// use kstack::disk::{self, Emission};
/// use stack_source::{FileTree, TreePath};
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let folder = folder.path();
/// let path = |text| TreePath::new(text).unwrap();
/// let mut all = FileTree::new();
/// all.insert(path("k8s/overlays/dev/kustomization.yaml"), "namePrefix: dev-\n");
/// all.insert(path("k8s/overlays/prod/kustomization.yaml"), "namespace: shop\n");
/// disk::write(folder, &Emission::of(&all))?;
///
/// // Another prefix, and no prod any more.
/// let mut dev = FileTree::new();
/// dev.insert(path("k8s/overlays/dev/kustomization.yaml"), "namePrefix: dev2-\n");
/// let written = disk::write(folder, &Emission::of(&dev))?;
/// assert_eq!(written.updated.len(), 1);
/// assert_eq!(written.removed, [path("k8s/overlays/prod/kustomization.yaml")]);
/// # Ok::<(), disk::DiskError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Emission<'a> {
    tree: &'a FileTree,
    local: Option<&'a FileTree>,
    owner: Option<&'a str>,
    inputs: Vec<TreePath>,
    copies: bool,
    force: bool,
}

impl<'a> Emission<'a> {
    /// All files of `tree`, and none that was emitted before and is not in it.
    pub fn of(tree: &'a FileTree) -> Self {
        Self { tree, local: None, owner: None, inputs: Vec::new(), copies: false, force: false }
    }

    /// Names the stack that the tree is of. The record says it from then on, and the tree of another stack is refused: none
    /// of it is in this one, so all of it would be removed.
    #[must_use]
    pub fn owner(mut self, stack: &'a str) -> Self {
        self.owner = Some(stack);
        self
    }

    /// Adds files for this machine alone. They are written in the same stroke, and stand in [`LOCAL_RECORD`], so that what
    /// is checked in says nothing about them.
    #[must_use]
    pub fn local(mut self, local: &'a FileTree) -> Self {
        self.local = Some(local);
        self
    }

    /// Names files of this folder that the author wrote and the tree was made from. They are never written, removed or
    /// recorded; a tree that holds other bytes for one of them is refused.
    #[must_use]
    pub fn inputs(mut self, inputs: impl IntoIterator<Item = TreePath>) -> Self {
        self.inputs.extend(inputs);
        self
    }

    /// Says that the folder is not the package: the tree holds copies of files that the author wrote elsewhere, and those
    /// that it holds no longer are removed like others.
    #[must_use]
    pub fn copies(mut self) -> Self {
        self.copies = true;
        self
    }

    /// Overwrites and removes what a person has edited.
    #[must_use]
    pub fn force(mut self) -> Self {
        self.force = true;
        self
    }

    /// The trees, each with the file that records it.
    fn parts(&self) -> impl Iterator<Item = (&'a FileTree, &'static str)> {
        [(self.tree, RECORD)].into_iter().chain(self.local.map(|local| (local, LOCAL_RECORD)))
    }

    fn files(&self) -> impl Iterator<Item = (&'a TreePath, &'a [u8])> {
        self.parts().flat_map(|(tree, _)| tree.iter())
    }

    fn is_input(&self, path: &TreePath) -> bool {
        self.inputs.contains(path)
    }
}
