//! What may turn out to be a key.

use super::{ReadError, Scanner, refuse};

/// How far `: ` may stand behind the start of its key, in characters.
const LONGEST_KEY: usize = 1024;

/// What may turn out to be a key, once `: ` is found behind it.
#[derive(Clone, Copy)]
pub(super) struct PossibleKey {
    /// The number of its first token.
    pub(super) token: usize,
    pub(super) at: usize,
    pub(super) column: isize,
    /// Whether nothing else can stand here.
    pub(super) is_required: bool,
    /// Whether its first token stays until it is known to be a key or none. go-yaml does not wait for brackets with nothing inside.
    pub(super) waits: bool,
}

/// What is outside of all brackets, or inside of one that is open.
pub(super) struct Level {
    pub(super) key: Option<PossibleKey>,
    /// The number of the first token of the last possible key; of the bracket before there is one.
    pub(super) last: usize,
}

impl Scanner<'_> {
    /// A bracket ends.
    pub(super) fn close(&mut self) {
        let inside = self.levels.pop();
        if let (Some(inside), Some(Level { key: Some(key), .. })) = (inside, self.levels.last_mut()) {
            key.waits &= key.token != inside.last;
        }
    }

    pub(super) fn save_key(&mut self) -> Result<(), ReadError> {
        if !self.may_start_key {
            return Ok(());
        }
        let column = self.column();
        self.forget_key()?;
        let key = PossibleKey {
            token: self.next(),
            at: self.cursor.at(),
            column,
            is_required: !self.is_in_flow() && self.indent == column,
            waits: true,
        };
        if let Some(level) = self.levels.last_mut() {
            *level = Level { key: Some(key), last: key.token };
        }
        Ok(())
    }

    pub(super) fn forget_key(&mut self) -> Result<(), ReadError> {
        match self.levels.last_mut().and_then(|level| level.key.take()) {
            Some(key) if key.is_required => Err(refuse::no_key(&self.cursor, key.at)),
            _ => Ok(()),
        }
    }

    /// Whether what stands before may still be a key.
    pub(super) fn is_valid(&mut self, level: usize) -> Result<bool, ReadError> {
        let Some(key) = self.levels[level].key else { return Ok(false) };
        if key.at >= self.cursor.line() && self.cursor.distance(key.at, LONGEST_KEY) <= LONGEST_KEY {
            return Ok(true);
        }
        if key.is_required {
            return Err(refuse::no_key(&self.cursor, key.at));
        }
        self.levels[level].key = None;
        Ok(false)
    }

    pub(super) fn head_may_be_key(&mut self) -> Result<bool, ReadError> {
        let head = self.taken;
        let is_head = |key: PossibleKey| key.waits && key.token == head;
        match self.levels.iter().position(|level| level.key.is_some_and(is_head)) {
            Some(level) => self.is_valid(level),
            None => Ok(false),
        }
    }
}
