//! What the whole stack shows to the outside, as it was decided: hosts, ports of nodes, addresses, certificates.

use std::collections::BTreeMap;
use std::net::IpAddr;

use stack_krm::DnsSubdomain;
use stack_source::{Diagnostic, Locus};

use super::{Faults, PlannedSecret};
use crate::parse::proposed_name;
use crate::plan::{Exposed, ExposedWay, Plan};
use crate::{IngressRule, ServiceId, lower, rule};

/// Each host and path, and each port of the nodes, leads to one service; each is what its name says.
pub(super) fn check(plans: &[Plan], secrets: &[PlannedSecret], faults: &mut Faults) {
    let mut hosts: BTreeMap<(&str, &str), (&ServiceId, &Locus)> = BTreeMap::new();
    let mut ports: BTreeMap<u16, (&ServiceId, &Locus)> = BTreeMap::new();
    for (plan, exposed) in plans.iter().flat_map(|plan| plan.exposed.iter().map(move |exposed| (plan, exposed))) {
        let here = (&plan.id, &exposed.at);
        match &exposed.way {
            ExposedWay::Ingress { host, rule } => {
                certificate(plan, rule, exposed, secrets, faults);
                if !is_host(host, exposed, faults) {
                    continue;
                }
                if let Some(there) = hosts.insert((host, &rule.path), here) {
                    let where_found = format!("{host}{}", rule.path);
                    let help = "give one of them another host or path";
                    twice(&rule::TAKEN_HOST, &where_found, here, there, help, faults);
                }
            }
            ExposedWay::NodePort(Some(number)) => {
                if let Some(there) = ports.insert(*number, here) {
                    let where_found = format!("port {number} of the nodes");
                    twice(&rule::INVALID_PORT, &where_found, here, there, "give one of them another port", faults);
                }
            }
            ExposedWay::LoadBalancer(Some(address)) if address.parse::<IpAddr>().is_err() => {
                let message = format!("`{address}` is no address that a load balancer could have");
                let help = "write one, as `load-balancer: 192.168.0.50`, or `load-balancer: true` for any".to_owned();
                faults.add(&rule::INVALID_ADDRESS, &exposed.at, message, Some(help));
            }
            ExposedWay::NodePort(None) | ExposedWay::LoadBalancer(_) => {}
        }
    }
}

fn twice(
    rule: &'static stack_source::Rule,
    where_found: &str,
    (name, at): (&ServiceId, &Locus),
    (other, there): (&ServiceId, &Locus),
    help: &str,
    faults: &mut Faults,
) {
    let message = format!("`{name}` and `{other}` are both found at {where_found}");
    let fault = Diagnostic::new(rule, message)
        .at(at.clone())
        .related(there.clone(), format!("`{other}` is found there"))
        .help(help);
    faults.report.add(fault);
}

/// Whether DNS could know the name.
fn is_host(host: &str, exposed: &Exposed, faults: &mut Faults) -> bool {
    let known = DnsSubdomain::new(host.strip_prefix("*.").unwrap_or(host)).is_ok();
    if !known {
        let bare = host.split_once("://").map_or(host, |(_, rest)| rest);
        let bare = bare.split(['/', ':']).next().unwrap_or(bare);
        let is_whole = bare.contains('.') && DnsSubdomain::new(bare).is_ok();
        let help = is_whole.then(|| format!("write `{bare}`"));
        let help = help.unwrap_or_else(|| "write a host name, as `app.example.com`".to_owned());
        faults.add(&rule::INVALID_NAME, &exposed.at, format!("`{host}` is no host name"), Some(help));
    }
    known
}

/// The Secret of a certificate is called as it is in the cluster, whatever prefix the stack's own get, and is none of these: each
/// would overwrite the other.
fn certificate(plan: &Plan, ingress: &IngressRule, exposed: &Exposed, secrets: &[PlannedSecret], faults: &mut Faults) {
    if let Some(Err(error)) = ingress.tls.as_ref().map(DnsSubdomain::new) {
        let help = ingress.tls.as_deref().and_then(proposed_name::<DnsSubdomain>);
        faults.add(&rule::INVALID_NAME, &exposed.at, format!("the Secret of the certificate: {error}"), help);
    }
    let name = lower::certificate_secret(plan, ingress);
    if secrets.iter().any(|secret| secret.name == *name) {
        let message = format!("the certificate of `{}` is called `{name}`, as a Secret of this stack", plan.id);
        let help = format!("say another name: `tls: {}-certificate`", plan.name);
        faults.add(&rule::TAKEN_NAME, &exposed.at, message, Some(help));
    }
}
