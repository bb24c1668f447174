use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::ground::{self, Ground, There};
use super::hands::Hands;
use super::journal::{self, Journal, Move, Side};
use super::lock::Lock;
use super::plan::Step;
use super::sum::Sum;
use super::{DiskError, LOCAL, Recovered, STAGING};

const JOURNAL: &str = "journal";
const JOURNAL_DRAFT: &str = "journal-draft";
const LOCK: &str = "lock";
/// What is laid down may be own keys, and a killed write leaves it there.
const GITIGNORE: &str = ".gitignore";
const IGNORE_ALL: &str = "*\n";

/// The folder that holds a write under way, and the right to use it.
#[derive(Debug)]
pub(super) struct Staging<'a> {
    hands: &'a Hands,
    ground: &'a Ground,
    folder: PathBuf,
    /// There until the end.
    lock: Option<Lock>,
}

impl<'a> Staging<'a> {
    /// Whether somebody writes, or was killed while writing.
    pub(super) fn exists(ground: &Ground) -> Result<bool, DiskError> {
        Ok(ground::kind(&ground.root().join(STAGING))?.is_some())
    }

    pub(super) fn enter(hands: &'a Hands, ground: &'a Ground) -> Result<Self, DiskError> {
        let folder = ground.root().join(STAGING);
        // Whoever ends removes lock and folder, perhaps between two of our steps; then it is tried again.
        for _ in 0..100 {
            match ground::kind(&folder)? {
                Some(kind) if kind.is_dir() => {}
                Some(_) => return Err(DiskError::NotStaging { path: folder }),
                None => match hands.create_folder(&folder) {
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                        return Err(DiskError::io("make the folder", &folder)(error));
                    }
                    _ => {}
                },
            }
            if let Some(lock) = Lock::take(&folder.join(LOCK), ground.root())? {
                let staging = Self { hands, ground, folder, lock: Some(lock) };
                staging.hide_from_git()?;
                return Ok(staging);
            }
        }
        Err(DiskError::Locked { folder: ground.root().to_owned(), by: None })
    }

    /// Nothing is laid down before git is told to pass it over, whatever the repository's own `.gitignore` says.
    fn hide_from_git(&self) -> Result<(), DiskError> {
        let place = self.folder.join(GITIGNORE);
        if self.is_hidden_from_git() {
            return Ok(());
        }
        self.remove_if_there(&place)?;
        self.hands.create(&place, IGNORE_ALL.as_bytes()).map_err(DiskError::io("write", &place))
    }

    fn is_hidden_from_git(&self) -> bool {
        let place = self.folder.join(GITIGNORE);
        let is_file = fs::symlink_metadata(&place).is_ok_and(|known| known.is_file() && known.len() < 64);
        is_file && fs::read_to_string(&place).is_ok_and(|there| there.trim() == IGNORE_ALL.trim())
    }

    /// Whether something is left that git must not take in.
    fn holds_anything(&self) -> bool {
        let Ok(entries) = fs::read_dir(&self.folder) else { return true };
        entries.flatten().any(|entry| entry.file_name() != LOCK && entry.file_name() != GITIGNORE)
    }

    /// Finishes or undoes what a killed process left behind.
    pub(super) fn recover(&self) -> Result<Option<Recovered>, DiskError> {
        let Some(text) = self.read_journal()? else {
            return Ok(self.clear()?.then_some(Recovered::Undone));
        };
        let Some(journal) = Journal::parse(&text) else {
            // Torn: it was not whole when the machine stopped, so nothing had been moved. Or not ours.
            self.clear()?;
            return Ok(Some(Recovered::Undone));
        };
        let finished = journal.to == Side::New && self.settle(&journal).is_ok();
        if !finished {
            self.turn_back(&journal)?;
        }
        let recovered = if finished { Recovered::Finished } else { Recovered::Undone };
        self.clear()?;
        Ok(Some(recovered))
    }

    /// Brings all steps about, or none of them.
    pub(super) fn carry_out(&self, steps: &[Step]) -> Result<(), DiskError> {
        let journal = match self.prepare(steps) {
            Ok(journal) => journal,
            Err(error) => {
                self.clear()?;
                return Err(error);
            }
        };
        if let Err(error) = self.settle(&journal) {
            self.turn_back(&journal)?;
            self.clear()?;
            return Err(error);
        }
        self.clear().map(|_| ())
    }

    /// Lays all contents down, then the journal. With its last step the write is decided.
    fn prepare(&self, steps: &[Step]) -> Result<Journal, DiskError> {
        let mut laid = Vec::new();
        let mut moves = Vec::new();
        for (index, step) in steps.iter().enumerate() {
            for (side, bytes) in [(Side::Old, &step.old), (Side::New, &step.new)] {
                let Some(bytes) = bytes else { continue };
                let place = self.laid(index, side);
                let own_keys = step.path.as_str().starts_with(LOCAL);
                let make = if own_keys { Hands::create_private } else { Hands::create };
                make(self.hands, &place, bytes).map_err(DiskError::io("write", &place))?;
                if !own_keys {
                    keep_mode(&self.ground.at(&step.path), &place);
                }
                // Old contents serve to undo a step that fails; they need not outlive a power cut.
                if side == Side::New {
                    laid.push(place);
                }
            }
            let sum = |bytes: &Option<Vec<u8>>| bytes.as_deref().map(Sum::of);
            moves.push(Move { path: step.path.clone(), old: sum(&step.old), new: sum(&step.new) });
        }
        for place in &laid {
            self.hands.sync(place).map_err(DiskError::io("write", place))?;
        }
        self.sync_folder(&self.folder)?;
        let journal = Journal { to: Side::New, moves };
        self.write_journal(&journal)?;
        Ok(journal)
    }

    fn write_journal(&self, journal: &Journal) -> Result<(), DiskError> {
        let draft = self.folder.join(JOURNAL_DRAFT);
        self.remove_if_there(&draft)?;
        self.hands.create(&draft, journal.text().as_bytes()).map_err(DiskError::io("write", &draft))?;
        self.hands.sync(&draft).map_err(DiskError::io("write", &draft))?;
        let place = self.folder.join(JOURNAL);
        self.hands.rename(&draft, &place).map_err(DiskError::io("write", &place))?;
        self.sync_folder(&self.folder)
    }

    fn settle(&self, journal: &Journal) -> Result<(), DiskError> {
        for index in 0..journal.moves.len() {
            self.settle_one(journal, index)?;
        }
        self.sync_parents(journal)
    }

    /// Brings one file to its side. Whatever is there and is of neither side was put there by a person, and stays.
    fn settle_one(&self, journal: &Journal, index: usize) -> Result<(), DiskError> {
        let step = &journal.moves[index];
        let place = self.ground.at(&step.path);
        let wanted = step.to(journal.to);
        match self.ground.look(&step.path)? {
            There::Nothing => {}
            There::File(bytes) => {
                let sum = Some(Sum::of(&bytes));
                if sum.as_ref() == wanted || (sum != step.old && sum != step.new) {
                    return Ok(());
                }
            }
            There::Link | There::NoFile | There::NoFolder(_) => return Ok(()),
        }
        let Some(sum) = wanted else {
            self.remove_if_there(&place)?;
            return self.ground.prune(self.hands, &step.path);
        };
        let laid = self.laid(index, journal.to);
        if !is_whole(&laid, sum) {
            let damaged = io::Error::new(io::ErrorKind::InvalidData, "what was to be written there is damaged");
            return Err(DiskError::io("write", &place)(damaged));
        }
        self.ground.make_parents(self.hands, &step.path)?;
        self.hands.rename(&laid, &place).map_err(DiskError::io("write", &place))
    }

    /// Undoes, from the last step to the first. A file whose old contents are damaged is left as it is.
    fn turn_back(&self, journal: &Journal) -> Result<(), DiskError> {
        let half_way = |error| match error {
            DiskError::Io { doing, path, source } => DiskError::HalfWay { doing, path, source },
            other => other,
        };
        let back = Journal { to: Side::Old, moves: journal.moves.clone() };
        if journal.to == Side::New {
            self.write_journal(&back).map_err(half_way)?;
        }
        for index in (0..back.moves.len()).rev() {
            match self.settle_one(&back, index) {
                Err(DiskError::Io { source, .. }) if source.kind() == io::ErrorKind::InvalidData => {}
                settled => settled.map_err(half_way)?,
            }
        }
        // Folders that were made for a file that never came.
        for step in back.moves.iter().filter(|step| step.old.is_none()) {
            self.ground.prune(self.hands, &step.path).map_err(half_way)?;
        }
        self.sync_parents(&back).map_err(half_way)
    }

    /// Removes what a write puts into the folder, the journal first, and nothing else. Says whether there was any.
    fn clear(&self) -> Result<bool, DiskError> {
        let journal = self.folder.join(JOURNAL);
        let mut any = self.remove_if_there(&journal)?;
        let entries = fs::read_dir(&self.folder).map_err(DiskError::io("read", &self.folder))?;
        let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
        names.sort();
        for name in names.iter().filter_map(|name| name.to_str()) {
            let index = name.strip_prefix("old-").or_else(|| name.strip_prefix("new-"));
            let laid = index.is_some_and(|index| index.bytes().all(|byte| byte.is_ascii_digit()));
            if laid || name == JOURNAL_DRAFT {
                any |= self.remove_if_there(&self.folder.join(name))?;
            }
        }
        Ok(any)
    }

    fn read_journal(&self) -> Result<Option<String>, DiskError> {
        let place = self.folder.join(JOURNAL);
        if ground::kind(&place)?.is_none() {
            return Ok(None);
        }
        let sound =
            fs::symlink_metadata(&place).is_ok_and(|known| known.is_file() && known.len() < journal::MOST_BYTES);
        let bytes = if sound { fs::read(&place).map_err(DiskError::io("read", &place))? } else { Vec::new() };
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn remove_if_there(&self, place: &Path) -> Result<bool, DiskError> {
        match ground::kind(place)? {
            Some(kind) if !kind.is_dir() => {
                self.hands.remove_file(place).map_err(DiskError::io("remove", place))?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn sync_folder(&self, folder: &Path) -> Result<(), DiskError> {
        self.hands.sync_folder(folder).map_err(DiskError::io("write", folder))
    }

    fn sync_parents(&self, journal: &Journal) -> Result<(), DiskError> {
        let mut folders: Vec<_> = journal.moves.iter().filter_map(|step| step.path.parent()).collect();
        folders.sort();
        folders.dedup();
        for place in folders.iter().map(|folder| self.ground.at(folder)).filter(|place| place.is_dir()) {
            self.sync_folder(&place)?;
        }
        Ok(())
    }

    fn laid(&self, index: usize, side: Side) -> PathBuf {
        self.folder.join(format!("{}-{index}", side.word()))
    }
}

impl Drop for Staging<'_> {
    /// A folder with something left in it stays: the journal of a write that could not be undone.
    fn drop(&mut self) {
        if self.is_hidden_from_git() && !self.holds_anything() {
            let _ = self.hands.remove_file(&self.folder.join(GITIGNORE));
        }
        if let Some(lock) = self.lock.take() {
            lock.release(self.hands);
        }
        let _ = self.hands.remove_folder(&self.folder);
    }
}

fn is_whole(laid: &Path, sum: &Sum) -> bool {
    let file = fs::symlink_metadata(laid).is_ok_and(|known| known.is_file());
    file && fs::read(laid).is_ok_and(|bytes| Sum::of(&bytes) == *sum)
}

/// Gives a file the mode of the one that it will replace.
fn keep_mode(known: &Path, laid: &Path) {
    if !cfg!(unix) {
        return;
    }
    if let Ok(known) = fs::symlink_metadata(known) {
        let _ = fs::set_permissions(laid, known.permissions());
    }
}
