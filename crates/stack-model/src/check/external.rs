//! Who is outside, and where: what a file says of it was looked at when it was read.

use super::Faults;
use crate::parse::rule::INVALID_EXTERNAL;
use crate::{ExternalKind, Stack, address};

/// A server elsewhere has a host and a port: its policies are made of them.
pub(super) fn check(stack: &Stack, faults: &mut Faults) {
    for external in stack.externals.values() {
        let ExternalKind::Url(url) = &external.kind else { continue };
        if let Some((message, help)) = address::fault(&url.to_string()) {
            faults.add(&INVALID_EXTERNAL, &external.at, message, Some(help));
        }
    }
}
