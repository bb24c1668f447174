use serde::Serialize;

use crate::CheckedStack;
use crate::plan::{EdgeEnd, Plan};

/// Services that start together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Wave {
    /// Counted from one.
    pub number: usize,
    /// In the author's order.
    pub services: Vec<Start>,
}

/// A service's start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Start {
    /// The service.
    pub service: String,
    /// Those that must be there before it.
    pub after: Vec<String>,
    /// Seconds until it is ready at the latest, counted from the start of the rollout.
    pub ready_within: u32,
}

/// The order of start-up.
pub fn waves(stack: &CheckedStack) -> Vec<Wave> {
    let last = stack.plans().iter().map(|plan| plan.wave).max().unwrap_or(0);
    let wave = |number| {
        let plans = stack.plans().iter().filter(|plan| plan.wave == number);
        Wave { number, services: plans.map(|plan| start(stack, plan)).collect() }
    };
    (1..=last).map(wave).collect()
}

fn start(stack: &CheckedStack, plan: &Plan) -> Start {
    let waits = plan.edges.iter().filter(|edge| edge.wait.is_some());
    let mut after: Vec<String> = Vec::new();
    for edge in waits {
        if let EdgeEnd::Service(name) = &edge.to
            && !after.iter().any(|known| known == name.as_str())
        {
            after.push(name.to_string());
        }
    }
    let declared = stack.stack().services.get(&plan.id).map(|service| service.with_facts().after);
    for name in declared.into_iter().flatten() {
        if !after.contains(&name) {
            after.push(name);
        }
    }
    Start { service: plan.id.to_string(), after, ready_within: plan.start_budget }
}
