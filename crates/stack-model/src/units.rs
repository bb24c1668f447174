//! Quantities in Rust as short as in YAML: `gi(20)` is `20Gi`, and `milli(250)..milli(1000)` is `250m..1000m`.

use std::ops::Range;

use stack_krm::Quantity;

use crate::Amount;

/// Thousandths: `milli(250)` is `250m`.
pub const fn milli(thousandths: u32) -> Quantity {
    Quantity::milli(thousandths)
}

/// Mebibytes: `mi(512)` is `512Mi`.
pub const fn mi(mebibytes: u32) -> Quantity {
    Quantity::mi(mebibytes)
}

/// Gibibytes: `gi(20)` is `20Gi`.
pub const fn gi(gibibytes: u32) -> Quantity {
    Quantity::gi(gibibytes)
}

impl From<Range<Quantity>> for Amount {
    fn from(range: Range<Quantity>) -> Self {
        Self::range(range.start, range.end)
    }
}
