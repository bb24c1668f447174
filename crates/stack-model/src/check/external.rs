//! Who is outside, and where: what a file says of it was looked at when it was read.

use stack_krm::{Cidr, InvalidCidr};

use super::Faults;
use crate::parse::rule::{CONFLICTING_KEYS, INVALID_EXTERNAL};
use crate::{External, ExternalKind, Network, PortNumber, Stack, Template, address, rule};

/// A server elsewhere has a host and a port, a network its range: their policies are made of them.
pub(super) fn check(stack: &Stack, faults: &mut Faults) {
    for (name, external) in &stack.externals {
        match &external.kind {
            ExternalKind::Url(template) => {
                let url = template.to_string();
                if let Some((message, help)) = address::fault(&url).or_else(|| address::private(name, &url)) {
                    faults.add(&INVALID_EXTERNAL, &external.at, message, Some(help));
                }
            }
            ExternalKind::Network(known) => network(name, known, external, faults),
            ExternalKind::Person | ExternalKind::Absent => {}
        }
    }
}

fn network(name: &str, network: &Network, external: &External, faults: &mut Faults) {
    let at = |template: &Template| template.at.or(&external.at).clone();
    if let Err(error) = network.range.to_string().parse::<Cidr>() {
        let meant = InvalidCidr::meant(&error).map_or_else(|| "10.0.0.0/8".to_owned(), |range| range.to_string());
        let help = format!("write `{meant}`");
        faults.add(&rule::INVALID_ADDRESS, &at(&network.range), error.to_string(), Some(help));
    }
    if let Some(url) = &network.url
        && let Some((message, help)) = address::fault(&url.to_string())
    {
        faults.add(&INVALID_EXTERNAL, &at(url), message, Some(help));
    }
    match network.port {
        Some(_) if network.url.is_some() => {
            let message = format!("`{name}` has a URL, which says the port, and another port");
            faults.add(&CONFLICTING_KEYS, &external.at, message, Some("keep one of them".to_owned()));
        }
        Some(port) if PortNumber::new(port.into()).is_none() => {
            let help = Some("ports are 1 to 65535".to_owned());
            faults.add(&rule::INVALID_PORT, &external.at, format!("{port} is no port"), help);
        }
        _ => {}
    }
}
