//! The order of start-up: waves, waits and how long each may last.

use std::collections::BTreeMap;

use stack_source::proposal;

use super::{Faults, Services};
use crate::plan::{EdgeEnd, Plan, WaitStep};
use crate::{ServiceId, Stack, Wait, rule};

/// For scheduling a pod and pulling its image, in seconds. Kubernetes gives no figure; images of this field are gigabytes.
const PLACEMENT: u32 = 60;

/// For a step before the start, in seconds: its pods give up on one that others do after as long.
const STEP: u32 = 600;

/// A start-up probe's budget where there is none: the kubelet's defaults for a readiness probe, 3 tries of 10 s.
const WITHOUT_PROBE: u32 = 30;

pub(super) fn plan(stack: &Stack, services: &Services, plans: &mut [Plan], faults: &mut Faults) {
    let index: BTreeMap<ServiceId, usize> =
        plans.iter().enumerate().map(|(index, plan)| (plan.id.clone(), index)).collect();
    let before: Vec<Vec<(usize, bool)>> =
        plans.iter().map(|plan| predecessors(plan, stack, services, &index, faults)).collect();
    let mut order = Vec::with_capacity(plans.len());
    let mut states = vec![State::New; plans.len()];
    for start in 0..plans.len() {
        if let Some(circle) = visit(start, &before, &mut states, &mut order) {
            report(&circle, services, plans, faults);
            return;
        }
    }
    let index_of = index;
    for index in order {
        let wave = before[index].iter().map(|(earlier, _)| plans[*earlier].wave + 1).max().unwrap_or(1);
        let waited = before[index].iter().filter(|(_, waits)| *waits).map(|(earlier, _)| plans[*earlier].start_budget);
        let budget = waited.max().unwrap_or(0) + PLACEMENT + own_budget(&plans[index]);
        plans[index].wave = wave;
        plans[index].start_budget = budget;
        plans[index].waits = waits(&plans[index], plans, &index_of);
    }
}

fn own_budget(plan: &Plan) -> u32 {
    let probe = plan.probes.start.as_ref().or(plan.probes.ready.as_ref());
    let steps = u32::try_from(plan.init.len()).unwrap_or(u32::MAX).saturating_mul(STEP);
    let probed = probe.map_or(WITHOUT_PROBE, |probe| {
        probe.delay.unwrap_or(0) + probe.every.unwrap_or(10) * probe.failures.unwrap_or(3)
    });
    probed.saturating_add(steps)
}

fn waits(plan: &Plan, plans: &[Plan], index: &BTreeMap<ServiceId, usize>) -> Vec<WaitStep> {
    let mut waits: Vec<WaitStep> = Vec::new();
    for edge in plan.edges.iter().filter(|edge| edge.wait == Some(Wait::Ready)) {
        let EdgeEnd::Service(name) = &edge.to else { continue };
        let Some(provider) = index.get(name.as_str()).map(|index| &plans[*index]) else { continue };
        let Some(port) = edge.ports.first() else { continue };
        let port = port.dialled(provider.headless);
        if waits.iter().all(|known| known.provider != *name) {
            waits.push(WaitStep { provider: name.clone(), port, seconds: provider.start_budget });
        }
    }
    waits
}

/// What comes before a service, and whether its pods wait for it.
fn predecessors(
    plan: &Plan,
    stack: &Stack,
    services: &Services,
    index: &BTreeMap<ServiceId, usize>,
    faults: &mut Faults,
) -> Vec<(usize, bool)> {
    let index = |name: &str| index.get(name).copied();
    let mut before = Vec::new();
    for edge in &plan.edges {
        if let (EdgeEnd::Service(name), Some(wait)) = (&edge.to, edge.wait) {
            before.extend(index(name.as_str()).map(|index| (index, wait == Wait::Ready)));
        }
    }
    for job in plan.init.iter().filter_map(|step| step.job.as_ref()) {
        let job = ServiceId::new(plan.id.namespace(), job.as_str());
        before.extend(index(job.as_str()).map(|index| (index, true)));
    }
    let Some(service) = services.get(&plan.id) else { return before };
    for name in &service.after {
        match plan.id.target(name, &stack.services) {
            Ok((id, _)) => before.extend(index(id.as_str()).map(|index| (index, false))),
            Err(several) => {
                let candidates = if several.is_empty() { services.keys().collect() } else { several };
                let help = proposal(name, candidates.into_iter().map(ServiceId::as_str));
                let message = format!("`{}` comes after `{name}`, which this stack does not have", plan.id);
                faults.add(&rule::UNKNOWN_SERVICE, &service.at, message, help);
            }
        }
    }
    before
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

/// Depth first without recursion, so that a long chain is no deep stack. Gives the circle, if there is one.
fn visit(
    start: usize,
    before: &[Vec<(usize, bool)>],
    states: &mut [State],
    order: &mut Vec<usize>,
) -> Option<Vec<usize>> {
    let mut path: Vec<(usize, usize)> = Vec::new();
    if states[start] == State::New {
        states[start] = State::Open;
        path.push((start, 0));
    }
    while let Some((node, next)) = path.pop() {
        let Some((earlier, _)) = before[node].get(next) else {
            states[node] = State::Done;
            order.push(node);
            continue;
        };
        path.push((node, next + 1));
        match states[*earlier] {
            State::Done => {}
            State::New => {
                states[*earlier] = State::Open;
                path.push((*earlier, 0));
            }
            State::Open => {
                let from = path.iter().position(|(open, _)| open == earlier).unwrap_or(0);
                return Some(path[from..].iter().map(|(node, _)| *node).collect());
            }
        }
    }
    None
}

fn report(circle: &[usize], services: &Services, plans: &[Plan], faults: &mut Faults) {
    let mut names: Vec<&str> = circle.iter().map(|index| plans[*index].id.as_str()).collect();
    let first = names[0];
    names.push(first);
    let message = format!("these wait for each other: {}", names.join(" → "));
    let help = "take `wait` from one of these edges: readiness and retries carry the rest".to_owned();
    let at = services.get(first).map(|service| service.at.clone()).unwrap_or_default();
    faults.add(&rule::WAIT_CYCLE, &at, message, Some(help));
}
