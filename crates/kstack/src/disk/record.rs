use std::collections::BTreeMap;
use std::fmt::Write as _;

use stack_source::TreePath;

use super::sum::Sum;
use super::{DiskError, path};

/// What the line begins with that names the stack.
const OWNER: &str = "# stack ";

/// What was emitted: each file with the sums that its bytes may have. There are several only where a merge left both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// The stack that the tree is of, where it is known. Tools that check sums pass over its line.
    pub(super) owner: Option<String>,
    sums: BTreeMap<TreePath, Vec<Sum>>,
    /// Where each file stood in the text that was read, lines counted from one.
    lines: BTreeMap<TreePath, usize>,
}

impl Record {
    /// Reads the lines of `sha256sum` in the record `file`; `lenient` takes both sides of a merge conflict and passes over what is no line.
    pub(super) fn parse(file: &'static str, text: &str, lenient: bool) -> Result<Self, DiskError> {
        let mut record = Self::default();
        for (index, line) in text.lines().enumerate() {
            match entry(line) {
                Some((path, sum)) => {
                    record.lines.entry(path.clone()).or_insert(index + 1);
                    record.add(path, sum);
                }
                None if line.starts_with('#') => {
                    let owner = line.strip_prefix(OWNER).map(str::trim).filter(|owner| !owner.is_empty());
                    record.owner = record.owner.or_else(|| owner.map(str::to_owned));
                }
                None if lenient || line.trim().is_empty() => {}
                None if line.starts_with("<<<<<<<") => return Err(DiskError::MergeConflict { file, line: index + 1 }),
                None => return Err(DiskError::BadRecord { file, line: index + 1 }),
            }
        }
        Ok(record)
    }

    pub(super) fn add(&mut self, path: TreePath, sum: Sum) {
        let sums = self.sums.entry(path).or_default();
        if !sums.contains(&sum) {
            sums.push(sum);
        }
    }

    pub(super) fn add_all(&mut self, other: &Self) {
        for (path, sums) in &other.sums {
            for sum in sums {
                self.add(path.clone(), sum.clone());
            }
        }
    }

    pub(super) fn has(&self, path: &TreePath) -> bool {
        self.sums.contains_key(path)
    }

    /// Whether the tool has written these bytes there.
    pub(super) fn wrote(&self, path: &TreePath, bytes: &[u8]) -> bool {
        self.sums(path).iter().any(|sum| sum.is_of(bytes))
    }

    pub(super) fn sums(&self, path: &TreePath) -> &[Sum] {
        self.sums.get(path).map_or(&[], Vec::as_slice)
    }

    /// The line that names a file, in the text that was read.
    pub(super) fn line(&self, path: &TreePath) -> usize {
        self.lines.get(path).copied().unwrap_or_default()
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &TreePath> {
        self.sums.keys()
    }

    /// The text of the record; none where nothing was emitted.
    pub(super) fn text(&self) -> Option<String> {
        if self.sums.is_empty() {
            return None;
        }
        let mut text = self.owner.as_ref().map(|owner| format!("{OWNER}{owner}\n")).unwrap_or_default();
        for (path, sums) in &self.sums {
            for sum in sums {
                let _ = writeln!(text, "{sum}  {path}");
            }
        }
        Some(text)
    }
}

/// `sum  path`, as sha256sum writes it for texts, or `sum *path` for binaries.
fn entry(line: &str) -> Option<(TreePath, Sum)> {
    let (sum, rest) = line.split_once(' ')?;
    let name = rest.strip_prefix([' ', '*'])?;
    let path = TreePath::new(name).ok()?;
    let plain = path.as_str() == name && path::unfit(&path).is_none() && !path::is_record(name);
    plain.then_some(())?;
    Some((path, Sum::parse(sum)?))
}
