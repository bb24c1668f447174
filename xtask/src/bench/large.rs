//! A large stack, in process.

use std::hint::black_box;
use std::time::Duration;

use stack_model::{CheckedStack, Protocol, Relation, Service, Stack};
use stack_overlay::emit::{self, CheckedEnvironment};
use stack_overlay::{Overlay, profile};

/// How many services it has.
pub(super) const SERVICES: usize = 2_000;

/// Each service but the first few uses these many before it.
const USES: [usize; 3] = [1, 7, 40];

/// How many relations it has.
pub(super) fn relations() -> usize {
    USES.iter().map(|distance| SERVICES - distance).sum()
}

fn stack() -> Stack {
    let mut stack = Stack::new("large");
    for number in 0..SERVICES {
        let image = "registry.example.com/shop/service:1.4.2";
        let mut service = Service::image(image).port("http", 8080).user(1000).env("LEVEL", "info");
        for distance in USES.into_iter().filter(|distance| *distance <= number) {
            let relation = Relation::to(&format!("service-{}", number - distance));
            let relation = Relation { protocol: Some(Protocol::Http), ..relation };
            service = service.uses(if distance == 40 { relation.when_ready() } else { relation });
        }
        stack.add(&format!("service-{number}"), service);
    }
    stack
}

fn overlays() -> [Overlay; 2] {
    [Overlay::new("dev").extends(profile::dev()), Overlay::new("prod").extends(profile::prod()).namespace("shop")]
}

fn checked(stack: &Stack) -> Result<[CheckedStack; 3], String> {
    let check = |stack: &Stack| stack.check().map_err(|report| report.to_string());
    let [dev, prod] = overlays().map(|overlay| overlay.apply(stack).map_err(|report| report.to_string()));
    Ok([check(stack)?, check(&dev?)?, check(&prod?)?])
}

/// What is done with it, and how long it takes.
pub(super) fn measure(runs: usize) -> Result<Vec<(&'static str, Duration, String)>, String> {
    let stack = stack();
    let model = super::timed(runs, || checked(&stack).map(|stacks| drop(black_box(stacks))))?;
    let [base, dev, prod] = checked(&stack)?;
    let lower = super::timed(runs, || {
        drop(black_box(dev.lower()));
        Ok(())
    })?;
    let environment =
        |stack: CheckedStack| CheckedEnvironment { stack, patches: Vec::new(), local_secrets: Vec::new() };
    let environments = [environment(dev), environment(prod)];
    let emit = super::timed(3, || match emit::emit(&base, &environments, ".") {
        Ok(emitted) => {
            drop(black_box(emitted));
            Ok(())
        }
        Err(report) => Err(report.to_string()),
    })?;
    Ok(vec![
        ("base and two overlays, applied and checked", model, "goal: 40 ms".to_owned()),
        ("one of them lowered to Kubernetes objects", lower, String::new()),
        ("the whole tree emitted", emit, String::new()),
    ])
}
