//! The far end of an edge, and what it offers to whoever stands at the near one.

use stack_krm::Cidr;

use crate::address::Address;
use crate::{ExternalKind, Network, Piece, Port, Protocol, Service, ServiceId, Template, Workload};

/// The far end of an edge, with the port that is meant.
#[derive(Clone)]
pub(super) enum Provider<'a> {
    Service { id: &'a ServiceId, service: &'a Service, port: Option<(&'a str, &'a Port)> },
    Outside { name: &'a str, url: String, host: String, port: Option<u16>, network: Option<Cidr>, protocol: Protocol },
}

impl<'a> Provider<'a> {
    /// A service at one of its ports, or at its first.
    pub(super) fn service(id: &'a ServiceId, service: &'a Service, port: Option<&str>) -> Self {
        let port = match port {
            Some(port) => service.ports.get_key_value(port),
            None => service.ports.first(),
        };
        Self::Service { id, service, port: port.map(|(name, port)| (name.as_str(), port)) }
    }

    pub(super) fn outside(name: &'a str, kind: &ExternalKind) -> Self {
        match kind {
            ExternalKind::Url(url) => Self::server(name, url.to_string(), None),
            ExternalKind::Network(Network { range, url: Some(url), .. }) => {
                Self::server(name, url.to_string(), range.to_string().parse().ok())
            }
            ExternalKind::Network(Network { range, port, url: None }) => {
                let network = range.to_string().parse().ok();
                let (url, host) = (String::new(), String::new());
                Self::Outside { name, url, host, port: *port, network, protocol: Protocol::Tcp }
            }
            // Who has no address is met at no port.
            ExternalKind::Person | ExternalKind::Absent => {
                let (url, host, protocol) = (String::new(), String::new(), Protocol::Https);
                Self::Outside { name, url, host, port: protocol.port(), network: None, protocol }
            }
        }
    }

    /// A server at a URL; its addresses are known where they are said, or where its host is one.
    fn server(name: &'a str, url: String, said: Option<Cidr>) -> Self {
        let address = Address::of(&url);
        let (host, port, protocol) = (address.host.to_owned(), address.port(), address.protocol());
        Self::Outside { name, host, port, network: address.range().or(said), protocol, url }
    }

    pub(super) fn name(&self) -> &'a str {
        match self {
            Self::Service { id, .. } => id.as_str(),
            Self::Outside { name, .. } => name,
        }
    }

    pub(super) fn at_port(&self, port: Option<&str>) -> Option<Self> {
        match (self, port) {
            (provider, None) => Some((*provider).clone()),
            (Self::Service { id, service, .. }, Some(port)) if service.ports.contains_key(port) => {
                Some(Self::service(id, service, Some(port)))
            }
            _ => None,
        }
    }

    /// What clients dial.
    pub(super) fn port_number(&self) -> Option<u16> {
        match self {
            Self::Service { service, port, .. } => port.map(|(_, port)| port.dialled(service.headless == Some(true))),
            Self::Outside { port, .. } => *port,
        }
    }

    pub(super) fn protocol(&self) -> Protocol {
        match self {
            Self::Service { port, .. } => port.map_or(Protocol::Tcp, |(_, port)| port.protocol),
            Self::Outside { protocol, .. } => *protocol,
        }
    }

    /// Whether a value is nothing but what this end has not.
    pub(super) fn withholds(&self, template: &Template) -> bool {
        let Self::Service { service, .. } = self else { return false };
        match template.pieces() {
            [Piece::Reference(reference)] => {
                matches!(reference.path().as_slice(), [name] if service.withholds.iter().any(|known| known == name))
            }
            _ => false,
        }
    }

    pub(super) fn scheme(&self) -> Option<&'static str> {
        self.protocol().scheme()
    }

    /// Whether the path of a reference begins with something that this end offers.
    pub(super) fn has(&self, path: &[&str]) -> bool {
        let own = |name: &str| self.attributes().iter().any(|known| known == name);
        match path {
            [name] => own(name),
            [port, _] => self.at_port(Some(port)).is_some(),
            _ => false,
        }
    }

    fn attributes(&self) -> Vec<String> {
        let mut names = Vec::new();
        if !matches!(self, Self::Outside { host, .. } if host.is_empty()) {
            names.push("host".to_owned());
        }
        if !matches!(self, Self::Outside { port: None, .. }) {
            names.push("port".to_owned());
        }
        match self {
            Self::Service { service, .. } => {
                if service.workload() == Workload::StatefulSet {
                    names.push("pod-domain".to_owned());
                }
                if self.scheme().is_some() || service.provides.contains_key("url") {
                    names.push("url".to_owned());
                }
                names.extend(service.provides.keys().filter(|name| *name != "url").cloned());
            }
            Self::Outside { url, .. } if url.is_empty() => {}
            Self::Outside { .. } => names.push("url".to_owned()),
        }
        names
    }

    /// All that a reference may name here.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = self.attributes();
        if let Self::Service { service, .. } = self
            && service.ports.len() > 1
        {
            names.extend(service.ports.keys().map(|port| format!("{port}.port")));
        }
        names
    }
}
