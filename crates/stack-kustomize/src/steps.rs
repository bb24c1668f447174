//! How much is looked at. Whether that grows with the square of what is read is for tests to count: the clock does not tell.

#[cfg(test)]
use std::cell::Cell;

#[cfg(test)]
thread_local! {
    static TAKEN: Cell<usize> = const { Cell::new(0) };
}

/// Notes that so many entries, or bytes, are looked at; nothing but in tests.
pub(crate) fn note(count: usize) {
    #[cfg(test)]
    TAKEN.with(|taken| taken.set(taken.get() + count));
    #[cfg(not(test))]
    let _ = count;
}

/// How much was looked at by this.
#[cfg(test)]
pub(crate) fn taken(work: impl FnOnce()) -> usize {
    let before = TAKEN.with(Cell::get);
    work();
    TAKEN.with(Cell::get) - before
}
