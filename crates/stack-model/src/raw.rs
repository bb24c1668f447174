use stack_krm::yaml::Node;
use stack_source::Locus;

/// An object of a kind that no component makes. A reference in it is followed like any other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawObject {
    /// `GROUP/VERSION` of its kind.
    pub api_version: String,
    /// Its kind.
    pub kind: String,
    /// Its namespace, where it has one that the environment does not decide.
    pub namespace: Option<String>,
    /// Whatever stands beside `kind` and `namespace`, as in the object itself.
    pub body: Node,
    /// Where it was written.
    pub at: Locus,
}
