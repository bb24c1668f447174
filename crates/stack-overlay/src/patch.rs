use stack_krm::yaml::Node;
use stack_source::Locus;

/// A change of one emitted object, for what the vocabulary cannot say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// The object that is changed.
    pub target: PatchTarget,
    /// The change.
    pub body: PatchBody,
    /// Where it was written.
    pub at: Locus,
}

/// The object that a [`Patch`] changes, by the name that it has before prefix and suffix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchTarget {
    /// The kind in the Kubernetes API: `Deployment`.
    pub kind: String,
    /// The name.
    pub name: String,
}

/// The two forms that kustomize takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatchBody {
    /// A part of the object, laid on top of it.
    StrategicMerge(Node),
    /// Operations, one after the other.
    Json6902(Vec<Node>),
}
