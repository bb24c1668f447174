//! Which object is meant.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

use crate::Gvk;
use crate::yaml::Text;

/// What tells objects apart: type, namespace and name.
///
/// Two ids are equal when their *effective* namespaces are: none is `default`, and a cluster-scoped kind has none whatever is
/// written.
///
/// ```
/// use stack_krm::{Gvk, ResourceId};
///
/// let pod = |namespace: &str| ResourceId::new(Gvk::from_api_version("v1", "Pod"), namespace, "web");
/// assert_eq!(pod(""), pod("default"));
/// assert_ne!(pod(""), pod("prod"));
/// ```
#[derive(Clone, Debug)]
pub struct ResourceId {
    /// The type.
    pub gvk: Gvk,
    /// The namespace as written; empty where there is none.
    pub namespace: Text,
    /// The name.
    pub name: Text,
    cluster_scoped: bool,
}

/// The effective namespace of whatever has none. No namespace can be called that.
static OUTSIDE_NAMESPACES: LazyLock<Text> = LazyLock::new(|| "_non_namespaceable_".into());

/// The effective namespace of what is in one and names none.
static DEFAULT: LazyLock<Text> = LazyLock::new(|| "default".into());

impl ResourceId {
    /// The id of the object of this type, namespace and name.
    pub fn new(gvk: Gvk, namespace: impl Into<Text>, name: impl Into<Text>) -> Self {
        let cluster_scoped = gvk.is_cluster_scoped();
        Self { gvk, namespace: namespace.into(), name: name.into(), cluster_scoped }
    }

    /// The same id of a kind of which somebody knows that it lives outside namespaces: a schema of one's own may say so.
    #[must_use]
    pub fn outside_namespaces(self) -> Self {
        Self { cluster_scoped: true, ..self }
    }

    /// Whether the kind certainly lives outside namespaces.
    pub fn is_cluster_scoped(&self) -> bool {
        self.cluster_scoped
    }

    /// The namespace that counts: `default` where none is written, a name that none can have for cluster-scoped kinds.
    pub fn effective_namespace(&self) -> &Text {
        match &self.namespace {
            _ if self.cluster_scoped => &OUTSIDE_NAMESPACES,
            none if none.is_empty() => &DEFAULT,
            written => written,
        }
    }

    /// Whether both lie in the same effective namespace.
    pub fn shares_namespace(&self, other: &Self) -> bool {
        self.effective_namespace() == other.effective_namespace()
    }

    /// Whether every part that `selector` gives agrees; an empty part stands for anything.
    pub fn is_selected_by(&self, selector: &Self) -> bool {
        (selector.name.is_empty() || selector.name == self.name)
            && (selector.namespace.is_empty() || selector.shares_namespace(self))
            && self.gvk.is_selected_by(&selector.gvk)
    }

    fn key(&self) -> (&Gvk, &str, &str) {
        (&self.gvk, self.effective_namespace(), &self.name)
    }
}

impl PartialEq for ResourceId {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for ResourceId {}

impl PartialOrd for ResourceId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ResourceId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Hash for ResourceId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

/// As in messages: `apps/v1 Deployment web in prod`.
impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.gvk, self.name)?;
        if self.namespace.is_empty() { Ok(()) } else { write!(f, " in {}", self.namespace) }
    }
}
