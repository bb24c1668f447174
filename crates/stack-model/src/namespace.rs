use indexmap::IndexMap;
use stack_krm::DnsSubdomain;
use stack_source::Locus;

use crate::Secret;

/// One of several namespaces of a stack. Its services are those of the [`Stack`](crate::Stack) whose
/// [`ServiceId`](crate::ServiceId) names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Namespace {
    /// Whether somebody else made it: then it is neither created nor deleted.
    pub existing: bool,
    /// Secrets of this namespace that no component brings.
    pub secrets: IndexMap<DnsSubdomain, Secret>,
    /// Where it was written.
    pub at: Locus,
}
