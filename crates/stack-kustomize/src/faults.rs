//! Faults that do not follow from one another are told at once.

use stack_source::Report;

use crate::error::Result;

/// Who has so many to mend asks again anyway.
const MOST: usize = 100;

/// What is wrong so far.
#[derive(Default)]
pub(crate) struct Faults(Report);

impl Faults {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notes what has failed; an error where it is enough.
    pub(crate) fn note<T>(&mut self, result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => return Ok(Some(value)),
            Err(error) => self.0.append(error.into_report()),
        }
        if self.0.errors() < MOST { Ok(None) } else { Err(std::mem::take(&mut self.0).into()) }
    }

    /// An error where anything has failed.
    pub(crate) fn finish(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0.into()) }
    }
}
