use std::fs;
use std::path::Path;

use stack_source::{FileTree, TreePath};

use super::ground::{self, Ground};
use super::hands::Hands;
use super::plan::{self, Plan};
use super::staging::Staging;
use super::{DiskError, Emission, InTheWay, path};

/// What a write has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that were not there.
    pub created: Vec<TreePath>,
    /// Files that were there with other bytes.
    pub updated: Vec<TreePath>,
    /// Files that were emitted earlier and are no longer.
    pub removed: Vec<TreePath>,
    /// Files that were there with the same bytes, and were not touched.
    pub unchanged: Vec<TreePath>,
    /// What became of an earlier write that was killed.
    pub recovered: Option<Recovered>,
}

/// What became of a write that was killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// All of it was decided, and the rest was done.
    Finished,
    /// Nothing of it stands.
    Undone,
}

/// Brings an emission into a folder, whole or not at all; the folder is made where it is missing.
///
/// Files that the tool did not write, and those that a person has edited since, are in the way: the error names them all
/// and shows the differences.
pub fn write(folder: impl AsRef<Path>, emission: &Emission<'_>) -> Result<Written, DiskError> {
    write_with(&Hands::default(), folder.as_ref(), emission)
}

/// Puts the files of a tree into a folder that is there, whole or not at all, over files that are there already, whoever wrote them.
/// Nothing else is touched, and nothing is recorded.
///
/// ```
/// use stack_source::{FileTree, TreePath};
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let folder = folder.path();
/// std::fs::write(folder.join("a.yaml"), "mine\n").unwrap();
/// let mut tree = FileTree::new();
/// tree.insert(TreePath::new("a.yaml").unwrap(), "built\n");
/// kstack::disk::overwrite(folder, &tree)?;
/// assert_eq!(std::fs::read_to_string(folder.join("a.yaml")).unwrap(), "built\n");
/// # Ok::<(), kstack::disk::DiskError>(())
/// ```
pub fn overwrite(folder: impl AsRef<Path>, tree: &FileTree) -> Result<(), DiskError> {
    overwrite_with(&Hands::default(), folder.as_ref(), tree)
}

/// Finishes or undoes a write that was killed; does nothing where there was none.
///
/// A command that reads emitted files calls this first. [`write()`] does so by itself.
///
/// ```
/// # let folder = tempfile::tempdir().unwrap();
/// assert_eq!(kstack::disk::recover(folder.path())?, None);
/// # Ok::<(), kstack::disk::DiskError>(())
/// ```
pub fn recover(folder: impl AsRef<Path>) -> Result<Option<Recovered>, DiskError> {
    recover_with(&Hands::default(), folder.as_ref())
}

pub(super) fn recover_with(hands: &Hands, folder: &Path) -> Result<Option<Recovered>, DiskError> {
    let folder = ground::here_if_empty(folder);
    if ground::kind(folder)?.is_none() {
        return Ok(None);
    }
    let ground = Ground::of(folder)?;
    if !Staging::exists(&ground)? {
        return Ok(None);
    }
    Staging::enter(hands, &ground)?.recover()
}

pub(super) fn write_with(hands: &Hands, folder: &Path, emission: &Emission<'_>) -> Result<Written, DiskError> {
    path::check(emission.files().map(|(path, _)| path))?;
    let folder = ground::here_if_empty(folder);
    fs::create_dir_all(folder).map_err(DiskError::io("make the folder", folder))?;
    let ground = Ground::of(folder)?;
    if !Staging::exists(&ground)? {
        let plan = allowed(Plan::of(&ground, emission)?, emission)?;
        if plan.steps.is_empty() {
            return Ok(Written { unchanged: plan.unchanged, ..Written::default() });
        }
    }
    let staging = Staging::enter(hands, &ground)?;
    let recovered = staging.recover()?;
    let plan = allowed(Plan::of(&ground, emission)?, emission)?;
    if !plan.steps.is_empty() {
        staging.carry_out(&plan.steps)?;
    }
    Ok(written(plan, recovered))
}

pub(super) fn overwrite_with(hands: &Hands, folder: &Path, tree: &FileTree) -> Result<(), DiskError> {
    for (path, _) in tree.iter() {
        if let Some(why) = path::forbidden(path) {
            return Err(DiskError::Unfit { path: path.clone(), why: why.to_owned() });
        }
    }
    let ground = Ground::of(folder)?;
    if !Staging::exists(&ground)? && plan::over(&ground, tree)?.is_empty() {
        return Ok(());
    }
    let staging = Staging::enter(hands, &ground)?;
    staging.recover()?;
    staging.carry_out(&plan::over(&ground, tree)?)
}

fn allowed(plan: Plan, emission: &Emission<'_>) -> Result<Plan, DiskError> {
    let stays = |file: &&InTheWay| !(emission.force && file.why.yields_to_force());
    let blocked: Vec<InTheWay> = plan.in_the_way.iter().filter(stays).cloned().collect();
    if blocked.is_empty() { Ok(plan) } else { Err(DiskError::InTheWay(blocked)) }
}

fn written(plan: Plan, recovered: Option<Recovered>) -> Written {
    let mut written = Written { unchanged: plan.unchanged, recovered, ..Written::default() };
    for step in plan.steps.into_iter().filter(|step| !path::is_record(step.path.as_str())) {
        let list = match (&step.old, &step.new) {
            (None, _) => &mut written.created,
            (Some(_), Some(_)) => &mut written.updated,
            (Some(_), None) => &mut written.removed,
        };
        list.push(step.path);
    }
    written
}
