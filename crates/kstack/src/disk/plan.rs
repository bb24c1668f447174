use std::collections::BTreeSet;

use stack_overlay::emit::SWITCH;
use stack_source::{FileTree, TreePath};
use walkdir::WalkDir;

use super::ground::{Ground, There};
use super::record::Record;
use super::sum::{Sum, same};
use super::{DiskError, Emission, InTheWay, Why, diff};

const KUSTOMIZATION: &str = "kustomization.yaml";

/// How each file begins that is made, and not copied.
const HEAD: &str = "# Written by kstack";

/// A file that changes: its bytes now and afterwards; none where there is no file.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) path: TreePath,
    pub(super) old: Option<Vec<u8>>,
    pub(super) new: Option<Vec<u8>>,
}

/// What an emission would change. The steps stand in the order in which they are safe: removals, then files, then the record.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    pub(super) in_the_way: Vec<InTheWay>,
    pub(super) unchanged: Vec<TreePath>,
}

/// A record as it is, and as it shall be.
struct Page {
    file: &'static str,
    old: Option<Vec<u8>>,
    old_record: Record,
    new_record: Record,
}

impl Plan {
    pub(super) fn of(ground: &Ground, emission: &Emission<'_>) -> Result<Self, DiskError> {
        let mut pages = Vec::new();
        for (_, file) in emission.parts() {
            match read_page(ground, file, emission.force)? {
                Ok(page) => pages.push(page.owned_by(emission.owner)?),
                Err(in_the_way) => return Ok(Self { in_the_way: vec![in_the_way], ..Self::default() }),
            }
        }
        let mut known = Record::default();
        for page in &pages {
            known.add_all(&page.old_record);
        }

        let mut plan = Self::default();
        for page in &mut pages {
            plan.drop_files(ground, emission, page)?;
        }
        let dropped: BTreeSet<TreePath> = plan.steps.iter().map(|step| step.path.clone()).collect();
        for ((tree, _), page) in emission.parts().zip(&mut pages) {
            for (path, bytes) in tree.iter() {
                plan.put_file(ground, emission, &known, &dropped, (path, bytes))?;
                if !emission.is_input(path) {
                    page.new_record.add(path.clone(), Sum::of(bytes));
                }
            }
        }
        plan.steps.extend(pages.into_iter().filter_map(Page::step));
        Ok(plan)
    }

    /// The files of a record that the trees lack: removed, or forgotten where they are gone already.
    fn drop_files(&mut self, ground: &Ground, emission: &Emission<'_>, page: &mut Page) -> Result<(), DiskError> {
        for path in page.old_record.paths() {
            if emission.parts().any(|(tree, _)| tree.get(path).is_some()) || emission.is_input(path) {
                continue;
            }
            let There::File(bytes) = ground.look(path)? else { continue };
            if !may_be_removed(ground, emission, &page.old_record, path, &bytes)? {
                if emission.force {
                    continue;
                }
                let line = page.old_record.line(path);
                return Err(DiskError::NotEmitted { file: page.file, line, path: path.clone() });
            }
            if !page.old_record.wrote(path, &bytes) {
                self.in_the_way.push(InTheWay { path: path.clone(), why: Why::EditedAndDropped, diff: None });
            }
            self.steps.push(Step { path: path.clone(), old: Some(bytes), new: None });
        }
        Ok(())
    }

    fn put_file(
        &mut self,
        ground: &Ground,
        emission: &Emission<'_>,
        record: &Record,
        dropped: &BTreeSet<TreePath>,
        (path, bytes): (&TreePath, &[u8]),
    ) -> Result<(), DiskError> {
        let mut old = None;
        let stop = match ground.look(path)? {
            There::File(there) if same(&there, bytes) && !is_dropped_under_another_case(path, dropped) => {
                self.unchanged.push(path.clone());
                return Ok(());
            }
            There::File(there) => {
                let why = why_not_overwritten(emission, record, path, bytes, &there);
                let shown = why.map(|why| (path.clone(), why, Some(diff::unified(path, bytes, &there))));
                old = Some(there);
                shown
            }
            There::Nothing => emission.is_input(path).then(|| (path.clone(), Why::Input, None)),
            There::Link => Some((path.clone(), Why::Link, None)),
            There::NoFile if becomes_free(ground, path, dropped) => None,
            There::NoFile => Some((path.clone(), Why::NoFile, None)),
            There::NoFolder(folder) if dropped.contains(&folder) => None,
            There::NoFolder(folder) => Some((folder, Why::NoFolder, None)),
        };
        if let Some((path, why, diff)) = stop {
            let known = self.in_the_way.iter().any(|file| file.path == path);
            if !known {
                self.in_the_way.push(InTheWay { path, why, diff });
            }
            if !why.yields_to_force() {
                return Ok(());
            }
        }
        self.steps.push(Step { path: path.clone(), old, new: Some(bytes.to_vec()) });
        Ok(())
    }
}

