use indexmap::IndexMap;

use crate::AccessMode;

/// What a stack finds in its cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// The IngressClass.
    pub ingress: Option<String>,
    /// The cert-manager ClusterIssuer that signs the ingress' certificates.
    pub issuer: Option<String>,
    /// Storage classes, in order of preference, and what they can.
    pub storage: IndexMap<String, AccessMode>,
}

impl Cluster {
    /// Lays what `over` says on top of this.
    pub fn merge(&mut self, over: &Self) {
        super::merge::replace(&mut self.ingress, over.ingress.as_ref());
        super::merge::replace(&mut self.issuer, over.issuer.as_ref());
        super::merge::entries(&mut self.storage, &over.storage);
    }
}
