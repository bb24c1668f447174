//! Amounts that Kubernetes takes and nobody means, as half a byte of memory or 250 CPUs, and numbers that it does not take.

use stack_krm::Quantity;
use stack_source::Locus;

use super::{Faults, Subject};
use crate::bounds::{LAST_USER, LONGEST, MOST};
use crate::parse::rule::{INVALID_NUMBER, INVALID_RANGE};
use crate::{Known, Probe, Scale, Share, Update, VolumeSource, rule};

/// No container starts with less memory, and no file system fits into less storage.
const LEAST_BYTES: Quantity = Quantity::mi(1);
/// More CPUs than one node of today's clouds has.
const MOST_CPUS: Quantity = Quantity::whole(200);

pub(super) fn check(subject: &Subject, faults: &mut Faults) {
    let service = subject.service;
    numbers(subject, faults);
    let resources = service.resources.unwrap_or_default();
    for amount in [resources.memory.request, resources.memory.limit].into_iter().flatten() {
        bytes(subject, "memory", amount, service.place("resources"), faults);
    }
    if let Some(claim) = &service.storage {
        bytes(subject, "storage", claim.size, service.place("storage"), faults);
    }
    for volume in service.volumes.values() {
        if let VolumeSource::Claim(claim) = &volume.source {
            bytes(subject, "storage", claim.size, volume.at.or(&service.at), faults);
        }
    }
    for amount in [resources.cpu.request, resources.cpu.limit].into_iter().flatten() {
        if amount >= MOST_CPUS {
            let cpus = amount.thousandths() / 1000;
            let message = format!("`{}` speaks of {cpus} CPUs", subject.name);
            let help = format!("write `{cpus}m` for {cpus} thousandths of one");
            faults.add(&rule::IMPLAUSIBLE_AMOUNT, service.place("resources"), message, Some(help));
        }
    }
}

fn bytes(subject: &Subject, what: &str, amount: Quantity, at: &Locus, faults: &mut Faults) {
    if amount < LEAST_BYTES {
        let number: String = amount.to_string().chars().take_while(char::is_ascii_digit).collect();
        let message = format!("{what} of `{}` is {amount}, which are bytes, or thousandths of one", subject.name);
        let help = format!("write `{number}Mi` or `{number}Gi`");
        faults.add(&rule::IMPLAUSIBLE_AMOUNT, at, message, Some(help));
    }
}

/// Counts and times within their bounds. A file says none beyond; a Rust program may.
fn numbers(subject: &Subject, faults: &mut Faults) {
    let service = subject.service;
    if let Some((fewest, most)) =
        service.autoscaled().and_then(|scale| scale.replicas).filter(|(fewest, most)| most < fewest)
    {
        let message = format!("`{}` scales to {most} pods at most, and to {fewest} at least", subject.name);
        let help = format!("write `{most}..{fewest}`; in Rust, `Scale::between({most}, {fewest})`");
        faults.add(&INVALID_RANGE, service.place("scale"), message, Some(help));
    }
    let mut beyond = |what: &str, number: i64, most: i64| {
        if !(0..=most).contains(&number) {
            let message = format!("{what} of `{}` is {number}", subject.name);
            faults.add(&INVALID_NUMBER, &service.at, message, Some(format!("give a number from 0 to {most}")));
        }
    };
    for (what, number) in
        [("the user", service.user.map(|user| user.uid)), ("the group", service.user.map(|user| user.gid))]
    {
        beyond(what, number.unwrap_or_default(), LAST_USER);
    }
    let scale = service.scale.as_ref();
    let probes = service.probes.iter().flat_map(|probes| [&probes.live, &probes.ready, &probes.start]).flatten();
    let timeout = match &service.component {
        Some(Known::Nginx(nginx)) => nginx.timeout,
        _ => None,
    };
    let counts = [("`replicas`", service.replicas), ("`gpu`", service.gpu)].into_iter();
    let counts = counts.chain(scale.into_iter().flat_map(counts_of_scale)).chain(counts_of_update(service.update));
    let counts = counts.chain(probes.clone().map(|probe| ("`failures` of a probe", probe.failures)));
    for (what, number) in counts {
        beyond(what, number.unwrap_or_default().into(), MOST.into());
    }
    let times = [("`grace`", service.grace), ("`timeout`", timeout)].into_iter();
    let times = times.chain(scale.into_iter().flat_map(times_of_scale)).chain(probes.flat_map(times_of_probe));
    for (what, seconds) in times {
        beyond(what, seconds.unwrap_or_default().into(), LONGEST.into());
    }
}

/// What is counted or timed, and the number, where one is said.
type Numbers = Vec<(&'static str, Option<u32>)>;

fn times_of_probe(probe: &Probe) -> Numbers {
    vec![
        ("`delay` of a probe", probe.delay),
        ("`every` of a probe", probe.every),
        ("`timeout` of a probe", probe.timeout),
    ]
}

fn counts_of_scale(scale: &Scale) -> Numbers {
    let (fewest, most) = scale.replicas.unzip();
    let ends = [("the least of `scale`", fewest), ("the most of `scale`", most)];
    let targets = [("`cpu` of `scale`", scale.cpu), ("`memory` of `scale`", scale.memory)];
    let steps = [&scale.up, &scale.down].into_iter().flatten().flat_map(|rules| &rules.by);
    let steps = steps.map(|step| ("a step of `scale`", Some(step.amount)));
    ends.into_iter().chain(targets).chain(steps).collect()
}

fn times_of_scale(scale: &Scale) -> Numbers {
    let rules = [&scale.up, &scale.down].into_iter().flatten();
    let stabilize = rules.clone().map(|rules| ("`stabilize` of `scale`", rules.stabilize));
    let periods = rules.flat_map(|rules| &rules.by).map(|step| ("the period of a step of `scale`", Some(step.period)));
    stabilize.chain(periods).collect()
}

fn counts_of_update(update: Option<Update>) -> Numbers {
    let number = |share: Share| match share {
        Share::Pods(number) | Share::Percent(number) => number,
    };
    match update {
        Some(Update::Rolling { surge, unavailable }) => {
            vec![("`surge` of `update`", surge.map(number)), ("`unavailable` of `update`", unavailable.map(number))]
        }
        Some(Update::Recreate) | None => Vec::new(),
    }
}
