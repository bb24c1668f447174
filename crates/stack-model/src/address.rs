use std::net::IpAddr;

use stack_krm::Cidr;

use crate::Protocol;

/// How names end that a private network alone knows: RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`, a cluster's own, and what
/// routers hand out.
const PRIVATE_ENDS: [&str; 8] = ["local", "lan", "internal", "home.arpa", "home", "corp", "localdomain", "svc"];

/// Where a URL leads.
#[derive(Clone, Copy)]
pub(crate) struct Address<'a> {
    scheme: Option<&'a str>,
    pub(crate) host: &'a str,
    /// What stands behind the host.
    said: Option<&'a str>,
}

impl<'a> Address<'a> {
    pub(crate) fn of(url: &'a str) -> Self {
        let (scheme, rest) = url.split_once("://").map_or((None, url), |(scheme, rest)| (Some(scheme), rest));
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let authority = authority.rsplit_once('@').map_or(authority, |(_, authority)| authority);
        // The colons of an IPv6 address stand in brackets.
        let split = authority.rsplit_once(':').filter(|(_, port)| !port.ends_with(']'));
        let (host, said) = split.map_or((authority, None), |(host, port)| (host, Some(port)));
        Self { scheme, host, said }
    }

    /// The one that is said, else the scheme's own.
    pub(crate) fn port(self) -> Option<u16> {
        match self.said {
            Some(port) => port.parse().ok().filter(|port| *port > 0),
            None => self.scheme.and_then(Protocol::of_scheme).and_then(Protocol::port),
        }
    }

    /// The address, where the host is no name.
    pub(crate) fn ip(self) -> Option<IpAddr> {
        let inside = self.host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        inside.unwrap_or(self.host).parse().ok()
    }

    /// The range of the host alone, where it is no name.
    pub(crate) fn range(self) -> Option<Cidr> {
        self.ip().map(Cidr::of)
    }

    /// Whether the host is a name that the internet does not know.
    fn is_private_name(self) -> bool {
        let host = self.host.trim_end_matches('.').to_ascii_lowercase();
        let ends = |end: &str| host.strip_suffix(end).is_some_and(|rest| rest.ends_with('.'));
        self.ip().is_none() && (!host.contains('.') || PRIVATE_ENDS.iter().any(|end| ends(end)))
    }

    /// What is spoken there, as far as the scheme says it.
    pub(crate) fn protocol(self) -> Protocol {
        let named = |scheme| Protocol::of_scheme(scheme).or_else(|| Protocol::named(scheme));
        self.scheme.and_then(named).unwrap_or(Protocol::Tcp)
    }
}

/// What keeps a policy from being made of a URL, and the edit: it needs a host and a port.
pub(crate) fn fault(url: &str) -> Option<(String, String)> {
    let address = Address::of(url);
    let Some(scheme) = address.scheme else {
        let help = "write `person`, a URL with its scheme, or `{network: 10.0.0.0/8}`".to_owned();
        return Some((format!("`{url}` is no external"), help));
    };
    if address.host.is_empty() {
        return Some((format!("`{url}` names no host"), format!("write `{scheme}://HOST`")));
    }
    match (address.port(), address.said) {
        (Some(_), _) => None,
        (None, Some(_)) => {
            let help = "write a port from 1 to 65535 behind the host, or none".to_owned();
            Some((format!("`{url}` names no port that can be"), help))
        }
        (None, None) => {
            let message = format!("`{url}` names no port, and nobody knows one of `{scheme}`");
            Some((message, format!("write `{scheme}://{}:PORT`", address.host)))
        }
    }
}

/// What keeps a policy from being made of a URL alone: its host has a name of a private network, and policies know no names.
pub(crate) fn private(name: &str, url: &str) -> Option<(String, String)> {
    let address = Address::of(url);
    let message = format!("`{}` is a name of a private network, and policies need its address", address.host);
    let help = format!("say the range that it lies in: `{name}: {{url: \"{url}\", network: 192.168.0.0/16}}`");
    address.is_private_name().then_some((message, help))
}
