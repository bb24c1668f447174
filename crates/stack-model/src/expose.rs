use stack_krm::Quantity;
use stack_source::Locus;

use crate::Template;

/// An edge from outside: who may reach a service, and by which way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expose {
    /// The way.
    pub way: Way,
    /// The port; the service's first where none is said.
    pub port: Option<String>,
    /// The external that comes this way.
    pub to: Option<String>,
    /// What for, for the communication matrix.
    pub purpose: Option<String>,
    /// Where it was written.
    pub at: Locus,
}

/// By which way something outside reaches a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// A host name at the cluster's ingress.
    Ingress(IngressRule),
    /// A load balancer of the cloud or the network, with the address it should have.
    LoadBalancer(Option<String>),
    /// A port of every node.
    NodePort(Option<u16>),
}

/// A host and path at the ingress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IngressRule {
    /// The host name.
    pub host: Template,
    /// The path under which the service is found.
    pub path: String,
    /// The Secret that holds the certificate; `<service>-tls` where none is said.
    pub tls: Option<String>,
    /// What is cut from the front of a request's path.
    pub strip: Option<String>,
    /// The largest request.
    pub body: Option<Quantity>,
}

impl Expose {
    /// At the cluster's ingress, under a host name.
    #[track_caller]
    pub fn ingress(host: impl Into<Template>) -> Self {
        Self::by(Way::Ingress(IngressRule {
            host: host.into(),
            path: "/".to_owned(),
            tls: None,
            strip: None,
            body: None,
        }))
    }

    /// By a load balancer.
    #[track_caller]
    pub fn load_balancer() -> Self {
        Self::by(Way::LoadBalancer(None))
    }

    /// By a port of every node.
    #[track_caller]
    pub fn node_port(number: u16) -> Self {
        Self::by(Way::NodePort(Some(number)))
    }

    #[track_caller]
    fn by(way: Way) -> Self {
        Self { way, port: None, to: None, purpose: None, at: Locus::caller() }
    }

    /// Leads to this port.
    #[must_use]
    pub fn port(mut self, port: &str) -> Self {
        self.port = Some(port.to_owned());
        self
    }

    /// Says what for.
    #[must_use]
    pub fn purpose(mut self, purpose: &str) -> Self {
        self.purpose = Some(purpose.to_owned());
        self
    }

    /// Says who comes this way.
    #[must_use]
    pub fn to(mut self, external: impl Into<String>) -> Self {
        self.to = Some(external.into());
        self
    }
}
