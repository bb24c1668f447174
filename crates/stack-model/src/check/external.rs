//! Who is outside, and where.

use super::Faults;
use super::provider::Address;
use crate::parse::rule::INVALID_EXTERNAL;
use crate::{ExternalKind, Stack};

/// A server elsewhere has a host and a port: its policies are made of them.
pub(super) fn check(stack: &Stack, faults: &mut Faults) {
    for (name, external) in &stack.externals {
        let ExternalKind::Url(url) = &external.kind else { continue };
        let url = url.to_string();
        let (message, help) = match Address::of(&url) {
            Address { scheme: None, .. } => {
                (format!("`{url}` of `{name}` has no scheme"), format!("write `https://{url}`"))
            }
            Address { host: "", .. } => {
                (format!("`{url}` of `{name}` has no host"), "write `SCHEME://HOST:PORT`".to_owned())
            }
            Address { scheme: Some(scheme), host, port: None } => (
                format!("nothing says at which port `{url}` of `{name}` is"),
                format!("write `{scheme}://{host}:PORT`"),
            ),
            Address { .. } => continue,
        };
        faults.add(&INVALID_EXTERNAL, &external.at, message, Some(help));
    }
}
