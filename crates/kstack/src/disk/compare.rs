use std::path::Path;

use stack_source::TreePath;

use super::ground::{self, Ground};
use super::plan::{Plan, Step};
use super::staging::Staging;
use super::{DiskError, Emission, InTheWay, diff, path};

/// What writing an emission would change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Each file that is not as it would be written, in the order of the paths.
    pub differences: Vec<Difference>,
    /// Those that a person has edited or made: [`write()`](super::write()) refuses to touch them without force.
    pub edited: Vec<TreePath>,
    /// Whether a write is under way or was killed: files may be half old and half new, and what was to be written still
    /// lies in [`STAGING`](super::STAGING). [`recover`](super::recover) mends it.
    pub unfinished: bool,
}

impl Comparison {
    /// Whether the folder is as it would be written.
    pub fn is_same(&self) -> bool {
        self.differences.is_empty() && !self.unfinished
    }
}

/// A file that is not as it would be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// It is not there.
    Missing(TreePath),
    /// It holds other bytes.
    Differs {
        /// The file.
        path: TreePath,
        /// What leads from the bytes that would be written to those that are there.
        diff: String,
    },
    /// It was emitted earlier and is no longer.
    Superfluous(TreePath),
    /// It cannot be written at all.
    Blocked(InTheWay),
}

impl Difference {
    /// The file.
    pub fn path(&self) -> &TreePath {
        match self {
            Self::Missing(path) | Self::Superfluous(path) | Self::Differs { path, .. } => path,
            Self::Blocked(file) => &file.path,
        }
    }
}

/// Says what [`write()`](super::write()) would change, and changes nothing. Edited files are differences like others.
///
/// ```
/// use kstack::disk::{self, Difference, Emission, RECORD};
/// use stack_source::{FileTree, TreePath};
///
/// # let folder = tempfile::tempdir().unwrap();
/// let redis = TreePath::new("k8s/base/redis.yaml").unwrap();
/// let mut tree = FileTree::new();
/// tree.insert(redis.clone(), "kind: Service\n");
/// let comparison = disk::compare(folder.path(), &Emission::of(&tree))?;
/// let record = TreePath::new(RECORD).unwrap();
/// assert_eq!(comparison.differences, [Difference::Missing(record), Difference::Missing(redis)]);
/// # Ok::<(), disk::DiskError>(())
/// ```
pub fn compare(folder: impl AsRef<Path>, emission: &Emission<'_>) -> Result<Comparison, DiskError> {
    let folder = ground::here_if_empty(folder.as_ref());
    path::check(emission.files().map(|(path, _)| path))?;
    if ground::kind(folder)?.is_none() {
        let missing = emission.files().map(|(path, _)| Difference::Missing(path.clone()));
        return Ok(Comparison { differences: missing.collect(), ..Comparison::default() });
    }
    let ground = Ground::of(folder)?;
    let plan = Plan::of(&ground, emission)?;
    let yields = plan.in_the_way.iter().filter(|file| file.why.yields_to_force());
    let edited = yields.map(|file| file.path.clone()).collect();
    let blocked = plan.in_the_way.into_iter().filter(|file| !file.why.yields_to_force()).map(Difference::Blocked);
    let mut differences: Vec<Difference> = plan.steps.into_iter().map(difference).chain(blocked).collect();
    differences.sort_by(|a, b| a.path().cmp(b.path()));
    Ok(Comparison { differences, edited, unfinished: Staging::exists(&ground)? })
}

fn difference(step: Step) -> Difference {
    let Step { path, old, new } = step;
    match (old, new) {
        (Some(old), Some(new)) => Difference::Differs { diff: diff::unified(&path, &new, &old), path },
        (None, _) => Difference::Missing(path),
        (Some(_), None) => Difference::Superfluous(path),
    }
}
