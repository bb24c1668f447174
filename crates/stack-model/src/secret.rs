use indexmap::IndexMap;
use stack_krm::{ConfigKey, DnsSubdomain};
use stack_source::Locus;

/// A Secret that the stack needs: its keys, never their values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secret {
    /// The keys that somebody must, or may, give a value.
    pub keys: IndexMap<ConfigKey, SecretKey>,
}

/// A key of a [`Secret`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretKey {
    /// Whether pods start without it.
    pub optional: bool,
    /// Where it was written.
    pub at: Locus,
}

/// One key of one Secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretKeyRef {
    /// The Secret.
    pub secret: DnsSubdomain,
    /// The key.
    pub key: ConfigKey,
}
