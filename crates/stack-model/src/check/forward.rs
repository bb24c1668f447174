use std::collections::BTreeMap;

use super::{Faults, Services};
use crate::service_id::named;
use crate::{Stack, rule};

/// Below this, a developer's own user may not listen.
const FIRST_FREE: u16 = 1024;

/// Every forward has a local port of its own; Skaffold would take the next free one without a word that anybody reads.
pub(super) fn check(stack: &Stack, services: &Services, faults: &mut Faults) {
    let mut taken: BTreeMap<u16, &str> = BTreeMap::new();
    for forward in &stack.environment.forward {
        let ports = named(&forward.service, services).ok().map(|(_, service)| &service.ports);
        let port = ports.and_then(|ports| match &forward.port {
            Some(name) => ports.get(name),
            None => ports.values().next(),
        });
        let Some(local) = forward.local.or(port.map(|port| port.service)) else { continue };
        let name = &forward.service;
        if let Some(other) = taken.insert(local, name) {
            let message = format!("`{name}` and `{other}` are both forwarded to local port {local}");
            let help = format!("give one of them another: `{name}: {}`", local.saturating_add(10_000));
            faults.add(&rule::TAKEN_FORWARD, &forward.at, message, Some(help));
        } else if local < FIRST_FREE {
            let message = format!("`{name}` is forwarded to local port {local}, which asks for root");
            let help = format!("give it another: `{name}: {}`", 8000 + local % 1000);
            faults.add(&rule::TAKEN_FORWARD, &forward.at, message, Some(help));
        }
    }
}
