//! The order of start-up: waves, waits and how long each may last.

use indexmap::IndexMap;
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
    let index: IndexMap<ServiceId, usize> =
        plans.iter().enumerate().map(|(index, plan)| (plan.id.clone(), index)).collect();
    let before: Vec<Vec<(usize, bool)>> =
        plans.iter().map(|plan| predecessors(plan, stack, services, &index, faults)).collect();
    let Search { order, circles, .. } = Search::through(&before);
    for circle in &circles {
        report(circle, services, plans, faults);
    }
    if !circles.is_empty() {
        return;
    }
    let index_of = index;
    for index in order {
        let wave = before[index].iter().map(|(earlier, _)| plans[*earlier].wave + 1).max().unwrap_or(1);
        let waited = before[index].iter().filter(|(_, waits)| *waits).map(|(earlier, _)| plans[*earlier].start_budget);
        let budget = waited.max().unwrap_or(0).saturating_add(PLACEMENT).saturating_add(own_budget(&plans[index]));
        plans[index].wave = wave;
        plans[index].start_budget = budget;
        plans[index].waits = waits(&plans[index], plans, &index_of);
    }
}

fn own_budget(plan: &Plan) -> u32 {
    let probe = plan.probes.start.as_ref().or(plan.probes.ready.as_ref());
    let steps = u32::try_from(plan.init.len()).unwrap_or(u32::MAX).saturating_mul(STEP);
    let probed = probe.map_or(WITHOUT_PROBE, |probe| {
        let tries = probe.every.unwrap_or(10).saturating_mul(probe.failures.unwrap_or(3));
        probe.delay.unwrap_or(0).saturating_add(tries)
    });
    probed.saturating_add(steps)
}

fn waits(plan: &Plan, plans: &[Plan], index: &IndexMap<ServiceId, usize>) -> Vec<WaitStep> {
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
    index: &IndexMap<ServiceId, usize>,
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
                faults.add(&rule::UNKNOWN_SERVICE, service.place("after"), message, help);
            }
        }
    }
    before
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    /// On the path, at this place.
    Open(usize),
    Done,
}

/// Depth first without recursion, so that a long chain is no deep stack.
struct Search<'a> {
    before: &'a [Vec<(usize, bool)>],
    states: Vec<State>,
    /// What comes first, first.
    order: Vec<usize>,
    /// Each has a member that no circle before it has, so there are as many as services at most.
    circles: Vec<Vec<usize>>,
    /// A service that is looked at, and how many of its predecessors were.
    path: Vec<(usize, usize)>,
    /// The places on the path of services that are in no circle so far.
    outside: Vec<usize>,
}

impl<'a> Search<'a> {
    fn through(before: &'a [Vec<(usize, bool)>]) -> Self {
        let mut search = Self {
            before,
            states: vec![State::New; before.len()],
            order: Vec::with_capacity(before.len()),
            circles: Vec::new(),
            path: Vec::new(),
            outside: Vec::new(),
        };
        for start in 0..before.len() {
            search.visit(start);
        }
        search
    }

    fn open(&mut self, node: usize) {
        self.states[node] = State::Open(self.path.len());
        self.outside.push(self.path.len());
        self.path.push((node, 0));
    }

    fn visit(&mut self, start: usize) {
        if self.states[start] == State::New {
            self.open(start);
        }
        while let Some((node, next)) = self.path.pop() {
            let place = self.path.len();
            let Some((earlier, _)) = self.before[node].get(next) else {
                self.outside.pop_if(|last| *last == place);
                self.states[node] = State::Done;
                self.order.push(node);
                continue;
            };
            self.path.push((node, next + 1));
            match self.states[*earlier] {
                State::Done => {}
                State::New => self.open(*earlier),
                State::Open(from) => {
                    if self.outside.last().is_some_and(|last| *last >= from) {
                        self.outside.retain(|place| *place < from);
                        self.circles.push(self.path[from..].iter().map(|(node, _)| *node).collect());
                    }
                }
            }
        }
    }
}

fn report(circle: &[usize], services: &Services, plans: &[Plan], faults: &mut Faults) {
    let mut names: Vec<&str> = circle.iter().map(|index| plans[*index].id.as_str()).collect();
    let first = names[0];
    names.push(first);
    let message = format!("these wait for each other: {}", names.join(" → "));
    let help = "take `wait` or `after` from one of them: readiness and retries carry the rest".to_owned();
    let at = services.get(first).map(|service| service.at.clone()).unwrap_or_default();
    faults.add(&rule::WAIT_CYCLE, &at, message, Some(help));
}