/// What puts the files of a tree over those that are there.
pub(super) fn over(ground: &Ground, tree: &FileTree) -> Result<Vec<Step>, DiskError> {
    let (mut steps, mut in_the_way) = (Vec::new(), Vec::new());
    for (path, bytes) in tree.iter() {
        let step = |old| Step { path: path.clone(), old, new: Some(bytes.to_vec()) };
        let (path, why) = match ground.look(path)? {
            There::File(there) if there == bytes => continue,
            There::File(there) => {
                steps.push(step(Some(there)));
                continue;
            }
            There::Nothing => {
                steps.push(step(None));
                continue;
            }
            There::Link => (path.clone(), Why::Link),
            There::NoFile => (path.clone(), Why::NoFile),
            There::NoFolder(folder) => (folder, Why::NoFolder),
        };
        in_the_way.push(InTheWay { path, why, diff: None });
    }
    if in_the_way.is_empty() { Ok(steps) } else { Err(DiskError::InTheWay(in_the_way)) }
}

impl Page {
    /// Refuses the tree of another stack: all of it would be removed.
    fn owned_by(mut self, stack: Option<&str>) -> Result<Self, DiskError> {
        if let (Some(owner), Some(stack)) = (&self.old_record.owner, stack)
            && owner != stack
        {
            let (owner, stack) = (owner.clone(), stack.to_owned());
            return Err(DiskError::OtherStack { file: self.file, owner, stack });
        }
        self.new_record.owner = stack.map(str::to_owned).or_else(|| self.old_record.owner.clone());
        Ok(self)
    }

    /// What the record itself has to become.
    fn step(self) -> Option<Step> {
        let new = self.new_record.text().map(String::into_bytes);
        let equal = match (&self.old, &new) {
            (Some(old), Some(new)) => same(old, new),
            (old, new) => old.is_none() && new.is_none(),
        };
        (!equal).then(|| Step { path: path_of(self.file), old: self.old, new })
    }
}

/// The record in `file`, or what stands in its place.
fn read_page(ground: &Ground, file: &'static str, lenient: bool) -> Result<Result<Page, InTheWay>, DiskError> {
    let blocked = |path, why| Ok(Err(InTheWay { path, why, diff: None }));
    let path = path_of(file);
    let old = match ground.look(&path)? {
        There::File(bytes) => Some(bytes),
        There::Nothing => None,
        There::Link => return blocked(path, Why::Link),
        There::NoFile => return blocked(path, Why::NoFile),
        There::NoFolder(folder) => return blocked(folder, Why::NoFolder),
    };
    let text = String::from_utf8_lossy(old.as_deref().unwrap_or_default());
    let old_record = Record::parse(file, &text, lenient)?;
    Ok(Ok(Page { file, old, old_record, new_record: Record::default() }))
}

/// Whether a file is one that an emission writes, as far as its place and its head tell: a record is a text that anyone
/// may edit, and must not lead to the removal of what an author wrote.
fn may_be_removed(
    ground: &Ground,
    emission: &Emission<'_>,
    record: &Record,
    path: &TreePath,
    bytes: &[u8],
) -> Result<bool, DiskError> {
    let is_made = |bytes: &[u8]| bytes.starts_with(HEAD.as_bytes());
    match path.as_str() {
        "skaffold.yaml" => return Ok(true),
        "skaffold.env" => return Ok(bytes.starts_with(SWITCH.as_bytes())),
        other if other.starts_with("k8s/") => return Ok(true),
        _ => {}
    }
    let Some(folder) = path.parent().filter(|folder| folder.parts().next().is_some()) else { return Ok(false) };
    if path.name() == Some(KUSTOMIZATION) {
        return Ok(is_made(bytes));
    }
    // A copy stands beside the kustomization that was emitted for its folder.
    let Ok(beside) = folder.join(KUSTOMIZATION) else { return Ok(false) };
    Ok(emission.copies && record.has(&beside) && matches!(ground.look(&beside)?, There::File(bytes) if is_made(&bytes)))
}

fn path_of(file: &str) -> TreePath {
    TreePath::new(file).unwrap_or_default()
}

fn why_not_overwritten(
    emission: &Emission<'_>,
    record: &Record,
    path: &TreePath,
    emitted: &[u8],
    there: &[u8],
) -> Option<Why> {
    if emission.is_input(path) {
        Some(Why::Input)
    } else if record.wrote(path, there) || same(there, emitted) {
        None
    } else if record.has(path) {
        Some(Why::Edited { stack_changed: !record.wrote(path, emitted) })
    } else {
        Some(Why::NotOurs)
    }
}

/// `Redis.yaml` became `redis.yaml`: where case does not count, removing the one removes the other.
fn is_dropped_under_another_case(path: &TreePath, dropped: &BTreeSet<TreePath>) -> bool {
    let folded = path.as_str().to_lowercase();
    dropped.iter().any(|other| other.as_str().to_lowercase() == folded)
}

/// Whether `path` is a folder that holds nothing but files which are removed.
fn becomes_free(ground: &Ground, path: &TreePath, dropped: &BTreeSet<TreePath>) -> bool {
    let mut holds_files = false;
    for entry in WalkDir::new(ground.at(path)).min_depth(1) {
        let Ok(entry) = entry else { return false };
        if entry.file_type().is_dir() {
            continue;
        }
        let relative = entry.path().strip_prefix(ground.root()).ok().and_then(|relative| relative.to_str());
        let known = relative.and_then(|relative| TreePath::new(&relative.replace('\\', "/")).ok());
        if !known.is_some_and(|known| dropped.contains(&known)) {
            return false;
        }
        holds_files = true;
    }
    holds_files
}
