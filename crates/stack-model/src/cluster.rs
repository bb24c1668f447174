use indexmap::IndexMap;

use crate::AccessMode;

/// What a stack finds in its cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// The distribution, for people: `emit` says it, and nothing that is written depends on it.
    pub profile: Option<String>,
    /// How many nodes.
    pub nodes: Option<u32>,
    /// Who gives load balancers their addresses.
    pub load_balancer: Option<LoadBalancers>,
    /// Whose accelerators its nodes have.
    pub gpu: Option<Gpu>,
    /// The IngressClass.
    pub ingress: Option<String>,
    /// The cert-manager ClusterIssuer that signs the ingress' certificates.
    pub issuer: Option<String>,
    /// Storage classes, in order of preference, and what they can.
    pub storage: IndexMap<String, AccessMode>,
}

/// Who gives the load balancers of a cluster their addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadBalancers {
    /// `MetalLB`, which reads the wanted address in an annotation.
    MetalLb,
    /// The cloud that the cluster runs in; some of them read the wanted address in `spec.loadBalancerIP`.
    Cloud,
    /// `minikube tunnel`, as long as it runs on the developer's machine.
    MinikubeTunnel,
}

impl LoadBalancers {
    /// The annotation by which a Kubernetes Service asks for its address, where it is not `spec.loadBalancerIP`, which Kubernetes
    /// deprecates since 1.24 (its documentation, "Usage").
    pub fn annotation(self) -> Option<&'static str> {
        match self {
            Self::MetalLb => Some("metallb.io/loadBalancerIPs"),
            Self::Cloud | Self::MinikubeTunnel => None,
        }
    }
}

/// Whose accelerators the nodes of a cluster have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gpu {
    /// NVIDIA's, by its device plugin or operator.
    Nvidia,
    /// AMD's, by its device plugin.
    Amd,
}

impl Gpu {
    /// The resource that its device plugin gives out, which is the key of its taint too.
    pub fn resource(self) -> &'static str {
        match self {
            Self::Nvidia => "nvidia.com/gpu",
            Self::Amd => "amd.com/gpu",
        }
    }

    /// The `RuntimeClass` that shows it to a container, where one is needed.
    pub fn runtime_class(self) -> Option<&'static str> {
        match self {
            Self::Nvidia => Some("nvidia"),
            Self::Amd => None,
        }
    }
}

impl Cluster {
    /// Lays what `over` says on top of this.
    pub fn merge(&mut self, over: &Self) {
        super::merge::replace(&mut self.profile, over.profile.as_ref());
        super::merge::replace(&mut self.nodes, over.nodes.as_ref());
        super::merge::replace(&mut self.load_balancer, over.load_balancer.as_ref());
        super::merge::replace(&mut self.gpu, over.gpu.as_ref());
        super::merge::replace(&mut self.ingress, over.ingress.as_ref());
        super::merge::replace(&mut self.issuer, over.issuer.as_ref());
        super::merge::entries(&mut self.storage, &over.storage);
    }
}
