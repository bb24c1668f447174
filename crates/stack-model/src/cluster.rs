use indexmap::IndexMap;
use stack_krm::Quantity;

use crate::AccessMode;

/// What a stack finds in its cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// A kind of cluster whose facts are known: `minikube`, `k3s`.
    pub profile: Option<String>,
    /// The IngressClass.
    pub ingress: Option<String>,
    /// The cert-manager ClusterIssuer that signs the ingress' certificates.
    pub issuer: Option<String>,
    /// Storage classes, in order of preference, and what they can.
    pub storage: IndexMap<String, AccessMode>,
    /// The machine that Minikube gets.
    pub machine: Option<Machine>,
    /// The smallest Minikube machine on which the stack runs.
    pub smallest_machine: Option<Machine>,
}

/// The size of a Minikube machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    /// CPUs.
    pub cpus: u32,
    /// Memory.
    pub memory: Quantity,
    /// Disk.
    pub disk: Quantity,
}

impl Cluster {
    /// Lays what `over` says on top of this.
    pub fn merge(&mut self, over: &Self) {
        super::merge::replace(&mut self.profile, over.profile.as_ref());
        super::merge::replace(&mut self.ingress, over.ingress.as_ref());
        super::merge::replace(&mut self.issuer, over.issuer.as_ref());
        super::merge::replace(&mut self.machine, over.machine.as_ref());
        super::merge::replace(&mut self.smallest_machine, over.smallest_machine.as_ref());
        super::merge::entries(&mut self.storage, &over.storage);
    }
}
