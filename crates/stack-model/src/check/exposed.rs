//! Edges from outside.

use stack_source::proposal;

use super::reference;
use super::{Faults, Subject};
use crate::plan::{Exposed, ExposedWay, PlannedPort};
use crate::{Way, rule};

/// The ways from outside to a service, each to a port that it has.
pub(super) fn plan(subject: &Subject, ports: &[PlannedPort], faults: &mut Faults) -> Vec<Exposed> {
    let mut exposed = Vec::new();
    for expose in &subject.service.expose {
        if let Some(external) = &expose.to
            && !subject.stack.externals.contains_key(external)
        {
            let help = proposal(external, subject.stack.externals.keys().map(String::as_str));
            let message = format!("`{}` is open to `{external}`, which this stack does not have", subject.name);
            faults.add(&rule::UNKNOWN_SERVICE, &expose.at, message, help);
        }
        let port = match &expose.port {
            Some(wanted) => ports.iter().find(|port| port.name == wanted.as_str()),
            None => ports.first(),
        };
        let Some(port) = port else {
            let help =
                proposal(expose.port.as_deref().unwrap_or_default(), ports.iter().map(|port| port.name.as_str()));
            let message = format!("`{}` is open at a port that it does not have", subject.name);
            faults.add(&rule::UNKNOWN_PORT, &expose.at, message, help);
            continue;
        };
        let way = match &expose.way {
            Way::LoadBalancer(address) => ExposedWay::LoadBalancer(address.clone()),
            Way::NodePort(number) => {
                if number.is_some_and(|number| !(30000..=32767).contains(&number)) {
                    let message = format!("node ports are 30000 to 32767; `{}` asks for another", subject.name);
                    faults.add(&rule::INVALID_PORT, &expose.at, message, Some("write `node-port: 30080`".to_owned()));
                }
                ExposedWay::NodePort(*number)
            }
            Way::Ingress(said) => {
                if subject.stack.cluster.ingress.is_none() {
                    let environment = subject.stack.environment.called();
                    let message =
                        format!("`{}` has a host name, and {environment} does not say who serves it", subject.name);
                    let help = subject.stack.edit("`cluster: {ingress: CLASS, issuer: ISSUER}`");
                    faults.add(&rule::MISSING_INGRESS, &expose.at, message, Some(help));
                    continue;
                }
                for path in [Some(&said.path), said.strip.as_ref()].into_iter().flatten() {
                    let plain = |c: char| c.is_ascii_alphanumeric() || "/_.~-".contains(c);
                    if !path.starts_with('/') || !path.chars().all(plain) {
                        let message = format!("`{path}` of `{}` is no path at an ingress", subject.name);
                        let help =
                            "it starts with `/` and holds letters, digits, `/`, `_`, `.`, `~` and `-`".to_owned();
                        faults.add(&rule::INVALID_PATH, &expose.at, message, Some(help));
                    }
                }
                let (what, help) = ("the host name at the ingress", "write a name that DNS knows, or `<value.NAME>`");
                let Some(host) = reference::text(&said.host, subject, what, help, faults) else { continue };
                ExposedWay::Ingress { host, rule: said.clone() }
            }
        };
        exposed.push(Exposed {
            from: expose.to.clone(),
            port: port.clone(),
            way,
            purpose: expose.purpose.clone(),
            at: expose.at.clone(),
        });
    }
    exposed
}
